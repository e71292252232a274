#include "api/configuration/revision_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/configuration/difference.hpp"
#include "api/configuration/rollback.hpp"
#include "api/configuration/transaction_body.hpp"
#include "api/configuration/transaction_routes.hpp"
#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/history/revision_message.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::RevisionNumber;
using model::Value;

constexpr std::int64_t kRevisionsMax = 200;
constexpr std::size_t kListedChangesMax = 20;  // objects of one revision in a list

ParameterSpec number_parameter() {
  return {"id",
          "path",
          Value::object({{"type", "integer"}, {"minimum", 1}}),
          {"Numéro de la révision", "The revision's number"}};
}

Value text_schema() { return Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}); }

std::vector<ParameterSpec> list_parameters() {
  return {
      query_parameter(
          "limit",
          Value::object({{"type", "integer"}, {"minimum", 1}, {"maximum", kRevisionsMax}, {"default", 50}}),
          {"Nombre d'éléments au plus", "How many items at most"}),
      query_parameter("before", Value::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}}),
                      {"Seulement les révisions antérieures à celle-ci ; 0 : les plus récentes",
                       "Only revisions before this one; 0: the newest"}),
      query_parameter("kind", text_schema(),
                      {"Seulement celles qui ont changé un objet de ce genre",
                       "Only those that changed an object of this kind"}),
      query_parameter("object", Value::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}}),
                      {"Et celui-ci parmi eux", "And this one of them"}),
      query_parameter("author", text_schema(), {"Seulement celles de cet auteur", "Only this author's"})};
}

std::optional<RevisionNumber> captured_number(const Exchange& exchange) {
  const auto number = text::parse_decimal<RevisionNumber>(exchange.captured.at(0));
  if (!number || *number < 1) exchange.refuse(Refusal::NotFound);
  return number && *number >= 1 ? number : std::nullopt;
}

Value listed_value(const store::ListedRevision& listed, model::Language language) {
  Value value = revision_head(listed.record, language);
  value.set("changes", listed.changes);
  value.set("difference", shown_difference(listed.record.difference, language, kListedChangesMax));
  return value;
}

/// Runs on a worker.
void answer_list(const Exchange& exchange, store::ConfigHistory& past, const store::RevisionFilter& filter) {
  const auto revisions = past.revisions(filter);
  if (!revisions) return exchange.refuse(storage_refusal(revisions.error(), exchange.language));
  Value::List items;
  for (const auto& listed : *revisions) items.push_back(listed_value(listed, exchange.language));
  const bool more = static_cast<int>(items.size()) == filter.limit && revisions->back().record.number > 1;
  exchange.json(200, Value::object({{"items", std::move(items)},
                                    {"next", more ? Value(revisions->back().record.number) : Value()}}));
}

void answer_one(const Exchange& exchange, store::ConfigHistory& past, RevisionNumber number) {
  const auto record = past.revision(number);
  if (!record) return exchange.refuse(storage_refusal(record.error(), exchange.language));
  if (!*record) return exchange.refuse(Refusal::NotFound);
  Value value = revision_head(**record, exchange.language);
  const Value difference = shown_difference((*record)->difference, exchange.language, model::kChangesMax);
  value.set("changes", std::ssize(*difference.items()));
  Value::List shown = *difference.items();
  if (shown.size() > kShownChangesMax) shown.resize(kShownChangesMax);
  value.set("difference", std::move(shown));
  exchange.json(200, value);
}

/// Always from the older to the newer, whichever was named first.
void answer_comparison(const Exchange& exchange, store::ConfigHistory& past, RevisionNumber one,
                       RevisionNumber other) {
  const auto newest = past.newest();
  if (!newest) return exchange.refuse(storage_refusal(newest.error(), exchange.language));
  const auto [from, to] = std::minmax(one, other);
  if (to > *newest) return exchange.refuse(Refusal::NotFound);
  const auto changes = past.changes(from, to, kRollbackMax);
  if (!changes) return exchange.refuse(storage_refusal(changes.error(), exchange.language));
  exchange.json(200, Value::object({{"from", from},
                                    {"to", to},
                                    {"changes", std::ssize(*changes)},
                                    {"difference", shown_difference(*changes, exchange.language)}}));
}

// ------------------------------------------------------------------------------------------ taking back

/// What a client wants of a rollback.
struct RollbackWish {
  RevisionNumber number = 0;
  bool whole = false;  // return to the revision, instead of undoing it alone
  bool dry_run = false;
  bool force = false;
  std::string message;
};

