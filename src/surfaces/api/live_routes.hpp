#pragma once

#include <vector>

#include "api/live/live_values.hpp"
#include "api/live_view.hpp"
#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// Registrations, their failures, and calls in progress. The engine is asked through LiveView; what it answers is put
/// into words by a worker, so that neither a call nor the web loop pays for it.
/// Thread  the web loop.
class LiveRoutes {
 public:
  LiveRoutes(LiveView& live, const model::ConfigSource& config, runtime::WorkerPool& workers)
      : live_(live), config_(config), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  template <class Item>
  using Ask = void (LiveView::*)(std::function<void(std::vector<Item>)>);
  template <class Item>
  void list(const ExchangePtr& exchange, Ask<Item> ask);
  void hang_up(const ExchangePtr& exchange);
  void show_call(const ExchangePtr& exchange);
  void explain_line(const ExchangePtr& exchange);

  LiveView& live_;
  const model::ConfigSource& config_;
  runtime::WorkerPool& workers_;
};

}  // namespace xivo::api
