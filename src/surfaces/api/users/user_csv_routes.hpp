#pragma once

#include <memory>
#include <vector>

#include "api/configuration/change_desk.hpp"
#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// The users as a table with XiVO's columns: POST /users/import, all of it or nothing, and GET /users/export.csv.
/// Thread  the web loop; tables are read and written on workers. All outlive it.
class UserCsvRoutes {
 public:
  UserCsvRoutes(const model::ConfigSource& config, std::shared_ptr<ChangeDesk> desk,
                runtime::WorkerPool& workers)
      : config_(config), desk_(std::move(desk)), workers_(workers) {}
  /// To be called before those of the kinds: "/users/export.csv" is no user.
  void add_routes(std::vector<Route>& routes);

 private:
  void import(const ExchangePtr& exchange);
  void export_all(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  std::shared_ptr<ChangeDesk> desk_;
  runtime::WorkerPool& workers_;
};

}  // namespace xivo::api
