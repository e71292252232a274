#include "app/upgrade.hpp"

#include <map>
#include <set>
#include <tuple>

#include "app/seed.hpp"
#include "model/history/revision_message.hpp"
#include "model/schema.hpp"

namespace xivo::app {
namespace {

using model::Change;
using model::Value;

constexpr const char* kContext = "default";  // of a line that said none

struct Number {
  std::string context;
  std::string exten;
  bool operator<(const Number& other) const {
    return std::tie(context, exten) < std::tie(other.context, other.exten);
  }
};

std::string context_of(const Value& line) { return line.text_at("context", kContext); }

Value destination_of(const std::vector<const Value*>& sharing, const std::map<std::int64_t, int>& lines_of) {
  const std::int64_t user = sharing.front()->integer_at("user");
  const bool whole_user = user != 0 && (sharing.size() > 1 || lines_of.at(user) == 1);
  if (whole_user) return Value::object({{"type", "user"}, {"user", user}});
  return Value::object({{"type", "line"}, {"line", sharing.front()->integer_at("id")}});
}

}  // namespace

model::Transaction upgrade_numbers(const model::Config& config, const std::vector<Value>& lines) {
  model::Transaction transaction = first_objects();
  transaction.message = model::revision_message(model::RevisionMessage::NumbersOfLines);
  auto& changes = transaction.changes;
  std::set<std::string> contexts;
  for (const Change& change : changes) {
    if (change.kind == "context") contexts.insert(change.fields.text_at("name"));
  }
  std::map<Number, std::vector<const Value*>> numbers;
  std::map<std::int64_t, int> lines_of;
  for (const Value& line : lines) {
    const std::string context = context_of(line);
    if (contexts.insert(context).second)
      changes.push_back(
          {"context", Change::Op::Create, 0, Value::object({{"name", context}, {"tenant", "default"}}), {}});
    changes.push_back(
        {"line", Change::Op::Update, line.integer_at("id"), Value::object({{"context", context}}), {}});
    if (const std::string exten = line.text_at("exten"); !exten.empty())
      numbers[{context, exten}].push_back(&line);
    ++lines_of[line.integer_at("user")];
  }
  for (const auto& [number, sharing] : numbers) {
    changes.push_back({"extension",
                       Change::Op::Create,
                       0,
                       Value::object({{"exten", number.exten},
                                      {"context", number.context},
                                      {"destination", destination_of(sharing, lines_of)}}),
                       {}});
  }
  if (!config.users().empty())
    changes.push_back(
        {"general", Change::Op::Update, model::kSingletonId, Value::object({{"setup_done", true}}), {}});
  return transaction;
}

}  // namespace xivo::app
