#include "api/object_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/configuration/owned.hpp"
#include "api/configuration/transaction_routes.hpp"
#include "api/object_list.hpp"
#include "api/planning/review_values.hpp"
#include "api/planning/run_body.hpp"
#include "base/text.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::KindSchema;
using model::Value;

std::string etag_of(std::int64_t revision) { return fmt::format("\"{}\"", revision); }

/// The revisions that If-Match or If-None-Match names; nothing for "*" or when the header is absent.
std::optional<std::vector<std::int64_t>> named_revisions(const http::Request& request,
                                                         std::string_view header) {
  const auto value = request.header(header);
  if (!value || text::trim(*value) == "*") return std::nullopt;
  std::vector<std::int64_t> revisions;
  for (std::string_view part : text::split(*value, ',')) {
    part = text::trim(part);
    if (part.starts_with("W/")) part.remove_prefix(2);
    if (part.size() < 3 || part.front() != '"' || part.back() != '"') continue;
    if (const auto number = text::parse_decimal<std::int64_t>(part.substr(1, part.size() - 2))) {
      revisions.push_back(*number);
    }
  }
  return revisions;
}

std::optional<std::int64_t> captured_id(const Exchange& exchange, const KindSchema& kind) {
  if (kind.spec().singleton) return model::kSingletonId;
  const auto id = text::parse_decimal<std::int64_t>(exchange.captured.at(0));
  if (!id || *id < 1) exchange.refuse(Refusal::NotFound);
  return id && *id >= 1 ? id : std::nullopt;
}

/// PUT says the whole object: what it leaves out gets its default. A secret cannot be read, so leaving it out keeps it.
void fill_defaults(Value& fields, const KindSchema& kind) {
  for (const model::Field& field : kind.fields()) {
    if (field.read_only || field.write_only() || fields.find(field.name)) continue;
    fields.set(field.name, Value());
  }
}

ParameterSpec id_parameter() {
  return {"id",
          "path",
          Value::object({{"type", "integer"}, {"minimum", 1}}),
          {"Numéro de l'objet", "The object's number"}};
}

ParameterSpec reason_parameter() {
  return query_parameter("reason", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                         {"Motif, gardé dans l'historique", "Why, kept in the history"});
}

ParameterSpec owned_parameter() {
  return query_parameter(
      "owned",
      Value::object(
          {{"type", "string"}, {"enum", Value::List{Value("false"), Value("true")}}, {"default", "false"}}),
      {"Supprimer aussi ce qui appartient à l'objet", "Delete what belongs to the object, too"});
}

ParameterSpec at_parameter() {
  return query_parameter("at", Value::object({{"type", "integer"}, {"minimum", 0}}),
                         {"Comme c'était à cette révision", "As it was at this revision"});
}

std::optional<std::int64_t> read_at(Parameters& parameters) {
  constexpr std::int64_t kNow = -1;
  const auto at = parameters.integer("at", {}, kNow);
  return at == kNow ? std::nullopt : std::optional(at);
}

ParameterSpec if_match_parameter() {
  return {"If-Match",
          "header",
          Value::object({{"type", "string"}, {"examples", Value::List{Value("\"12\"")}}}),
          {"ETag vu par le client ; refus si l'objet a changé depuis",
           "The ETag the client has seen; refused when the object has changed since"}};
}

std::vector<ParameterSpec> list_parameters(const KindSchema& kind) {
  Value::List orders{Value("id")};
  std::vector<ParameterSpec> parameters{
      query_parameter("search", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                      {"Texte à chercher, sans égard aux accents ni à la casse",
                       "Text to look for, whatever its case and accents"})};
  for (const model::Field& field : kind.fields()) {
    if (field.write_only()) continue;
    orders.emplace_back(field.name);
    parameters.push_back(query_parameter(
        std::string(field.name), Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
        {fmt::format("Seulement si « {} » vaut ceci", field.title.french),
         fmt::format("Only where \"{}\" is this", field.title.english)}));
  }
  parameters.push_back(query_parameter(
      "order", Value::object({{"type", "string"}, {"enum", std::move(orders)}, {"default", "id"}}),
      {"Champ de tri", "Field to order by"}));
  parameters.push_back(query_parameter(
      "direction",
      Value::object(
          {{"type", "string"}, {"enum", Value::List{Value("asc"), Value("desc")}}, {"default", "asc"}}),
      {"Sens du tri", "Direction of the order"}));
  parameters.push_back(at_parameter());
  for (auto& parameter : page_parameters()) parameters.push_back(std::move(parameter));
  return parameters;
}

