#pragma once

#include <vector>

#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_writer.hpp"

namespace xivo::api {

/// The numbering map: what numbers there are, who can dial them, and whether every phone reaches help.
/// Thread  the web loop; the work is done on a worker.
class MapRoutes {
 public:
  MapRoutes(const model::ConfigSource& config, const store::ConfigWriter& writer,
            runtime::WorkerPool& workers)
      : config_(config), writer_(writer), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void show_map(const ExchangePtr& exchange);
  void list_numbers(const ExchangePtr& exchange);
  void prove_help(const ExchangePtr& exchange);
  void emergency_numbers(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  const store::ConfigWriter& writer_;
  runtime::WorkerPool& workers_;
};

}  // namespace xivo::api
