#pragma once

#include <vector>

#include "api/live_view.hpp"
#include "api/route.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// Registrations, their failures, and calls in progress. The engine is asked through LiveView; what it answers is put
/// into words by a worker, so that neither a call nor the web loop pays for it.
/// Thread  the web loop.
class LiveRoutes {
 public:
  LiveRoutes(LiveView& live, runtime::WorkerPool& workers) : live_(live), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  template <class Item>
  using Ask = void (LiveView::*)(std::function<void(std::vector<Item>)>);
  template <class Item>
  void list(const ExchangePtr& exchange, Ask<Item> ask);
  void hang_up(const ExchangePtr& exchange);

  LiveView& live_;
  runtime::WorkerPool& workers_;
};

std::string_view name(RegistrationFailure::Reason reason);  // "wrong-secret"
/// One sentence: what went wrong and what to do about it.
std::string_view describe(RegistrationFailure::Reason reason, model::Language language);

}  // namespace xivo::api
