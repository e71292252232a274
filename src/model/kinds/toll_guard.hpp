#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// How much may be called to the outside before somebody has to look at it. Every user and every trunk counts on its own.
struct TollGuard {
  TollGuardId id{};
  std::string name{};  // unique
  std::vector<UserId> users{};  // neither users nor trunks: every user and every trunk
  std::vector<TrunkId> trunks{};
  std::int64_t simultaneous_max = 0;  // 0: no limit, everywhere
  std::int64_t hourly_max = 0;
  std::int64_t international_hourly_max = 0;
  std::int64_t premium_hourly_max = 0;
  std::string night_start{};  // HH:MM of the company; empty: there is no night
  std::string night_end{};  // included; before the start: the next morning
  std::string night_international = "allow";  // allow, deny
  std::string night_premium = "allow";
  bool enabled = true;
  std::string description{};
};

}  // namespace xivo::model
