#pragma once

#include <memory>
#include <vector>

#include "api/configuration/change_desk.hpp"
#include "api/parameters.hpp"
#include "api/route.hpp"

namespace xivo::api {

/// Any set of changes in one request: all of them or none.                                      DESIGN.md idea 2
/// Thread  the web loop; bodies are read on a worker, since they may be long.
class TransactionRoutes {
 public:
  TransactionRoutes(std::shared_ptr<ChangeDesk> desk, runtime::WorkerPool& workers)
      : desk_(std::move(desk)), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void apply(const ExchangePtr& exchange);

  std::shared_ptr<ChangeDesk> desk_;
  runtime::WorkerPool& workers_;
};

/// ?dry_run, that every write takes.
ParameterSpec dry_run_parameter();
/// Reads it.
bool read_dry_run(Parameters& parameters);
/// ?force, for changes that scenarios hold back.
ParameterSpec force_parameter();
bool read_force(Parameters& parameters);

}  // namespace xivo::api