/// What is wrong with the body; empty when nothing is.
Value::List read_body(const Exchange& exchange, const Value& body, RollbackWish& wish) {
  Value::List problems;
  const auto wrong = [&](std::string_view rule, std::string_view field, std::string message) {
    problems.push_back(Value::object({{"rule", rule}, {"message", std::move(message)}, {"field", field}}));
  };
  const std::string mode = body.text_at("mode");
  if (mode != "undo" && mode != "return")
    wrong("unknown-choice", "mode",
          exchange.say("« mode » doit être undo ou return", "\"mode\" has to be undo or return"));
  wish.whole = mode == "return";
  for (const auto& member : *body.members()) {
    if (member.name == "mode") continue;
    if (member.name == "dry_run" && member.value.boolean()) {
      wish.dry_run |= *member.value.boolean();
    } else if (member.name == "message" && member.value.text() &&
               std::ssize(*member.value.text()) <= kMessageMax) {
      wish.message = *member.value.text();
    } else {
      const bool known = member.name == "dry_run" || member.name == "message";
      wrong(known ? "wrong-type" : "unknown-field", member.name,
            exchange.say("Cela n'est pas admis ici", "This is not acceptable here"));
    }
  }
  return problems;
}

Value obstacle_value(const Obstacle& obstacle, model::Language language) {
  const model::KindSchema* kind = model::find_kind(obstacle.kind);
  const model::Field* field = kind == nullptr ? nullptr : kind->field(obstacle.field);
  const bool french = language == model::Language::French;
  const std::string message =
      field == nullptr
          ? fmt::format(fmt::runtime(french ? "« {} » a été modifié depuis, par la révision {}"
                                            : "\"{}\" was changed since, by revision {}"),
                        obstacle.name, obstacle.revision)
          : fmt::format(fmt::runtime(french ? "« {} » de « {} » a été modifié depuis, par la révision {}"
                                            : "\"{}\" of \"{}\" was changed since, by revision {}"),
                        field->title.in(language), obstacle.name, obstacle.revision);
  Value value = Value::object(
      {{"rule", "changed-since"},
       {"message", message},
       {"object", Value::object({{"kind", obstacle.kind}, {"id", obstacle.id}, {"name", obstacle.name}})}});
  if (!obstacle.field.empty()) value.set("field", obstacle.field);
  value.set("facts", Value::object({{"revision", fmt::to_string(obstacle.revision)}}));
  return value;
}

/// Later changes stand in the way: which, whose, and what they were.
void refuse_for(const Exchange& exchange, store::ConfigHistory& past,
                const std::vector<Obstacle>& obstacles) {
  ProblemDocument document;
  document.refusal = Refusal::Conflict;
  RevisionNumber latest = 0;
  for (const auto& obstacle : obstacles) {
    if (document.problems.size() == kShownChangesMax) break;
    document.problems.push_back(obstacle_value(obstacle, exchange.language));
    latest = std::max(latest, obstacle.revision);
  }
  document.detail = document.problems.front().text_at("message");
  const auto record = past.revision(latest);
  if (record && *record) {
    document.other =
        Value::object({{"revision", latest},
                       {"author", (*record)->author},
                       {"at", time_text((*record)->wall)},
                       {"message", model::worded_message((*record)->message, exchange.language)},
                       {"difference", shown_difference((*record)->difference, exchange.language, 20)}});
  }
  exchange.refuse(document);
}

std::string default_message(const RollbackWish& wish) {
  return model::revision_message(wish.whole ? model::RevisionMessage::Return : model::RevisionMessage::Undo,
                                 fmt::to_string(wish.number));
}

}  // namespace

