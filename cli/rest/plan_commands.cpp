#include "cli/rest/plan_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/rest/output.hpp"
#include "cli/rest/values.hpp"
#include "model/json.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

const Value::List& items_of(const Value& value, std::string_view name) {
  static const Value::List kNone;
  const Value* list = value.find(name);
  return list == nullptr || list->items() == nullptr ? kNone : *list->items();
}

std::string name_of(const Value& value, std::string_view member) {
  const Value* named = value.find(member);
  return named == nullptr ? std::string() : named->text_at("name");
}

std::string number_of(const Value& value, std::string_view member) {
  return fmt::to_string(value.integer_at(member));
}

std::vector<std::string> head(Language language, std::vector<std::string> french,
                              std::vector<std::string> english) {
  return language == Language::French ? std::move(french) : std::move(english);
}

/// "2026-07-14 19:00" as the interface wants it.
std::string wall_time(std::string text) {
  if (const auto blank = text.find(' '); blank != std::string::npos) text[blank] = 'T';
  return text;
}

/// --busy 103,104 and the like, as assumptions.
Value assumptions(Task& task) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kStates{
      {{"busy", "busy"},
       {"dnd", "dnd"},
       {"no-answer", "no_answer"},
       {"unregistered", "unregistered"},
       {"down", "down"},
       {"congestion", "congestion"}}};
  Value all = Value::list();
  for (const auto& [option, state] : kStates) {
    const auto who = task.arguments.take(option);
    if (!who) continue;
    for (const auto each : text::split(*who, ',')) {
      if (!text::trim(each).empty()) all.push(Value::object({{"who", text::trim(each)}, {"state", state}}));
    }
  }
  return all;
}

Value question_of(Task& task) {
  const auto trunk = task.arguments.take("trunk");
  Value from = trunk ? Value::object({{"trunk_name", *trunk}, {"caller_number", task.arguments.word(1)}})
                     : Value::object({{"caller", task.arguments.word(1)}});
  Value question = Value::object({{"from", std::move(from)}, {"dialled", task.arguments.word(2)}});
  if (const auto at = task.arguments.take("at")) question.set("at", wall_time(*at));
  question.set("assume", assumptions(task));
  return question;
}

void print_path(const Value& simulation, Language language) {
  for (const Value& stage : items_of(simulation, "stages")) {
    print(fmt::format("{}\n", stage.text_at("title")));
    for (const Value& step : items_of(stage, "steps"))
      print(fmt::format("  {} {}\n", step.boolean_at("met") ? "+" : "-", step.text_at("sentence")));
    print(fmt::format("  = {}\n", stage.text_at("sentence")));
    if (const std::string next = stage.text_at("outcome"); !next.empty())
      print(
          fmt::format(fmt::runtime(in(language, "    on suppose : {}\n", "    it is assumed: {}\n")), next));
  }
  for (const Value& sent : items_of(simulation, "sip")) {
    print(fmt::format("\nINVITE {}   ({})\n", sent.text_at("request_uri"), sent.text_at("name")));
    for (const Value& header : items_of(sent, "headers"))
      print(fmt::format("  {}: {}\n", header.text_at("name"), header.text_at("value")));
  }
  print(fmt::format("\n{}\n", simulation.text_at("sentence")));
}

void print_findings(const Value& answer, Language language) {
  for (const Value& finding : items_of(answer, "items")) {
    print(fmt::format("{:<8} {}\n", finding.text_at("severity"), finding.text_at("sentence")));
    const Value* fix = finding.find("fix");
    if (fix != nullptr && fix->is_object())
      print(fmt::format(fmt::runtime(in(language, "         remède : {}\n", "         cure: {}\n")),
                        fix->text_at("sentence")));
  }
  if (items_of(answer, "items").empty())
    print(in(language, "Rien à redire au plan de numérotation.\n",
             "Nothing is wrong with the numbering plan.\n"));
}

std::string range_text(const Value& context) {
  std::string text;
  for (const Value& range : items_of(context, "ranges")) {
    text += fmt::format("{}{} {}-{} ({}/{})", text.empty() ? "" : ", ", range.text_at("use"),
                        range.text_at("start"), range.text_at("end"), range.integer_at("used"),
                        range.integer_at("size"));
  }
  return text;
}

