#pragma once

#include <memory>
#include <vector>

#include "api/configuration/change_desk.hpp"
#include "api/configuration/history.hpp"
#include "api/route.hpp"

namespace xivo::api {

/// The history of the configuration: list, look, compare, and take back.
/// Thread  the web loop; the database is read on a worker.
class RevisionRoutes {
 public:
  RevisionRoutes(std::shared_ptr<History> history, const model::ConfigSource& config,
                 std::shared_ptr<ChangeDesk> desk)
      : history_(std::move(history)), config_(config), desk_(std::move(desk)) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void show(const ExchangePtr& exchange);
  void compare(const ExchangePtr& exchange);
  void roll_back(const ExchangePtr& exchange);

  std::shared_ptr<History> history_;
  const model::ConfigSource& config_;
  std::shared_ptr<ChangeDesk> desk_;
};

}  // namespace xivo::api
