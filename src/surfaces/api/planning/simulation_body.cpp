#include "api/planning/simulation_body.hpp"

#include <fmt/format.h>

#include <chrono>

#include "api/body_check.hpp"
#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "model/kinds/trunk.hpp"
#include "model/scenario/run.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;
namespace routing = model::routing;
namespace simulation = model::simulation;

/// "2026-07-14T19:00"; nothing for other texts and for days that no calendar has.
std::optional<std::chrono::local_seconds> read_wall(std::string_view text) {
  if (text.size() != 16 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':')
    return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    return text::parse_decimal<unsigned>(text.substr(at, size));
  };
  const auto year = part(0, 4), month = part(5, 2), day = part(8, 2), hour = part(11, 2),
             minute = part(14, 2);
  if (!year || !month || !day || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

std::optional<std::chrono::sys_seconds> moment_of(const model::Config& config, std::string_view text,
                                                  std::chrono::sys_seconds now) {
  if (text.empty()) return now;
  const auto wall = read_wall(text);
  if (!wall) return std::nullopt;
  const model::General* general = config.find(model::GeneralId{model::kSingletonId});
  auto zone = TimeZone::load(general == nullptr ? "Europe/Paris" : general->timezone);
  if (zone == nullptr) zone = TimeZone::utc();
  return zone->system(*wall);
}

/// Reads the parts of the body into a question.
class QuestionReader {
 public:
  QuestionReader(const Exchange& exchange, const model::Config& config, const Value& body,
                 std::chrono::sys_seconds now)
      : now_(now), config_(config), body_(body), check_(exchange, body) {}

  std::optional<SimulationQuestion> read() {
    check_.only({"from", "dialled", "at", "assume"});
    question_.request.dialled = check_.text("dialled", 1, 64);
    const auto at = moment_of(config_, check_.text("at", 0, 16), now_);
    if (at) question_.request.at = *at;
    if (!at)
      check_.wrong("at", "pattern", "Il faut une heure comme 2026-07-14T19:00",
                   "A time such as 2026-07-14T19:00 is needed");
    const Value* from = body_.find("from");
    if (from == nullptr || !from->is_object()) wrong_from();
    if (from != nullptr && from->is_object()) read_from(*from);
    read_assumptions();
    if (!check_.finish()) return std::nullopt;
    return std::move(question_);
  }

 private:
  const std::chrono::sys_seconds now_;
  void wrong_from() {
    check_.wrong("from", "required", "Il faut une ligne, un utilisateur qui en a une, ou un trunk",
                 "A line, a user that has one, or a trunk is needed");
  }

  void read_from(const Value& from) {
    namespace scenario = model::scenario;
    const model::SipLine* line = config_.line({from.integer_at("line")});
    const model::Trunk* trunk = config_.find(model::TrunkId{from.integer_at("trunk")});
    if (line == nullptr && from.find("caller") != nullptr)
      line = config_.line(scenario::party_of(config_, from.text_at("caller")).line);
    if (trunk == nullptr && from.find("trunk_name") != nullptr)
      trunk = config_.find(scenario::trunk_of(config_, from.text_at("trunk_name")));
    if (line == nullptr && from.find("user") != nullptr) {
      const auto lines = config_.lines_of({from.integer_at("user")});
      if (!lines.empty()) line = lines.front();
    }
    if ((line == nullptr) == (trunk == nullptr)) return wrong_from();
    if (line != nullptr) {
      question_.request.from_line = line->id;
      question_.request.context = line->context;
      return;
    }
    question_.request.from_trunk = trunk->id;
    question_.request.caller_number = from.text_at("caller_number");
    if (question_.request.caller_number.size() > 64) wrong_from();
  }

  void read_assumptions() {
    const Value* assume = body_.find("assume");
    if (assume == nullptr || assume->is_null()) return;
    const auto* items = assume->items();
    if (items == nullptr || items->size() > simulation::kAssumptionsMax) return wrong_assumption();
    for (const Value& item : *items) {
      if (!item.is_object()) return wrong_assumption();
      const auto state = simulation::state_named(item.text_at("state"));
      model::UserId user{item.integer_at("user")};
      model::TrunkId trunk{item.integer_at("trunk")};
      if (const std::string who = item.text_at("who"); !who.empty() && state) {
        using State = simulation::Assumption::State;
        const bool of_trunk = *state == State::Down || *state == State::Congestion;
        if (of_trunk) trunk = model::scenario::trunk_of(config_, who);
        if (!of_trunk) user = model::scenario::party_of(config_, who).user;
      }
      const bool known = (user && config_.user(user) != nullptr) != (trunk && config_.find(trunk) != nullptr);
      if (!state || !known) return wrong_assumption();
      question_.assumed.push_back({.user = user, .trunk = trunk, .state = *state});
    }
  }
  void wrong_assumption() {
    check_.wrong(
        "assume", "pattern",
        "Il faut une liste d'utilisateurs (registered, unregistered, busy, dnd, no_answer) ou de trunks "
        "(down, congestion) qui existent",
        "A list of users (registered, unregistered, busy, dnd, no_answer) or trunks (down, congestion) that "
        "exist is needed");
  }

  const model::Config& config_;
  const Value& body_;
  BodyCheck check_;
  SimulationQuestion question_;
};

Value object_value_of(const model::Config& config, const routing::Step::Object& object) {
  const model::KindSchema* kind = model::find_kind(object.kind);
  const void* found = kind == nullptr ? nullptr : model::table_of(config, *kind).find(object.id);
  return Value::object({{"kind", object.kind},
                        {"id", object.id},
                        {"label", found == nullptr ? std::string() : kind->label(found)}});
}

Value stage_value(const model::Config& config, const simulation::Stage& stage, int number,
                  model::Language language) {
  Value steps = Value::list();
  for (const routing::Step& step : stage.plan.trace) {
    Value objects = Value::list();
    for (const auto& object : step.objects) objects.push(object_value_of(config, object));
    steps.push(Value::object({{"rule", routing::name(step.rule)},
                              {"met", step.met},
                              {"sentence", routing::describe(step, language)},
                              {"objects", std::move(objects)}}));
  }
  const bool french = language == model::Language::French;
  return Value::object(
      {{"title", fmt::format("{} {}", french ? "Étape" : "Stage", number)},
       {"sentence", routing::describe(stage.plan, language)},
       {"steps", std::move(steps)},
       {"outcome", stage.outcome ? Value(routing::describe(*stage.outcome, language)) : Value()}});
}

/// Every rule of every stage, one after the other.
Value graph_value(const model::Config& config, const simulation::Simulation& result,
                  model::Language language) {
  Value nodes = Value::list();
  Value edges = Value::list();
  int count = 0;
  const auto node = [&](std::string_view kind, Value object, std::string label, std::string_view state,
                        const std::string& on_the_way) {
    const std::string id = fmt::format("n{}", ++count);
    if (count > 1)
      edges.push(Value::object({{"from", fmt::format("n{}", count - 1)}, {"to", id}, {"label", on_the_way}}));
    nodes.push(Value::object({{"id", id},
                              {"kind", kind},
                              {"object", std::move(object)},
                              {"label", std::move(label)},
                              {"state", state}}));
  };
  std::string on_the_way;
  for (const simulation::Stage& stage : result.stages) {
    for (const routing::Step& step : stage.plan.trace) {
      node(routing::name(step.rule),
           step.objects.empty() ? Value() : object_value_of(config, step.objects.front()),
           routing::describe(step, language), step.met ? "passed" : "refused", on_the_way);
      on_the_way.clear();
    }
    if (stage.outcome) on_the_way = routing::describe(*stage.outcome, language);
  }
  node("end", {}, routing::describe(result.stages.back().plan, language), "end", on_the_way);
  return Value::object({{"nodes", std::move(nodes)}, {"edges", std::move(edges)}});
}

/// The number of whoever sent the call on last, as the engine tells it to the operator.
std::string diverting_number(const model::Config& config, const routing::Plan& plan) {
  const model::User* user = plan.forwarded_by.empty() ? nullptr : config.user(plan.forwarded_by.back());
  return user == nullptr ? std::string() : config.number_of(*user);
}

Value attempt_value(const model::Trunk& trunk, const routing::TrunkAttempt& attempt,
                    const std::string& diverted_by, const InvitePreview& preview) {
  const SentInvite sent = preview ? preview(trunk, attempt, diverted_by) : SentInvite{};
  Value headers = Value::list();
  for (const auto& [name, value] : sent.headers)
    headers.push(Value::object({{"name", name}, {"value", value}}));
  return Value::object({{"trunk", attempt.trunk.value},
                        {"name", trunk.title()},
                        {"number", attempt.number},
                        {"caller_number", attempt.caller_number},
                        {"caller_name", attempt.caller_name},
                        {"anonymous", attempt.anonymous},
                        {"request_uri", sent.request_uri},
                        {"headers", std::move(headers)}});
}

/// What each trunk that is tried would be sent.
Value sip_value(const model::Config& config, const simulation::Simulation& result,
                const InvitePreview& preview) {
  Value all = Value::list();
  for (const simulation::Stage& stage : result.stages) {
    if (stage.plan.action != routing::Plan::Action::Dial || stage.plan.attempts.empty()) continue;
    const routing::TrunkAttempt& attempt = stage.plan.attempts.front();
    const model::Trunk* trunk = config.find(attempt.trunk);
    if (trunk != nullptr)
      all.push(attempt_value(*trunk, attempt, diverting_number(config, stage.plan), preview));
  }
  return all;
}

}  // namespace

std::optional<SimulationQuestion> read_question(const Exchange& exchange, const model::Config& config,
                                                const Value& body, std::chrono::sys_seconds now) {
  return QuestionReader(exchange, config, body, now).read();
}

Value simulation_value(const model::Config& config, const simulation::Simulation& result,
                       model::Language language, const InvitePreview& preview) {
  Value stages = Value::list();
  int number = 0;
  for (const simulation::Stage& stage : result.stages)
    stages.push(stage_value(config, stage, ++number, language));
  return Value::object({{"outcome", simulation::name(result.end)},
                        {"sentence", simulation::describe(result, language)},
                        {"stages", std::move(stages)},
                        {"graph", graph_value(config, result, language)},
                        {"sip", sip_value(config, result, preview)}});
}

}  // namespace xivo::api
