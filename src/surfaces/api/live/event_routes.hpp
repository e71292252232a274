#pragma once

#include <functional>
#include <vector>

#include "api/live/event_stream.hpp"
#include "api/route.hpp"

namespace xivo::api {

/// GET /events: a WebSocket with what happens now.                                             RFC 6455
/// Thread  the web loop.
class EventRoutes {
 public:
  /// Asks whether the credentials that an exchange came with still hold; calls back on the loop.
  using Recheck = std::function<void(const ExchangePtr& exchange, std::function<void(bool holds)> done)>;

  EventRoutes(EventStream& events, Recheck recheck) : events_(events), recheck_(std::move(recheck)) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void listen(const ExchangePtr& exchange);

  EventStream& events_;
  const Recheck recheck_;
};

}  // namespace xivo::api