AnswerSpec tried() {
  return {200,
          {"Avec dry_run : ce qui changerait ; d'une suppression, ce qu'elle casse",
           "With dry_run: what would change; of a deletion, what it breaks"},
          "TransactionResult"};
}

const std::vector<Refusal>& write_refusals() {
  static const std::vector<Refusal> kRefusals{Refusal::Malformed, Refusal::Conflict, Refusal::WrongMediaType,
                                              Refusal::Invalid,   Refusal::Busy,     Refusal::StorageFailed};
  return kRefusals;
}

std::vector<Refusal> object_write_refusals() {
  auto refusals = write_refusals();
  refusals.push_back(Refusal::NotFound);
  refusals.push_back(Refusal::PreconditionFailed);
  return refusals;
}

/// Runs in the writer's thread.
void answer_write(const Exchange& exchange, const KindSchema& kind, Change::Op op,
                  const store::Reviewed& applied) {
  if (op == Change::Op::Delete) {
    const auto& review = applied.review;
    if (review.findings.empty() && review.broken_scenarios.empty()) return exchange.no_content();
    return exchange.json(200, transaction_value(applied, false, exchange.language));
  }
  const std::int64_t id = applied.ids.at(0);
  Value object = model::object_value(*applied.config, kind, id);
  add_owned(*applied.config, kind, object);
  add_told(object, applied.review, exchange.language);
  http::Headers headers{{"ETag", etag_of(object.integer_at("revision"))}};
  if (op == Change::Op::Create) {
    headers.push_back({"Location", fmt::format("/api/v1/{}/{}", kind.plural(), id)});
  }
  exchange.json(op == Change::Op::Create ? 201 : 200, object, std::move(headers));
}

void answer_object(const Exchange& exchange, const model::Config& config, const KindSchema& kind,
                   std::int64_t id) {
  Value object = model::object_value(config, kind, id);
  if (object.is_null()) return exchange.refuse(Refusal::NotFound);
  add_owned(config, kind, object);
  const std::int64_t revision = object.integer_at("revision");
  http::Headers headers{{"ETag", etag_of(revision)}};
  const auto seen = named_revisions(exchange.request, "if-none-match");
  // What belongs to an object may change without it.
  if (kind.spec().owned.empty() && seen && std::find(seen->begin(), seen->end(), revision) != seen->end()) {
    return exchange.json_text(304, {}, std::move(headers));
  }
  exchange.json(200, object, std::move(headers));
}

std::string scope_of(const KindSchema& kind, std::string_view action) {
  return fmt::format("{}:{}", kind.name(), action);
}

}  // namespace

std::string component_name(const KindSchema& kind) {
  std::string name;
  bool upper = true;
  for (const char c : kind.name()) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    upper = false;
  }
  return name;
}

void ObjectRoutes::add_routes(std::vector<Route>& routes) {
  for (const KindSchema* kind : model::kinds()) {
    if (!kind->spec().singleton) add_collection_routes(routes, *kind);
    add_object_routes(routes, *kind);
  }
}