std::string help_text(const Value& context, Language language) {
  const Value* help = context.find("help");
  if (help == nullptr || !help->is_object()) return "-";
  return help->boolean_at("proven") ? in(language, "oui", "yes") : help->text_at("sentence");
}

void print_map(const Value& map, Language language) {
  std::vector<std::vector<std::string>> rows;
  for (const Value& context : items_of(map, "contexts")) {
    rows.push_back({context.text_at("name"), number_of(context, "phones"), number_of(context, "numbers"),
                    number_of(context, "patterns"), number_of(context, "shadowed"), range_text(context),
                    help_text(context, language)});
  }
  print(table(
      head(language, {"Contexte", "Téléphones", "Numéros", "Modèles", "Cachés", "Plages (pris)", "Secours"},
           {"Context", "Phones", "Numbers", "Patterns", "Hidden", "Ranges (taken)", "Help"}),
      rows));
}

void print_numbers(const Value& page, Language language) {
  std::vector<std::vector<std::string>> rows;
  for (const Value& number : items_of(page, "items")) {
    const Value* hidden = number.find("shadowed_by");
    rows.push_back({number.text_at("exten"), number.text_at("type"), name_of(number, "context"),
                    number.text_at("state"), number_of(number, "phones"),
                    hidden == nullptr ? std::string() : hidden->text_at("label")});
  }
  print(table(head(language, {"Numéro", "Sorte", "Contexte", "État", "Téléphones", "Caché par"},
                   {"Number", "Type", "Context", "State", "Phones", "Hidden by"}),
              rows));
}

void print_proofs(const Value& page, Language language) {
  std::vector<std::vector<std::string>> rows;
  for (const Value& phone : items_of(page, "items")) {
    std::string ways;
    for (const Value& call : items_of(phone, "calls")) {
      const std::string trunk = call.boolean_at("reached") ? name_of(call, "trunk") : "!";
      ways += fmt::format("{}{}:{}", ways.empty() ? "" : " ", call.text_at("number"), trunk);
    }
    rows.push_back({name_of(phone, "line"), name_of(phone, "user"), name_of(phone, "context"),
                    phone.boolean_at("proven") ? in(language, "oui", "yes") : in(language, "non", "no"),
                    ways});
  }
  print(table(head(language, {"Ligne", "Utilisateur", "Contexte", "Secours", "Par"},
                   {"Line", "User", "Context", "Help", "By"}),
              rows));
  print(fmt::format(
      fmt::runtime(in(language, "{} joignent les secours, {} non.\n", "{} reach help, {} do not.\n")),
      page.integer_at("proven"), page.integer_at("unproven")));
}

/// What is asked for, with the options that the interface knows as parameters.
Outcome<Value> ask(Task& task, const std::string& path, std::initializer_list<const char*> options) {
  std::string query;
  for (const char* option : options) {
    if (const auto value = task.arguments.take(option))
      query += fmt::format("{}{}={}", query.empty() ? "?" : "&", option, encoded(*value));
  }
  if (auto left = task.arguments.nothing_left(task.language()); !left) return Unexpected{left.error()};
  const auto reply = task.api().get(path + query);
  if (!reply) return Unexpected{reply.error()};
  return reply->json;
}

using Show = void (*)(const Value& answer, Language language);
Outcome<void> show(const Task& task, const Outcome<Value>& answer, Show in_words) {
  if (!answer) return Unexpected{answer.error()};
  if (task.json) {
    print(pretty(*answer));
  } else {
    in_words(*answer, task.language());
  }
  return {};
}

void print_runs(const Value& answer, Language language) {
  for (const Value& run : items_of(answer, "items")) {
    print(fmt::format("{} {}\n", run.boolean_at("passed") ? "✓" : "✗", run.text_at("name")));
    if (!run.boolean_at("passed"))
      print(fmt::format("    {}\n    {}\n", run.text_at("expected"), run.text_at("happened")));
  }
  print(fmt::format(fmt::runtime(in(language, "{} passent, {} échouent.\n", "{} pass, {} fail.\n")),
                    answer.integer_at("passed"), answer.integer_at("failed")));
}

