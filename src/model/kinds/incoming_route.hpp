#pragma once

#include <cstdint>
#include <string>

#include "model/destination.hpp"
#include "model/ids.hpp"

namespace xivo::model {

/// Where calls from the outside go: a number that the company has (DID), or several.
struct IncomingRoute {
  IncomingRouteId id{};
  std::string name{};  // unique
  ContextId context{};  // of type incall
  std::string exten{};  // number without a leading +, or _pattern; empty: any
  std::int64_t did_length = 0;  // the last so many digits are compared; 0: all
  TrunkId trunk{};  // only calls from it; none: from any
  std::string caller_number{};  // only calls from it: number as people dial it, or _pattern; empty: any
  std::string caller_id_mode{};  // "", prepend, append, overwrite
  std::string caller_id_name{};
  std::string greeting_sound{};
  ScheduleId schedule{};
  Destination destination{};
  bool enabled = true;
  std::string description{};
};

}  // namespace xivo::model
