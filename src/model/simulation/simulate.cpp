#include "model/simulation/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xivo::model::simulation {
namespace {

using routing::Outcome;
using routing::Plan;
using State = Assumption::State;

constexpr std::array<std::string_view, 7> kStates{"registered", "unregistered", "busy",      "dnd",
                                                  "no_answer",  "down",         "congestion"};

/// The moment that the assumptions describe.
class AssumedMoment final : public routing::LiveState {
 public:
  AssumedMoment(const Config& config, const std::vector<Assumption>& assumed)
      : config_(config), assumed_(assumed) {}

  [[nodiscard]] int contacts_of(SipLineId id) const override {
    const SipLine* line = config_.line(id);
    return line != nullptr && line->user && is(line->user, State::Unregistered) ? 0 : 1;
  }
  [[nodiscard]] int calls_of(UserId) const override { return 0; }
  [[nodiscard]] bool trunk_usable(TrunkId trunk) const override { return !is(trunk, State::Down); }

  [[nodiscard]] bool is(UserId user, State state) const {
    return std::any_of(assumed_.begin(), assumed_.end(), [&](const Assumption& each) {
      return each.user && each.user == user && each.state == state;
    });
  }
  [[nodiscard]] bool is(TrunkId trunk, State state) const {
    return std::any_of(assumed_.begin(), assumed_.end(), [&](const Assumption& each) {
      return each.trunk && each.trunk == trunk && each.state == state;
    });
  }

 private:
  const Config& config_;
  const std::vector<Assumption>& assumed_;
};

std::optional<Outcome> outcome_of(const Plan& plan, const AssumedMoment& moment) {
  if (plan.action == Plan::Action::Ring) {
    if (moment.is(plan.user, State::Busy)) return Outcome::Busy;
    if (moment.is(plan.user, State::NoAnswer)) return Outcome::NoAnswer;
    if (moment.is(plan.user, State::Unregistered)) return Outcome::Unavailable;
  }
  if (plan.action == Plan::Action::Dial && !plan.attempts.empty()) {
    const TrunkId trunk = plan.attempts.front().trunk;
    if (moment.is(trunk, State::Congestion)) return Outcome::Congestion;
    if (moment.is(trunk, State::Down)) return Outcome::Unavailable;  // tried last, when nothing else is there
  }
  return std::nullopt;
}

Simulation::End end_of(Plan::Action action) {
  switch (action) {
    case Plan::Action::Ring:
    case Plan::Action::Dial: return Simulation::End::Reached;
    case Plan::Action::Feature: return Simulation::End::Feature;
    case Plan::Action::AskCode: return Simulation::End::AsksCode;
    case Plan::Action::Refuse: break;
  }
  return Simulation::End::Refused;
}

/// The configuration with do-not-disturb where it is assumed.
ConfigSnapshot with_do_not_disturb(const Config& config, const std::vector<Assumption>& assumed) {
  ConfigBuilder builder(config);
  for (const Assumption& each : assumed) {
    const User* user = each.state == State::DoNotDisturb ? config.user(each.user) : nullptr;
    if (user == nullptr) continue;
    User quiet = *user;
    quiet.dnd_enabled = true;
    builder.put(std::move(quiet));
  }
  return builder.build();
}

}  // namespace

std::optional<State> state_named(std::string_view word) {
  const auto found = std::find(kStates.begin(), kStates.end(), word);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<State>(found - kStates.begin());
}

std::string_view name(Simulation::End end) {
  constexpr std::array<std::string_view, 5> kNames{"reached", "feature", "asks_code", "refused", "endless"};
  return kNames.at(static_cast<std::size_t>(end));
}

Simulation simulate(const Config& config, const routing::Request& request,
                    const std::vector<Assumption>& assumed) {
  const ConfigSnapshot assumed_config = with_do_not_disturb(config, assumed);
  const AssumedMoment moment(*assumed_config, assumed);
  Simulation result;
  Plan plan = routing::route(*assumed_config, moment, request);
  while (result.stages.size() < kStagesMax) {
    const auto outcome = outcome_of(plan, moment);
    result.stages.push_back({std::move(plan), outcome});
    const Plan& last = result.stages.back().plan;
    if (!outcome) {
      result.end = end_of(last.action);
      return result;
    }
    plan = routing::continue_after(*assumed_config, moment, request, last, *outcome);
  }
  result.end = Simulation::End::Endless;
  return result;
}

std::string describe(const Simulation& simulation, routing::Language language) {
  std::string sentence;
  for (const Stage& stage : simulation.stages) {
    if (!sentence.empty()) sentence += ' ';
    sentence += routing::describe(stage.plan, language);
    if (stage.outcome) sentence += fmt::format(" ({})", routing::describe(*stage.outcome, language));
  }
  return sentence;
}

}  // namespace xivo::model::simulation
