#include "model/guard/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "model/call_rules.hpp"

namespace xivo::model::guard {

namespace {

using numbering::CallClass;
using std::chrono::seconds;

constexpr seconds kHour{3600};
constexpr seconds kNow{0};
constexpr std::array kOutside{CallClass::National, CallClass::Mobile,        CallClass::Free,
                              CallClass::Premium,  CallClass::International, CallClass::Other};

/// What has been called so far, by whom it is asked about.
struct Usage {
  const routing::LiveState& live;
  UserId user{};
  TrunkId trunk{};

  [[nodiscard]] std::int64_t calls(CallClass of, seconds window) const {
    return user ? live.external_calls_of(user, of, window) : live.external_calls_on(trunk, of, window);
  }
  [[nodiscard]] std::int64_t all(seconds window) const {
    std::int64_t sum = 0;
    for (const CallClass of : kOutside) sum += calls(of, window);
    return sum;
  }
  [[nodiscard]] bool blocked() const { return user ? live.user_blocked(user) : live.trunk_blocked(trunk); }
};

Verdict refused(Reason reason, const TollGuard& guard, std::int64_t limit = 0, std::int64_t count = 0) {
  return {false, reason, guard.id, limit, count};
}

/// What one guard has against another call; nothing when it has nothing.
std::optional<Verdict> objection(const GuardRule& rule, const Usage& usage, CallClass of, int minute) {
  const TollGuard& guard = *rule.guard;
  const bool international = of == CallClass::International;
  const bool premium = of == CallClass::Premium;
  if (rule.is_night(minute)) {
    if (international && guard.night_international == "deny")
      return refused(Reason::NightInternational, guard);
    if (premium && guard.night_premium == "deny") return refused(Reason::NightPremium, guard);
  }
  const auto reached = [&](std::int64_t limit, std::int64_t count, Reason reason) {
    return count < limit ? std::nullopt : std::optional(refused(reason, guard, limit, count));
  };
  if (international && guard.international_hourly_max > 0) {
    const auto calls = usage.calls(CallClass::International, kHour);
    if (auto verdict = reached(guard.international_hourly_max, calls, Reason::InternationalHourly))
      return verdict;
  }
  if (premium && guard.premium_hourly_max > 0) {
    const auto calls = usage.calls(CallClass::Premium, kHour);
    if (auto verdict = reached(guard.premium_hourly_max, calls, Reason::PremiumHourly)) return verdict;
  }
  if (guard.hourly_max > 0) {
    if (auto verdict = reached(guard.hourly_max, usage.all(kHour), Reason::Hourly)) return verdict;
  }
  if (guard.simultaneous_max > 0)
    return reached(guard.simultaneous_max, usage.all(kNow), Reason::Simultaneous);
  return std::nullopt;
}

template <class Id>
Verdict decide(const Config& config, Id who, const Usage& usage, CallClass of, std::chrono::sys_seconds at) {
  if (of == CallClass::Emergency || of == CallClass::Internal || !who) return {};
  const CallRules& rules = config.call_rules();
  const bool covered = std::any_of(rules.guards.begin(), rules.guards.end(),
                                   [&](const GuardRule& rule) { return rule.covers(who); });
  if (!covered) return {};  // and what tripped under a guard that is gone is over with it
  if (usage.blocked()) return {false, Reason::Blocked, {}, 0, 0};
  const auto wall = rules.zone->local(at);
  const int minute = static_cast<int>(
      std::chrono::floor<std::chrono::minutes>(wall - std::chrono::floor<std::chrono::days>(wall)).count());
  for (const GuardRule& rule : rules.guards) {
    if (!rule.covers(who)) continue;
    if (const auto verdict = objection(rule, usage, of, minute)) return *verdict;
  }
  return {};
}

Words sentence(Reason reason) {
  switch (reason) {
    case Reason::Within: return {"dans les limites", "within the limits"};
    case Reason::Blocked:
      return {"bloqué par la garde anti-fraude jusqu'au déblocage",
              "blocked by the toll-fraud guard until released"};
    case Reason::Simultaneous:
      return {"{count} appels simultanés vers l'extérieur, {limit} permis",
              "{count} simultaneous calls to the outside, {limit} allowed"};
    case Reason::Hourly:
      return {"{count} appels vers l'extérieur en une heure, {limit} permis",
              "{count} calls to the outside within the hour, {limit} allowed"};
    case Reason::InternationalHourly:
      return {"{count} appels internationaux en une heure, {limit} permis",
              "{count} international calls within the hour, {limit} allowed"};
    case Reason::PremiumHourly:
      return {"{count} appels surtaxés en une heure, {limit} permis",
              "{count} premium-rate calls within the hour, {limit} allowed"};
    case Reason::NightInternational:
      return {"pas d'appel international la nuit", "no international calls at night"};
    case Reason::NightPremium: return {"pas d'appel surtaxé la nuit", "no premium-rate calls at night"};
  }
  return {};
}

}  // namespace

std::string_view name(Reason reason) {
  constexpr std::array<std::string_view, 8> kNames{"within",
                                                   "blocked",
                                                   "simultaneous",
                                                   "hourly",
                                                   "international_hourly",
                                                   "premium_hourly",
                                                   "night_international",
                                                   "night_premium"};
  return kNames[static_cast<std::size_t>(reason)];
}

Verdict admits(const Config& config, const routing::LiveState& live, UserId payer, CallClass of,
               std::chrono::sys_seconds at) {
  return decide(config, payer, Usage{live, payer, {}}, of, at);
}

Verdict admits(const Config& config, const routing::LiveState& live, TrunkId trunk, CallClass of,
               std::chrono::sys_seconds at) {
  return decide(config, trunk, Usage{live, {}, trunk}, of, at);
}

std::string describe(const Config& config, const Verdict& verdict, Language language) {
  std::string text = fmt::format(fmt::runtime(sentence(verdict.reason).in(language)),
                                 fmt::arg("count", verdict.count), fmt::arg("limit", verdict.limit));
  const TollGuard* guard = config.find(verdict.guard);
  if (guard == nullptr) return text;
  return text +
         fmt::format(fmt::runtime(language == Language::French ? " (garde « {} »)" : " (guard \"{}\")"),
                     guard->name);
}

}  // namespace xivo::model::guard
