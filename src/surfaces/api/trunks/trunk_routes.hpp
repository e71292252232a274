#pragma once

#include <vector>

#include "api/live_view.hpp"
#include "api/route.hpp"
#include "model/config.hpp"

namespace xivo::api {

/// How trunks are doing, and the templates that a new one may be filled in from.
/// Thread  the web loop.
class TrunkRoutes {
 public:
  TrunkRoutes(LiveView& live, const model::ConfigSource& config) : live_(live), config_(config) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void show(const ExchangePtr& exchange);
  void retry(const ExchangePtr& exchange);

  LiveView& live_;
  const model::ConfigSource& config_;
};

}  // namespace xivo::api
