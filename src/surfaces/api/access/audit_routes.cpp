#include "api/access/audit_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/body_check.hpp"
#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/schema.hpp"

namespace xivo::api {

using model::Value;

namespace {

constexpr std::size_t kNameMax = 64;  // bytes of a field's name

Value to_value(const store::AuditEntry& entry) {
  return Value::object({{"id", entry.id},
                        {"at", time_text(entry.at)},
                        {"account", entry.account},
                        {"event", entry.event},
                        {"source", entry.source},
                        {"detail", entry.detail}});
}

std::vector<ParameterSpec> list_parameters() {
  const Value time = Value::object({{"type", "string"}, {"format", "date-time"}});
  Value::List events;
  for (const auto event : audit_event_names()) events.emplace_back(event);
  return {
      query_parameter("since", time, {"À partir de", "At or after"}),
      query_parameter("until", time, {"Avant", "Before"}),
      query_parameter("account", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                      {"Nom du compte", "The account's name"}),
      query_parameter("event", Value::object({{"type", "string"}, {"enum", std::move(events)}}),
                      {"Événement", "Event"}),
      query_parameter(
          "limit",
          Value::object(
              {{"type", "integer"}, {"minimum", 1}, {"maximum", AuditRoutes::kLimitMax}, {"default", 100}}),
          {"Nombre d'éléments au plus", "How many items at most"}),
      query_parameter("before", Value::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}}),
                      {"Seulement les entrées antérieures à celle-ci ; 0 : les plus récentes",
                       "Only entries before this one; 0: the newest"}),
  };
}

bool has_secret(const model::KindSchema& kind) {
  return std::any_of(kind.fields().begin(), kind.fields().end(),
                     [](const model::Field& field) { return field.write_only(); });
}

}  // namespace

void AuditRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/audit",
                    .scope = "audit:read",
                    .id = "list_audit",
                    .tag = "access",
                    .summary = {"Journal des accès, le plus récent d'abord", "Log of accesses, newest first"},
                    .parameters = list_parameters(),
                    .answers = {{200, {"Entrées", "Entries"}, "AuditPage"}},
                    .refusals = {Refusal::BadParameter, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { list(e); }});
  for (const model::KindSchema* kind : model::kinds()) {
    if (!has_secret(*kind)) continue;
    routes.push_back(
        {.method = "POST",
         .path = fmt::format("/{}/{{id}}/reveal", kind->plural()),
         .scope = "secret:reveal",
         .id = fmt::format("reveal_{}", kind->name()),
         .tag = "access",
         .summary = {fmt::format("{} : montrer un secret ; inscrit au journal", kind->spec().title.french),
                     fmt::format("{}: show a secret; written to the log", kind->spec().title.english)},
         .parameters = {{"id",
                         "path",
                         Value::object({{"type", "integer"}, {"minimum", 1}}),
                         {"Numéro de l'objet", "The object's number"}}},
         .body = "RevealWish",
         .answers = {{200, {"Le secret", "The secret"}, "Revealed"}},
         .refusals = {Refusal::Malformed, Refusal::NotFound, Refusal::WrongMediaType, Refusal::Invalid,
                      Refusal::Busy},
         .handler = [this, kind](const ExchangePtr& e) { reveal(e, *kind); }});
  }
}

void AuditRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  store::AuditFilter filter;
  filter.since = parameters.time("since");
  filter.until = parameters.time("until");
  filter.account = parameters.text("account").value_or("");
  std::vector<std::string_view> events{""};
  events.insert(events.end(), audit_event_names().begin(), audit_event_names().end());
  filter.event = parameters.choice("event", events);
  filter.limit = static_cast<int>(parameters.integer("limit", {1, kLimitMax}, 100));
  filter.before = parameters.integer("before", {}, 0);
  if (!parameters.finish()) return;
  audit_.list(filter, [exchange, limit = filter.limit](const Result<std::vector<store::AuditEntry>>& found) {
    if (!found) return exchange->refuse(storage_refusal(found.error(), exchange->language));
    Value::List items;
    for (const auto& entry : *found) items.push_back(to_value(entry));
    const bool more = static_cast<int>(found->size()) == limit;
    exchange->json(200, Value::object({{"items", std::move(items)},
                                       {"next", more ? Value(found->back().id) : Value()}}));
  });
}

void AuditRoutes::reveal(const ExchangePtr& exchange, const model::KindSchema& kind) {
  const std::string read = fmt::format("{}:read", kind.name());
  if (!exchange->who.rights.allows(read)) return exchange->refuse(forbidden(read, exchange->language));
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  const auto config = config_.current();
  const void* object = id ? model::table_of(*config, kind).find(*id) : nullptr;
  if (object == nullptr) return exchange->refuse(Refusal::NotFound);
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"field", "reason"});
  const std::string name = check.text("field", 1, kNameMax);
  const std::string reason = check.text("reason", 0, kReasonMax);
  const model::Field* field = kind.field(name);
  if (!name.empty() && (field == nullptr || !field->write_only())) {
    check.wrong("field", "unknown-field", "Ce champ n'est pas un secret d'ici",
                "This field is no secret here");
  }
  if (!check.finish()) return;
  const Value secret = field->get(object);
  audit_.write({AuditEvent::SecretRevealed, exchange->account, exchange->source(),
                fmt::format("{} {} ({}) {}{}{}", kind.name(), *id, kind.label(object), name,
                            reason.empty() ? "" : ": ", reason)},
               [exchange, secret](const Result<void>& written) {
                 if (!written) return exchange->refuse(storage_refusal(written.error(), exchange->language));
                 exchange->json(200, Value::object({{"value", secret}}));
               });
}

}  // namespace xivo::api
