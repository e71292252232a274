#include "model/call_rules.hpp"

#include <algorithm>

namespace xivo::model {

namespace {

/// The company's zone. What the database does not know (any more) is UTC.
std::shared_ptr<const TimeZone> company_zone(const Config& config) {
  const General* general = config.find(GeneralId{1});
  const General defaults;
  auto zone = TimeZone::load(general == nullptr ? defaults.timezone : general->timezone);
  return zone ? zone : TimeZone::utc();
}

PermissionRule rule_of(std::shared_ptr<const CallPermission> permission) {
  PermissionRule rule{std::move(permission), {}, false};
  for (const std::string& text : rule.permission->extensions) {
    if (auto pattern = numbering::Pattern::parse(text)) {
      rule.patterns.push_back(std::move(*pattern));
    } else {
      rule.unreadable = true;
    }
  }
  rule.unreadable = rule.unreadable || rule.patterns.empty();
  return rule;
}

GuardRule rule_of(std::shared_ptr<const TollGuard> guard) {
  GuardRule rule;
  rule.users = guard->users;
  rule.trunks = guard->trunks;
  std::sort(rule.users.begin(), rule.users.end());
  std::sort(rule.trunks.begin(), rule.trunks.end());
  rule.everybody = rule.users.empty() && rule.trunks.empty();
  const auto start = schedule::minute_of_day(guard->night_start);
  const auto end = schedule::minute_of_day(guard->night_end);
  if (start && end) {
    rule.night_start = *start;
    rule.night_end = *end;
  }
  rule.guard = std::move(guard);
  return rule;
}

}  // namespace

bool GuardRule::covers(UserId user) const {
  return everybody || std::binary_search(users.begin(), users.end(), user);
}

bool GuardRule::covers(TrunkId trunk) const {
  return everybody || std::binary_search(trunks.begin(), trunks.end(), trunk);
}

bool GuardRule::is_night(int minute) const {
  if (night_start < 0) return false;
  return night_start <= night_end ? night_start <= minute && minute <= night_end
                                  : night_start <= minute || minute <= night_end;
}

std::shared_ptr<const CallRules> CallRules::of(const Config& config) {
  auto rules = std::make_shared<CallRules>();
  rules->zone = company_zone(config);
  for (const auto& [id, schedule] : config.objects<Schedule>())
    rules->timetables.emplace(id, schedule::Timetable::of(schedule, rules->zone));
  for (const auto& [id, permission] : config.objects<CallPermission>()) {
    if (!permission->enabled) continue;
    const auto place = static_cast<std::uint32_t>(rules->permissions.size());
    for (const UserId user : permission->users) rules->by_user[user.value].push_back(place);
    for (const OutgoingRouteId route : permission->outgoing_routes)
      rules->by_route[route.value].push_back(place);
    rules->permissions.push_back(rule_of(std::shared_ptr<const CallPermission>(permission)));
  }
  for (const auto& [id, guard] : config.objects<TollGuard>()) {
    if (guard->enabled) rules->guards.push_back(rule_of(std::shared_ptr<const TollGuard>(guard)));
  }
  return rules;
}

}  // namespace xivo::model
