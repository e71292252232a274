#include "api/configuration/transaction_body.hpp"

#include <fmt/format.h>

#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::Value;

/// Reads the body of POST /transaction strictly, and collects everything that is wrong with it.
class BodyReader {
 public:
  BodyReader(const Exchange& exchange, const Value& body) : exchange_(exchange), body_(body) {}

  ChangeDesk::Wish read() {
    ChangeDesk::Wish wish;
    for (const auto& member : *body_.members()) {
      if (member.name == "message") {
        wish.transaction.message = message(member.value);
      } else if (member.name == "dry_run") {
        if (!member.value.boolean()) wrong("wrong-type", member.name, "un booléen", "a boolean");
        wish.dry_run = member.value.boolean().value_or(false);
      } else if (member.name == "force") {
        if (!member.value.boolean()) wrong("wrong-type", member.name, "un booléen", "a boolean");
        wish.force = member.value.boolean().value_or(false);
      } else if (member.name != "changes") {
        unknown(member.name);
      }
    }
    const Value* changes = body_.find("changes");
    if (changes == nullptr || changes->items() == nullptr || changes->items()->empty()) {
      wrong("required", "changes", "une liste de modifications", "a list of changes");
      return wish;
    }
    for (const Value& item : *changes->items()) {
      wish.transaction.changes.push_back(change(item));
      ++at_;
    }
    return wish;
  }
  [[nodiscard]] Value::List& problems() { return problems_; }

 private:
  static constexpr std::size_t kProblemsMax = 100;

  std::string message(const Value& value) {
    const auto* text = value.text();
    if (text && std::ssize(*text) <= kMessageMax) return *text;
    wrong(text ? "too-long" : "wrong-type", "message", "un texte d'au plus 1000 octets",
          "a text of at most 1000 bytes");
    return {};
  }

  Change change(const Value& item) {
    Change change;
    if (!item.is_object()) {
      wrong("wrong-type", "changes", "des objets", "objects");
      return change;
    }
    for (const auto& member : *item.members()) take(change, member);
    if (model::find_kind(change.kind) == nullptr)
      wrong("unknown-kind", "kind", "le nom d'un genre d'objet", "the name of a kind of object");
    if (item.find("op") == nullptr)
      wrong("required", "op", "create, update ou delete", "create, update or delete");
    if (change.op != Change::Op::Create && change.id == 0)
      wrong("required", "id", "le numéro de l'objet", "the object's number");
    return change;
  }

  void take(Change& change, const Value::Member& member) {
    const Value& value = member.value;
    if (member.name == "kind") {
      if (const auto* text = value.text()) change.kind = *text;
    } else if (member.name == "op") {
      read_op(change, value);
    } else if (member.name == "id") {
      if (!value.integer() && !value.is_null()) wrong("wrong-type", "id", "un nombre", "a number");
      change.id = value.integer().value_or(0);
    } else if (member.name == "fields") {
      if (!value.is_object() && !value.is_null()) wrong("wrong-type", "fields", "un objet", "an object");
      change.fields = value;
    } else if (member.name == "base_revision") {
      if (!value.integer() && !value.is_null()) wrong("wrong-type", "base_revision", "un nombre", "a number");
      change.base_revision = value.integer();
    } else {
      unknown(member.name);
    }
  }

  void read_op(Change& change, const Value& value) {
    for (const auto op : {Change::Op::Create, Change::Op::Update, Change::Op::Delete}) {
      if (value == Value(name(op))) {
        change.op = op;
        return;
      }
    }
    wrong("unknown-choice", "op", "create, update ou delete", "create, update or delete");
  }

  void unknown(const std::string& field) {
    add("unknown-field", field,
        fmt::format(fmt::runtime(exchange_.say("« {} » n'existe pas ici", "There is no \"{}\" here")),
                    field));
  }
  void wrong(std::string_view rule, std::string_view field, std::string_view french,
             std::string_view english) {
    add(rule, field,
        fmt::format(fmt::runtime(exchange_.say("« {} » doit être {}", "\"{}\" has to be {}")), field,
                    exchange_.say(french, english)));
  }
  void add(std::string_view rule, std::string_view field, std::string message) {
    if (problems_.size() == kProblemsMax) return;
    problems_.push_back(
        Value::object({{"rule", rule}, {"message", std::move(message)}, {"field", field}, {"change", at_}}));
  }

  const Exchange& exchange_;
  const Value& body_;
  std::int64_t at_ = 0;
  Value::List problems_;
};

}  // namespace

std::optional<ChangeDesk::Wish> read_transaction(const Exchange& exchange, const Value& body) {
  BodyReader reader(exchange, body);
  auto wish = reader.read();
  if (reader.problems().empty()) return wish;
  ProblemDocument document;
  document.refusal = Refusal::Invalid;
  document.detail = reader.problems().front().text_at("message");
  document.problems = std::move(reader.problems());
  exchange.refuse(document);
  return std::nullopt;
}

}  // namespace xivo::api
