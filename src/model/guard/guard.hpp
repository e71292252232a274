#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/config.hpp"
#include "model/language.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/routing/live_state.hpp"

/// The toll-fraud guard's decision: a pure function of configuration, live state and time.
namespace xivo::model::guard {

enum class Reason : std::uint8_t {
  Within,
  Blocked,  // tripped before, and not released yet
  Simultaneous,
  Hourly,
  InternationalHourly,
  PremiumHourly,
  NightInternational,
  NightPremium,
};
/// "within", "blocked", "simultaneous", ...
std::string_view name(Reason reason);

struct Verdict {
  bool admitted = true;
  Reason reason = Reason::Within;
  TollGuardId guard{};  // whose limit it is; 0: none (Blocked)
  std::int64_t limit = 0;  // of the guard; 0: it is a rule of the night
  std::int64_t count = 0;  // so far, this call excluded
  /// The hour's limits trip: whoever reached one is blocked until somebody releases him. The others refuse one call.
  [[nodiscard]] bool trips() const {
    return reason == Reason::Hourly || reason == Reason::InternationalHourly ||
           reason == Reason::PremiumHourly;
  }
};

/// Whether the guards let a user pay for another call to the outside. Emergency and internal calls are never refused. User 0 (a
/// trunk's call) has no limit of his own.
Verdict admits(const Config& config, const routing::LiveState& live, UserId payer, numbering::CallClass of,
               std::chrono::sys_seconds at);
/// The same of a trunk that would carry it.
Verdict admits(const Config& config, const routing::LiveState& live, TrunkId trunk, numbering::CallClass of,
               std::chrono::sys_seconds at);

/// One sentence about a verdict: "more than 20 calls to the outside within the hour (guard Standard)".
std::string describe(const Config& config, const Verdict& verdict, Language language);

}  // namespace xivo::model::guard
