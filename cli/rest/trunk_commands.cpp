#include "cli/rest/trunk_commands.hpp"

#include <fmt/format.h>

#include "cli/rest/output.hpp"
#include "cli/rest/values.hpp"
#include "model/json.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

Value member(const Value& of, std::string_view name) {
  const Value* found = of.find(name);
  return found == nullptr ? Value() : *found;
}

/// "3/10", or "3" without a limit.
std::string channels(const Value& state, std::string_view used, std::string_view most) {
  const Value counts = member(state, "channels");
  const auto limit = counts.integer_at(most);
  return limit == 0 ? fmt::to_string(counts.integer_at(used))
                    : fmt::format("{}/{}", counts.integer_at(used), limit);
}

std::string answering(const Value& state) {
  const Value options = member(state, "options");
  const Value latency = member(options, "latency_ms");
  std::string text = options.text_at("sentence");
  if (latency.integer()) text += fmt::format(" ({} ms)", *latency.integer());
  return text;
}

std::string answered(const Value& state) {
  const Value percent = member(member(member(state, "answer_seizure_ratio"), "out"), "percent");
  return percent.integer() ? fmt::format("{} %", *percent.integer()) : "-";
}

}  // namespace

Outcome<void> show_trunk_states(Task& task) {
  if (auto left = task.arguments.nothing_left(task.language()); !left) return left;
  const auto reply = task.api().get("/trunks/states?limit=500");
  if (!reply) return Unexpected{reply.error()};
  if (task.json) return print(pretty(reply->json)), Outcome<void>();
  std::vector<std::vector<std::string>> rows;
  const Value items = member(reply->json, "items");
  for (const Value& state : items.items() != nullptr ? *items.items() : Value::List()) {
    rows.push_back({state.text_at("name"), member(state, "registration").text_at("sentence"),
                    answering(state), channels(state, "in", "max_in"), channels(state, "out", "max_out"),
                    answered(state)});
  }
  const bool french = task.language() == Language::French;
  print(table(french ? std::vector<std::string>{"Trunk", "Enregistrement", "Réponse", "Entrants", "Sortants",
                                                "Répondus"}
                     : std::vector<std::string>{"Trunk", "Registration", "Answers", "In", "Out", "Answered"},
              rows));
  return {};
}

}  // namespace xivo::cli
