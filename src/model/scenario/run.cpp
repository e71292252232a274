#include "model/scenario/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

#include "model/call_rules.hpp"
#include "model/kinds/trunk.hpp"
#include "model/schedule/clock_text.hpp"
#include "model/schema.hpp"

namespace xivo::model::scenario {
namespace {

using routing::Plan;
using simulation::Assumption;
using simulation::Simulation;
using State = Assumption::State;

Sentence unknown(std::string_view who) {
  return {fmt::format("« {} » n'existe pas", who), fmt::format("There is no \"{}\"", who)};
}

std::optional<std::chrono::sys_seconds> moment_of(const Config& config, const Scenario& scenario) {
  const auto wall = schedule::wall_time_of(scenario.at);
  if (!wall) return std::nullopt;
  return config.call_rules().zone->system(*wall);
}

/// A scenario as a question to the simulator, or whom it speaks of in vain.
struct Question {
  routing::Request request;
  std::vector<Assumption> assumed;
};
std::variant<Question, Sentence> question_of(const Config& config, const Scenario& scenario,
                                             std::chrono::sys_seconds now) {
  Question question;
  question.request.dialled = scenario.dialled;
  question.request.at = moment_of(config, scenario).value_or(now);
  if (scenario.trunk.empty()) {
    const Party caller = party_of(config, scenario.caller);
    const SipLine* line = config.line(caller.line);
    if (line == nullptr) return unknown(scenario.caller);
    question.request.from_line = line->id;
    question.request.context = line->context;
  } else {
    question.request.from_trunk = trunk_of(config, scenario.trunk);
    question.request.caller_number = scenario.caller;
    if (!question.request.from_trunk) return unknown(scenario.trunk);
  }
  for (const ScenarioAssumption& each : scenario.assumptions) {
    const State state = simulation::state_named(each.state).value_or(State::Registered);
    const bool of_trunk = state == State::Down || state == State::Congestion;
    const TrunkId trunk = of_trunk ? trunk_of(config, each.who) : TrunkId{};
    const UserId user = of_trunk ? UserId{} : party_of(config, each.who).user;
    if (!trunk && !user) return unknown(each.who);
    question.assumed.push_back({.user = user, .trunk = trunk, .state = state});
  }
  return question;
}

bool rings(const Config& config, const Plan& plan, const std::string& target) {
  if (plan.action != Plan::Action::Ring) return false;
  if (target.empty() || plan.number == target) return true;
  const User* user = config.user(plan.user);
  if (user != nullptr && user->full_name() == target) return true;
  const Party party = party_of(config, target);
  if (party.user) return party.user == plan.user;
  return party.line && std::find(plan.lines.begin(), plan.lines.end(), party.line) != plan.lines.end();
}

bool goes_out(const Config& config, const Plan& plan, const Scenario& scenario) {
  if (plan.action != Plan::Action::Dial || plan.attempts.empty()) return false;
  const routing::TrunkAttempt& attempt = plan.attempts.front();
  const bool by =
      scenario.expected_target.empty() || attempt.trunk == trunk_of(config, scenario.expected_target);
  return by && (scenario.expected_number.empty() || attempt.number == scenario.expected_number);
}

bool reaches(const Plan& plan, std::string_view feature, const std::string& argument) {
  return plan.action == Plan::Action::Feature && plan.feature == feature &&
         (argument.empty() || plan.argument == argument);
}

bool passes(const Config& config, const Simulation& simulation, const Scenario& scenario) {
  const Plan& plan = simulation.stages.back().plan;
  const std::string& target = scenario.expected_target;
  if (scenario.expected == "refused") {
    return simulation.end == Simulation::End::Refused &&
           (scenario.expected_cause == 0 || static_cast<std::int64_t>(plan.cause) == scenario.expected_cause);
  }
  if (scenario.expected == "announcement") {
    const bool told = plan.action == Plan::Action::Refuse && !plan.prompt.empty() &&
                      (target.empty() || plan.prompt == target);
    return told || reaches(plan, "announcement", target);
  }
  if (scenario.expected == "asks_code") return simulation.end == Simulation::End::AsksCode;
  if (simulation.end != Simulation::End::Reached && simulation.end != Simulation::End::Feature) return false;
  if (scenario.expected == "rings") return rings(config, plan, target);
  if (scenario.expected == "goes_out") return goes_out(config, plan, scenario);
  if (scenario.expected == "voicemail") return reaches(plan, "voicemail", target);
  return plan.action == Plan::Action::Feature && (target.empty() || plan.feature == target);
}

/// "sonner chez 102", as the form says it.
std::string wanted(const Scenario& scenario, Language language) {
  const bool french = language == Language::French;
  std::string words = french ? "L'appel doit" : "The call has to";
  for (const Choice& choice : find_kind("scenario")->field("expected")->choices) {
    if (choice.value == scenario.expected) words += fmt::format(" {}", choice.title.in(language));
  }
  const bool any_party = scenario.expected_target.empty();
  const bool asks_party = scenario.expected != "refused" && scenario.expected != "asks_code";
  if (asks_party)
    words +=
        " " + (any_party ? std::string(french ? "(peu importe)" : "(whichever)") : scenario.expected_target);
  if (!scenario.expected_number.empty())
    words += fmt::format(fmt::runtime(french ? " avec le numéro {}" : " with the number {}"),
                         scenario.expected_number);
  if (scenario.expected_cause != 0)
    words += fmt::format(fmt::runtime(french ? " (cause {})" : " (cause {})"), scenario.expected_cause);
  return words;
}

bool all_hold(const Config& config) {
  const General* general = config.find(GeneralId{kSingletonId});
  return general != nullptr && general->hold_scenarios;
}

}  // namespace

Run run(const Config& config, const Scenario& scenario, std::chrono::sys_seconds now) {
  Run result{.scenario = scenario.id,
             .name = scenario.name,
             .hold = scenario.hold || all_hold(config),
             .expected = {wanted(scenario, Language::French), wanted(scenario, Language::English)},
             .happened = {}};
  auto question = question_of(config, scenario, now);
  if (auto* why_not = std::get_if<Sentence>(&question)) {
    result.happened = std::move(*why_not);
    return result;
  }
  const Question& asked = std::get<Question>(question);
  const Simulation simulation = simulation::simulate(config, asked.request, asked.assumed);
  result.passed = passes(config, simulation, scenario);
  result.happened = {simulation::describe(simulation, Language::French),
                     simulation::describe(simulation, Language::English)};
  return result;
}

std::vector<Run> run_all(const Config& config, std::span<const ScenarioId> chosen,
                         std::chrono::sys_seconds now) {
  std::vector<Run> runs;
  for (const auto& [id, scenario] : config.objects<Scenario>()) {
    const bool wanted =
        chosen.empty() || std::find(chosen.begin(), chosen.end(), scenario->id) != chosen.end();
    if (!wanted || !scenario->enabled) continue;
    if (runs.size() == kRunsMax) break;
    runs.push_back(run(config, *scenario, now));
  }
  return runs;
}

std::vector<Run> broken(const Config& before, const Config& after, std::chrono::sys_seconds now) {
  std::vector<Run> all;
  std::size_t count = 0;
  for (const auto& [id, scenario] : before.objects<Scenario>()) {
    const Scenario* next = after.find(ScenarioId{id});
    if (next == nullptr || !scenario->enabled || !next->enabled) continue;
    if (++count > kRunsMax) break;
    Run now_run = run(after, *next, now);
    if (!now_run.passed && run(before, *scenario, now).passed) all.push_back(std::move(now_run));
  }
  return all;
}

}  // namespace xivo::model::scenario
