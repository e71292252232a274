#include "api/configuration/schema_routes.hpp"

#include <limits>

#include "api/openapi.hpp"
#include "model/destination.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Field;
using model::FieldType;
using model::Language;
using model::Value;

void flag(Value& value, std::string_view name, bool on) {
  if (on) value.set(name, true);
}

void text(Value& value, std::string_view name, std::string_view content) {
  if (!content.empty()) value.set(name, content);
}

bool has_bounds(const Field& field) {
  return field.type != FieldType::Boolean && field.type != FieldType::Choice &&
         field.type != FieldType::Reference && field.type != FieldType::Destination;
}

void add_bounds(Value& value, const Field& field) {
  if (!has_bounds(field)) return;
  value.set("min", field.bounds.min);
  if (field.bounds.max != std::numeric_limits<std::int64_t>::max()) value.set("max", field.bounds.max);
}

void add_choices(Value& value, const Field& field, Language language) {
  if (field.choices.empty()) return;
  Value choices = Value::list();
  for (const auto& choice : field.choices)
    choices.push(Value::object({{"value", choice.value}, {"title", choice.title.in(language)}}));
  value.set("choices", std::move(choices));
}

Value fields_of(const std::vector<Field>& fields, Language language);

Value field_value(const Field& field, Language language) {
  Value value = Value::object({{"name", field.name},
                               {"type", name(field.type)},
                               {"title", field.title.in(language)},
                               {"help", field.help.in(language)}});
  text(value, "group", field.group);
  flag(value, "required", field.required);
  flag(value, "read_only", field.read_only);
  flag(value, "write_only", field.write_only());
  flag(value, "unique", field.unique);
  text(value, "unique_within", field.unique_within);
  flag(value, "listed", field.listed);
  flag(value, "advanced", field.advanced);
  add_bounds(value, field);
  text(value, "pattern", field.characters.set.empty() ? std::string() : pattern_of(field.characters.set));
  text(value, "characters", field.characters.words.in(language));
  add_choices(value, field, language);
  text(value, "reference", field.reference);
  text(value, "unit", field.unit);
  if (!field.write_only() && !field.read_only && !field.default_value.is_null())
    value.set("default", field.default_value);
  text(value, "example", field.example);
  if (!field.fields.empty()) value.set("fields", fields_of(field.fields, language));
  return value;
}

Value fields_of(const std::vector<Field>& fields, Language language) {
  Value list = Value::list();
  for (const Field& field : fields) list.push(field_value(field, language));
  return list;
}

Value kind_value(const model::KindSchema& kind, Language language) {
  const auto& spec = kind.spec();
  Value value = Value::object({{"name", spec.name},
                               {"plural", spec.plural},
                               {"title", spec.title.in(language)},
                               {"plural_title", spec.plural_title.in(language)},
                               {"help", spec.help.in(language)}});
  text(value, "key", spec.key);
  flag(value, "singleton", spec.singleton);
  flag(value, "fixed", spec.fixed);
  Value groups = Value::list();
  for (const auto& group : spec.groups)
    groups.push(Value::object({{"name", group.name}, {"title", group.title.in(language)}}));
  if (!spec.groups.empty()) value.set("groups", std::move(groups));
  Value owned = Value::list();
  for (const auto& each : spec.owned) {
    Value one = Value::object({{"member", each.member}, {"kind", each.kind}});
    text(one, "field", each.field);
    owned.push(std::move(one));
  }
  if (!spec.owned.empty()) value.set("owned", std::move(owned));
  value.set("fields", fields_of(kind.fields(), language));
  return value;
}

}  // namespace

Value schema_document(Language language) {
  Value kinds = Value::list();
  for (const model::KindSchema* kind : model::kinds()) kinds.push(kind_value(*kind, language));
  Value destinations = Value::list();
  for (const model::DestinationType* type : model::destination_types()) {
    destinations.push(Value::object({{"type", type->name},
                                     {"title", type->title.in(language)},
                                     {"help", type->help.in(language)},
                                     {"fields", fields_of(type->fields, language)}}));
  }
  return Value::object({{"kinds", std::move(kinds)}, {"destinations", std::move(destinations)}});
}

SchemaRoutes::SchemaRoutes() {
  for (const auto language : {Language::French, Language::English})
    documents_[static_cast<std::size_t>(language)] = model::to_json(schema_document(language));
}

void SchemaRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/schema",
                    .id = "show_schema",
                    .tag = "system",
                    .summary = {"Les genres d'objets, leurs champs et les destinations",
                                "The kinds of objects, their fields and the destinations"},
                    .answers = {{200, {"Le schéma", "The schema"}, "Schema"}},
                    .handler = [this](const ExchangePtr& exchange) {
                      exchange->json_text(200, documents_[static_cast<std::size_t>(exchange->language)]);
                    }});
}

}  // namespace xivo::api