void print_impact(const Value& impact, Language language) {
  print(impact.text_at("sentence") + "\n");
  for (const Value& each : items_of(impact, "references"))
    print(fmt::format(fmt::runtime(in(language, "  « {} » ({}) s'y réfère par « {} »\n",
                                      "  \"{}\" ({}) refers to it by \"{}\"\n")),
                      each.text_at("label"), each.text_at("kind"), each.text_at("title")));
  for (const std::string_view part : {"numbers", "callers"}) {
    for (const Value& each : items_of(impact, part)) print(fmt::format("  {}\n", each.text_at("sentence")));
  }
  for (const Value& each : items_of(impact, "scenarios"))
    print(fmt::format("  ✗ {}: {}\n", each.text_at("name"), each.text_at("happened")));
}

}  // namespace

Outcome<void> run_route_command(Task& task) {
  if (task.arguments.take_flag("help") || task.arguments.words().size() != 3) {
    return failed(
        kUsage,
        "xivo route CALLER NUMBER [--at \"2026-07-14 19:00\"] [--trunk TRUNK] [--busy A,B] [--dnd A] "
        "[--no-answer A] [--unregistered A] [--down TRUNK] [--congestion TRUNK] [--json]");
  }
  const Value question = question_of(task);
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto reply = task.api().post("/routing/simulations", question);
  return show(task, reply ? Outcome<Value>(reply->json) : Outcome<Value>(Unexpected{reply.error()}),
              print_path);
}

Outcome<void> run_numbering_command(Task& task) {
  const std::string verb = task.arguments.word(1);
  if (verb == "map") return show(task, ask(task, "/numbering/map", {}), print_map);
  if (verb == "numbers")
    return show(task, ask(task, "/numbering/map/numbers", {"context", "state", "search", "limit", "offset"}),
                print_numbers);
  if (verb == "emergency")
    return show(task, ask(task, "/numbering/map/emergency", {"proven", "search", "limit", "offset"}),
                print_proofs);
  return failed(
      kUsage,
      "xivo numbering map | numbers [--context ID] [--state reached|shadowed|disabled|unreachable] "
      "[--search DIGITS] | emergency [--proven true|false] [--search NAME] [--limit N] [--offset N]");
}

Outcome<void> check_configuration(Task& task) {
  const auto answer = ask(task, "/configuration/findings", {});
  if (auto shown = show(task, answer, print_findings); !shown) return shown;
  const auto& items = items_of(*answer, "items");
  const auto blocks = std::count_if(items.begin(), items.end(),
                                    [](const Value& each) { return each.text_at("severity") == "block"; });
  if (blocks == 0) return {};
  return failed(
      kCommandFailed,
      fmt::format(fmt::runtime(in(task.language(), "{} constats bloquants", "{} findings that block")),
                  blocks));
}

Outcome<void> run_scenarios(Task& task, const KindInfo& kind) {
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  Value ids = Value::list();
  for (std::size_t at = 2; at < task.arguments.words().size(); ++at) {
    const auto id = task.directory.find(kind, task.arguments.word(at));
    if (!id) return Unexpected{id.error()};
    ids.push(*id);
  }
  const auto reply = task.api().post("/scenarios/runs", Value::object({{"scenarios", std::move(ids)}}));
  if (!reply) return Unexpected{reply.error()};
  if (auto shown = show(task, reply->json, print_runs); !shown) return shown;
  if (reply->json.integer_at("failed") == 0) return {};
  return failed(kCommandFailed, in(task.language(), "des scénarios échouent", "scenarios fail"));
}

Outcome<void> show_impact(Task& task, const KindInfo& kind) {
  if (task.arguments.word(2).empty()) return failed(kUsage, fmt::format("xivo {} impact OBJECT", kind.name));
  const auto id = task.directory.find(kind, task.arguments.word(2));
  if (!id) return Unexpected{id.error()};
  return show(task, ask(task, fmt::format("/configuration/impact?kind={}&id={}", kind.name, *id), {}),
              print_impact);
}

}  // namespace xivo::cli
