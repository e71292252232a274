#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// Numbers that an outgoing route takes, and what becomes of them. In this order: external_prefix and then strip_digits are taken
/// off the front, match_regex is replaced, prefix is put in front.
struct OutgoingPattern {
  std::string pattern{};  // number or _pattern, without the external prefix
  std::string external_prefix{};  // the digit for the outside, dialled in front
  std::int64_t strip_digits = 0;
  std::string prefix{};
  std::string match_regex{};  // of the whole number; empty: no rewriting
  std::string replace{};  // \1 .. \9: what the parentheses held
  std::string caller_id{};  // for users with the outgoing caller id "default"; empty: the trunk's
};

/// Where calls to the outside go out.
struct OutgoingRoute {
  OutgoingRouteId id{};
  std::string name{};  // unique
  std::int64_t priority = 1;  // lower first; within one the most specific pattern
  ContextId context{};  // in which its numbers exist; contexts that include it can dial them
  std::vector<OutgoingPattern> patterns{};
  std::vector<TrunkId> trunks{};  // tried in order; the next on congestion or unavailable only
  ScheduleId schedule{};
  bool internal_caller_id = false;  // the user's own extension is shown, as between sites
  std::int64_t ring_seconds = 0;  // 0: until the caller hangs up
  bool emergency = false;  // for emergency numbers, which then go nowhere else
  bool enabled = true;
  std::string description{};
};

/// Destination: the outside.
struct ToOutcall {
  std::string exten{};  // as dialled, with the digit for the outside
  OutgoingRouteId route{};  // none: the first that takes the number in any context
};

}  // namespace xivo::model