void ObjectRoutes::add_collection_routes(std::vector<Route>& routes, const KindSchema& kind) {
  const auto& spec = kind.spec();
  const std::string name = component_name(kind);
  const std::string path = fmt::format("/{}", kind.plural());
  routes.push_back({.method = "GET",
                    .path = path,
                    .scope = scope_of(kind, "read"),
                    .id = fmt::format("list_{}", kind.plural()),
                    .tag = std::string(kind.plural()),
                    .summary = {fmt::format("{} : liste", spec.plural_title.french),
                                fmt::format("List {}", spec.plural_title.english)},
                    .parameters = list_parameters(kind),
                    .answers = {{200, spec.plural_title, name + "Page"}},
                    .refusals = {Refusal::BadParameter, Refusal::Busy},
                    .handler = [this, &kind](const ExchangePtr& exchange) { list(exchange, kind); }});
  if (spec.fixed) return;
  routes.push_back(
      {.method = "POST",
       .path = path,
       .scope = scope_of(kind, "write"),
       .id = fmt::format("create_{}", kind.name()),
       .tag = std::string(kind.plural()),
       .summary = {fmt::format("{} : créer", spec.title.french),
                   fmt::format("Create {}", spec.title.english)},
       .parameters = {reason_parameter(), force_parameter(), dry_run_parameter()},
       .body = name + "Create",
       .answers = {{201, {"Créé ; Location dit où", "Created; Location says where"}, name}, tried()},
       .refusals = write_refusals(),
       .handler = [this, &kind](const ExchangePtr& exchange) { create(exchange, kind); }});
}

void ObjectRoutes::add_object_routes(std::vector<Route>& routes, const KindSchema& kind) {
  const auto& spec = kind.spec();
  const std::string name = component_name(kind);
  const bool single = spec.singleton;
  const std::string path =
      single ? fmt::format("/{}", kind.name()) : fmt::format("/{}/{{id}}", kind.plural());
  const auto parameters = [&](std::vector<ParameterSpec> more) {
    if (!single) more.insert(more.begin(), id_parameter());
    return more;
  };
  const auto add = [&](std::string method, std::string_view verb, Wording summary, Route rest) {
    rest.method = std::move(method);
    rest.path = path;
    rest.scope = scope_of(kind, rest.method == "GET" ? "read" : "write");
    rest.id = fmt::format("{}_{}", verb, kind.name());
    rest.tag = std::string(kind.plural());
    rest.summary = {fmt::format("{} : {}", spec.title.french, summary.french),
                    fmt::format("{} {}", summary.english, spec.title.english)};
    routes.push_back(std::move(rest));
  };
  add("GET", "show", {"voir", "Show"},
      {.parameters = parameters({at_parameter()}),
       .answers = {{200, spec.title, name}},
       .refusals = {Refusal::NotFound},
       .handler = [this, &kind](const ExchangePtr& exchange) { show(exchange, kind); }});
  add("PUT", "replace",
      {"remplacer (les champs absents reprennent leur valeur par défaut)",
       "Replace (fields left out get their default):"},
      {.parameters =
           parameters({if_match_parameter(), reason_parameter(), force_parameter(), dry_run_parameter()}),
       .body = name + "Create",
       .answers = {{200, spec.title, name}},
       .refusals = object_write_refusals(),
       .handler = [this, &kind](const ExchangePtr& exchange) { update(exchange, kind, true); }});
  add("PATCH", "change", {"modifier les champs donnés", "Change the given fields of"},
      {.parameters =
           parameters({if_match_parameter(), reason_parameter(), force_parameter(), dry_run_parameter()}),
       .body = name + "Change",
       .answers = {{200, spec.title, name}},
       .refusals = object_write_refusals(),
       .handler = [this, &kind](const ExchangePtr& exchange) { update(exchange, kind, false); }});
  if (single || spec.fixed) return;
  auto removal =
      parameters({if_match_parameter(), reason_parameter(), force_parameter(), dry_run_parameter()});
  if (!spec.owned.empty()) removal.push_back(owned_parameter());
  add("DELETE", "delete", {"supprimer", "Delete"},
      {.parameters = std::move(removal),
       .answers = {{204, {"Supprimé", "Deleted"}, ""}, tried()},
       .refusals = {Refusal::NotFound, Refusal::Conflict, Refusal::PreconditionFailed, Refusal::Busy,
                    Refusal::StorageFailed},
       .handler = [this, &kind](const ExchangePtr& exchange) { remove(exchange, kind); }});
}

