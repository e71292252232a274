#pragma once

#include <vector>

#include "api/live_view.hpp"
#include "api/route.hpp"

namespace xivo::api {

/// Networks that the engine does not listen to: who, why, until when; and a person's own say in it.
/// Thread  the web loop.
class BanRoutes {
 public:
  static constexpr std::size_t kReasonBytesMax = 200;
  static constexpr std::int64_t kSecondsMax = std::int64_t{10} * 365 * 86'400;
  static constexpr unsigned kPrefixMinV4 = 8;  // nobody bans half the world by a slip of a digit
  static constexpr unsigned kPrefixMinV6 = 16;

  explicit BanRoutes(LiveView& live) : live_(live) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void add(const ExchangePtr& exchange);
  void release(const ExchangePtr& exchange);

  LiveView& live_;
};

std::string_view name(LiveBan::Reason reason);  // "wrong-secrets"
/// One sentence: what led to the ban.
std::string_view describe(LiveBan::Reason reason, model::Language language);

}  // namespace xivo::api
