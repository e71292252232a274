#pragma once

#include <vector>

#include "api/access/audit_book.hpp"
#include "api/live/event_stream.hpp"
#include "api/live_view.hpp"
#include "api/route.hpp"
#include "model/config.hpp"

namespace xivo::api {

/// Who calls how much to the outside, whom the toll-fraud guards have blocked, and his release.
/// Thread  the web loop.
class TollRoutes {
 public:
  struct Parts {
    LiveView& live;
    const model::ConfigSource& config;
    AuditBook& audit;
    EventStream& events;
  };
  explicit TollRoutes(const Parts& parts) : parts_(parts) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void release(const ExchangePtr& exchange);

  const Parts parts_;
};

/// One of those counted, as GET /toll-guards/state and the live events show it.
model::Value to_value(const TollAccount& account, const model::Config& config, model::Language language);

}  // namespace xivo::api
