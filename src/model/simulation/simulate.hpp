#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/routing/route.hpp"

/// What would become of a call, without placing it: route() and continue_after() chained by what is assumed.
namespace xivo::model::simulation {

/// What is taken for true of a user's phones, or of a trunk. Users of whom nothing is assumed have their phones at hand and answer;
/// trunks carry the call.
struct Assumption {
  enum class State : std::uint8_t {
    Registered,
    Unregistered,
    Busy,
    DoNotDisturb,
    NoAnswer,
    Down,
    Congestion
  };
  UserId user{};  // Registered .. NoAnswer
  TrunkId trunk{};  // Down, Congestion
  State state = State::Registered;
};
/// "no_answer"; nothing for other words.
std::optional<Assumption::State> state_named(std::string_view word);

/// One decision, and how what it says ended.
struct Stage {
  routing::Plan plan;
  std::optional<routing::Outcome> outcome;  // nothing: the call stays there
};

struct Simulation {
  enum class End : std::uint8_t { Reached, Feature, AsksCode, Refused, Endless };
  std::vector<Stage> stages;  // at least one
  End end = End::Refused;
};
std::string_view name(Simulation::End end);  // "reached", "feature", "asks_code", "refused", "endless"
/// One sentence for the whole.
std::string describe(const Simulation& simulation, routing::Language language);

constexpr std::size_t kStagesMax = 64;
constexpr std::size_t kAssumptionsMax = 100;

/// Pure.  Thread  any
Simulation simulate(const Config& config, const routing::Request& request,
                    const std::vector<Assumption>& assumed);

}  // namespace xivo::model::simulation