void ObjectRoutes::list(const ExchangePtr& exchange, const KindSchema& kind) {
  Parameters parameters(*exchange);
  auto query = ObjectQuery::read(parameters, kind);
  const auto at = read_at(parameters);
  if (!parameters.finish()) return;
  if (at) {
    return history_->as_of(exchange, *at, [exchange, &kind, query](const model::Config& config) {
      exchange->json(200, list_objects(config, kind, query));
    });
  }
  auto work = [exchange, &kind, query = std::move(query), config = config_.current()] {
    exchange->json(200, list_objects(*config, kind, query));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void ObjectRoutes::show(const ExchangePtr& exchange, const KindSchema& kind) {
  const auto id = captured_id(*exchange, kind);
  if (!id) return;
  Parameters parameters(*exchange);
  const auto at = read_at(parameters);
  if (!parameters.finish()) return;
  if (!at) return answer_object(*exchange, *config_.current(), kind, *id);
  history_->as_of(exchange, *at, [exchange, &kind, id](const model::Config& config) {
    answer_object(*exchange, config, kind, *id);
  });
}

void ObjectRoutes::create(const ExchangePtr& exchange, const KindSchema& kind) {
  auto fields = exchange->json_body();
  if (!fields) return;
  runtime::SystemRng rng;
  write(exchange, kind, creation_of(*config_.current(), kind, std::move(*fields), rng));
}

void ObjectRoutes::update(const ExchangePtr& exchange, const KindSchema& kind, bool replace) {
  const auto id = captured_id(*exchange, kind);
  if (!id) return;
  auto fields = exchange->json_body();
  if (!fields) return;
  strip_owned(kind, *fields);
  strip_told(*fields);
  if (replace) fill_defaults(*fields, kind);
  write(exchange, kind,
        {{std::string(kind.name()), Change::Op::Update, *id, std::move(*fields), std::nullopt}});
}

void ObjectRoutes::remove(const ExchangePtr& exchange, const KindSchema& kind) {
  const auto id = captured_id(*exchange, kind);
  if (!id) return;
  if (!kind.spec().owned.empty() && exchange->request.parameter("owned") == "true")
    return write(exchange, kind, removal_of(*config_.current(), kind, *id));
  write(exchange, kind, {{std::string(kind.name()), Change::Op::Delete, *id, Value(), std::nullopt}});
}

void ObjectRoutes::write(const ExchangePtr& exchange, const KindSchema& kind, std::vector<Change> changes) {
  Parameters parameters(*exchange);
  Change& change = changes.front();
  if (change.op == Change::Op::Delete && !kind.spec().owned.empty())
    parameters.choice("owned", {"false", "true"});
  const auto reason = parameters.text("reason");
  ChangeDesk::Wish wish;
  wish.dry_run = read_dry_run(parameters);
  wish.force = read_force(parameters);
  if (!parameters.finish()) return;
  wish.if_match = exchange->request.header("if-match").has_value();
  if (const auto seen = named_revisions(exchange->request, "if-match");
      seen && change.op != Change::Op::Create) {
    const std::int64_t now = model::table_of(*config_.current(), kind).revision_of(change.id);
    // 0 is no object's revision: a header that names none we could have given out fits nothing.
    change.base_revision = seen->empty() ? 0 : seen->front();
    if (std::find(seen->begin(), seen->end(), now) != seen->end()) change.base_revision = now;
  }
  const auto op = change.op;
  if (op == Change::Op::Delete && wish.dry_run) {
    wish.complete = [language = exchange->language, &kind, id = change.id, config = config_.current(),
                     desk = desk_](const store::Reviewed& applied, Value& answer) {
      const auto now = std::chrono::floor<std::chrono::seconds>(applied.wall);
      const auto impact = model::impact::impact_of(config, kind, id, desk->reviewer(), now);
      answer.set("impact", impact_value(impact, *config, language));
    };
  }
  wish.transaction.changes = std::move(changes);
  wish.transaction.message = reason.value_or("");
  desk_->run(exchange, std::move(wish), [exchange, &kind, op](const store::Reviewed& applied) {
    answer_write(*exchange, kind, op, applied);
  });
}

}  // namespace xivo::api
