#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "model/checker/finding.hpp"
#include "model/config.hpp"
#include "model/kinds/scenario.hpp"
#include "model/simulation/simulate.hpp"

/// Saved scenarios, run: each is simulated and its end compared with what it expects.
namespace xivo::model::scenario {

using checker::Sentence;

/// What came of one.
struct Run {
  ScenarioId scenario{};
  std::string name;
  bool hold = false;  // by itself, or because all do (General::hold_scenarios)
  bool passed = false;
  Sentence expected;
  Sentence happened;
};

/// No more are run at once: the oldest.
constexpr std::size_t kRunsMax = 1'000;

/// `now` is the time of a scenario that names none. Pure.
Run run(const Config& config, const Scenario& scenario, std::chrono::sys_seconds now);
/// Of `chosen`, or of all when none is chosen, the enabled ones. In the order of their ids.
std::vector<Run> run_all(const Config& config, std::span<const ScenarioId> chosen,
                         std::chrono::sys_seconds now);

/// Those that pass in `before` and exist and fail in `after`, as they run there.
std::vector<Run> broken(const Config& before, const Config& after, std::chrono::sys_seconds now);

/// Whom a text that people write means: a number inside ("101", "101@context"), or the name of a line.
struct Party {
  SipLineId line{};
  UserId user{};
};
Party party_of(const Config& config, std::string_view text);
/// By name or label; 0: there is none.
TrunkId trunk_of(const Config& config, std::string_view text);

}  // namespace xivo::model::scenario
