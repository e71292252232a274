#include "api/configuration/transaction_routes.hpp"

#include <fmt/format.h>

#include <array>

#include "api/parameters.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::Value;

constexpr model::JsonLimits kBodyLimits{.bytes_max = 8 << 20, .values_max = 1'000'000};

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
    if (text && std::ssize(*text) <= TransactionRoutes::kMessageMax) return *text;
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

/// Runs on a worker.
void read_and_run(const ExchangePtr& exchange, bool dry_run, ChangeDesk& desk) {
  const auto body = exchange->json_body(kBodyLimits);
  if (!body) return;
  BodyReader reader(*exchange, *body);
  auto wish = reader.read();
  if (!reader.problems().empty()) {
    ProblemDocument document;
    document.refusal = Refusal::Invalid;
    document.detail = reader.problems().front().text_at("message");
    document.problems = std::move(reader.problems());
    return exchange->refuse(document);
  }
  wish.dry_run |= dry_run;
  desk.run(exchange, std::move(wish), [exchange](const store::Reviewed& applied) {
    exchange->json(200, transaction_value(applied, false, exchange->language));
  });
}

}  // namespace

ParameterSpec dry_run_parameter() {
  return query_parameter("dry_run", Value::object({{"type", "boolean"}, {"default", false}}),
                         {"Seulement essayer : la réponse dit ce qui changerait, comme POST /transaction",
                          "Only try: the answer tells what would change, as POST /transaction does"});
}

bool read_dry_run(Parameters& parameters) {
  return parameters.choice("dry_run", {"false", "true"}) == "true";
}

void TransactionRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "POST",
       .path = "/transaction",
       .id = "apply_transaction",
       .tag = "configuration",
       .summary = {"Faire plusieurs modifications ensemble, ou aucune",
                   "Make several changes together, or none of them"},
       .parameters = {dry_run_parameter()},
       .body = "Transaction",
       .answers = {{200, {"Ce qui a changé, ou changerait", "What changed, or would"}, "TransactionResult"}},
       .refusals = {Refusal::Malformed, Refusal::NotFound, Refusal::Conflict, Refusal::WrongMediaType,
                    Refusal::Invalid, Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { apply(exchange); }});
}

void TransactionRoutes::apply(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const bool dry_run = read_dry_run(parameters);
  if (!parameters.finish()) return;
  auto work = [exchange, dry_run, desk = desk_] { read_and_run(exchange, dry_run, *desk); };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