void RevisionRoutes::add_routes(std::vector<Route>& routes) {
  const std::vector<Refusal> refusals{Refusal::BadParameter, Refusal::NotFound, Refusal::Busy,
                                      Refusal::StorageFailed};
  routes.push_back({.method = "GET",
                    .path = "/revisions",
                    .scope = "history:read",
                    .id = "list_revisions",
                    .tag = "configuration",
                    .summary = {"Historique de la configuration, le plus récent d'abord",
                                "History of the configuration, newest first"},
                    .parameters = list_parameters(),
                    .answers = {{200, {"Révisions", "Revisions"}, "RevisionPage"}},
                    .refusals = {Refusal::BadParameter, Refusal::Busy, Refusal::StorageFailed},
                    .handler = [this](const ExchangePtr& exchange) { list(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/revisions/{id}",
                    .scope = "history:read",
                    .id = "show_revision",
                    .tag = "configuration",
                    .summary = {"Une révision et ce qu'elle a changé", "One revision and what it changed"},
                    .parameters = {number_parameter()},
                    .answers = {{200, {"La révision", "The revision"}, "Revision"}},
                    .refusals = refusals,
                    .handler = [this](const ExchangePtr& exchange) { show(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/revisions/{id}/difference",
                    .scope = "history:read",
                    .id = "compare_revisions",
                    .tag = "configuration",
                    .summary = {"Ce qui a changé entre deux révisions, de la plus ancienne à la plus récente",
                                "What changed between two revisions, from the older to the newer"},
                    .parameters = {number_parameter(),
                                   query_parameter("to", Value::object({{"type", "integer"}, {"minimum", 0}}),
                                                   {"L'autre révision ; absent : la précédente",
                                                    "The other revision; absent: the one before"})},
                    .answers = {{200, {"La différence", "The difference"}, "RevisionDifference"}},
                    .refusals = refusals,
                    .handler = [this](const ExchangePtr& exchange) { compare(exchange); }});
  routes.push_back(
      {.method = "POST",
       .path = "/revisions/{id}/rollback",
       .scope = "history:rollback",
       .id = "roll_back",
       .tag = "configuration",
       .summary = {"Annuler une révision, ou revenir à son état",
                   "Undo one revision, or return to its state"},
       .parameters = {number_parameter(), force_parameter(), dry_run_parameter()},
       .body = "Rollback",
       .answers = {{200, {"Ce qui a changé, ou changerait", "What changed, or would"}, "TransactionResult"}},
       .refusals = {Refusal::Malformed, Refusal::NotFound, Refusal::Conflict, Refusal::WrongMediaType,
                    Refusal::Invalid, Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { roll_back(exchange); }});
}

void RevisionRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  store::RevisionFilter filter;
  filter.limit = static_cast<int>(parameters.integer("limit", {1, kRevisionsMax}, 50));
  filter.before = parameters.integer("before", {}, 0);
  filter.object = parameters.integer("object", {}, 0);
  filter.author = parameters.text("author").value_or("");
  const std::string kind = parameters.text("kind").value_or("");
  if (const auto* known = model::find_kind(kind)) {
    filter.kind = known->name();
  } else if (!kind.empty()) {
    parameters.wrong("kind", "unknown-kind",
                     exchange->say("Ce genre d'objet n'existe pas", "There is no such kind"));
  }
  if (filter.object != 0 && kind.empty()) {
    parameters.wrong("object", "required",
                     exchange->say("« object » demande « kind »", "\"object\" needs \"kind\""));
  }
  if (!parameters.finish()) return;
  history_->ask(exchange,
                [exchange, filter](store::ConfigHistory& past) { answer_list(*exchange, past, filter); });
}

void RevisionRoutes::show(const ExchangePtr& exchange) {
  const auto number = captured_number(*exchange);
  if (!number) return;
  history_->ask(exchange,
                [exchange, number](store::ConfigHistory& past) { answer_one(*exchange, past, *number); });
}

void RevisionRoutes::compare(const ExchangePtr& exchange) {
  const auto number = captured_number(*exchange);
  if (!number) return;
  Parameters parameters(*exchange);
  const auto other = parameters.integer("to", {}, *number - 1);
  if (!parameters.finish()) return;
  history_->ask(exchange, [exchange, number, other](store::ConfigHistory& past) {
    answer_comparison(*exchange, past, *number, other);
  });
}

void RevisionRoutes::roll_back(const ExchangePtr& exchange) {
  const auto number = captured_number(*exchange);
  if (!number) return;
  RollbackWish wish;
  wish.number = *number;
  Parameters parameters(*exchange);
  wish.dry_run = read_dry_run(parameters);
  wish.force = read_force(parameters);
  if (!parameters.finish()) return;
  const auto body = exchange->json_body();
  if (!body) return;
  if (auto problems = read_body(*exchange, *body, wish); !problems.empty()) {
    ProblemDocument document;
    document.refusal = Refusal::Invalid;
    document.detail = problems.front().text_at("message");
    document.problems = std::move(problems);
    return exchange->refuse(document);
  }
  if (wish.message.empty() && !wish.force) wish.message = default_message(wish);
  history_->ask(exchange, [exchange, wish, &config = config_, desk = desk_](store::ConfigHistory& past) {
    const auto now = config.current();
    if (wish.number > now->revision()) return exchange->refuse(Refusal::NotFound);
    const auto made = wish.whole ? return_to(past, *now, wish.number) : undo_of(past, *now, wish.number);
    if (!made) return exchange->refuse(storage_refusal(made.error(), exchange->language));
    if (!made->obstacles.empty()) return refuse_for(*exchange, past, made->obstacles);
    ChangeDesk::Wish change;
    change.transaction = {.changes = made->changes, .message = wish.message};
    change.dry_run = wish.dry_run;
    change.force = wish.force;
    desk->run(exchange, std::move(change), [exchange](const store::Reviewed& applied) {
      exchange->json(200, transaction_value(applied, false, exchange->language));
    });
  });
}

}  // namespace xivo::api
