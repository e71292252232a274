#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/time_zone.hpp"
#include "model/config.hpp"
#include "model/kinds/call_permission.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/numbering/pattern.hpp"
#include "model/schedule/timetable.hpp"

namespace xivo::model {

/// A permission, read once.
struct PermissionRule {
  std::shared_ptr<const CallPermission> permission;
  std::vector<numbering::Pattern> patterns;
  bool unreadable = false;  // a pattern could not be read, or there is none
};

/// A guard, read once.
struct GuardRule {
  std::shared_ptr<const TollGuard> guard;
  std::vector<UserId> users;  // sorted
  std::vector<TrunkId> trunks;  // sorted
  bool everybody = false;
  int night_start = -1;  // minute of the day; -1: no night
  int night_end = -1;

  [[nodiscard]] bool covers(UserId user) const;
  [[nodiscard]] bool covers(TrunkId trunk) const;
  [[nodiscard]] bool is_night(int minute) const;
};

/// Schedules, permissions and guards as calls need them: texts read, zones loaded. Made with a configuration, so that a call
/// reads no file and parses nothing.
/// Thread  any; immutable.
struct CallRules {
  std::shared_ptr<const TimeZone> zone = TimeZone::utc();  // the company's
  std::unordered_map<std::int64_t, schedule::Timetable> timetables;  // by schedule
  std::vector<PermissionRule> permissions;  // enabled ones, by id
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> by_user;  // places in `permissions`
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> by_route;
  std::vector<GuardRule> guards;  // enabled ones, by id

  static std::shared_ptr<const CallRules> of(const Config& config);
};

}  // namespace xivo::model
