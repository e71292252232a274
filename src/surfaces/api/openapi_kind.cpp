// The JSON schema of a declared kind (JSON Schema 2020-12, as OpenAPI 3.1 uses it).
#include <limits>

#include "api/object_routes.hpp"
#include "api/openapi.hpp"
#include "base/text.hpp"
#include "model/destination.hpp"

namespace xivo::api {
namespace {

using model::Field;
using model::FieldType;
using model::KindSchema;
using model::Language;
using model::Value;

void add_text_rules(Value& schema, const Field& field, bool may_be_empty) {
  constexpr auto kNoMax = std::numeric_limits<std::int64_t>::max();
  if (!may_be_empty && field.bounds.min > 0) schema.set("minLength", field.bounds.min);
  if (field.bounds.max != kNoMax) schema.set("maxLength", field.bounds.max);
  if (!field.characters.set.empty()) schema.set("pattern", pattern_of(field.characters.set));
}

Value choices_of(const Field& field) {
  Value::List values;
  for (const auto& choice : field.choices) values.emplace_back(choice.value);
  return values;
}

/// What refers: read as an id, written as an id or the key of the object meant.
Value reference_type(bool shown, bool may_be_null) {
  Value::List types{Value("integer")};
  if (!shown) types.emplace_back("string");
  if (may_be_null) types.emplace_back("null");
  return types.size() == 1 ? types.front() : Value(std::move(types));
}

void add_item_bounds(Value& schema, const Field& field) {
  schema.set("minItems", field.bounds.min);
  if (field.bounds.max != std::numeric_limits<std::int64_t>::max()) schema.set("maxItems", field.bounds.max);
}

Value record_schema(const std::vector<Field>& fields, SchemaUse use, Language language);

Value list_rules(const Field& field, Value item) {
  Value schema = Value::object({{"type", "array"}, {"items", std::move(item)}});
  if (field.type != FieldType::Rows) schema.set("uniqueItems", true);
  add_item_bounds(schema, field);
  return schema;
}

Value type_rules(const Field& field, SchemaUse use, Language language) {
  const bool shown = use == SchemaUse::Shown;
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Secret: {
      Value schema = Value::object({{"type", "string"}});
      add_text_rules(schema, field, !field.required);
      if (field.write_only()) schema.set("format", "password");
      return schema;
    }
    case FieldType::Integer:
      return Value::object(
          {{"type", "integer"}, {"minimum", field.bounds.min}, {"maximum", field.bounds.max}});
    case FieldType::Boolean: return Value::object({{"type", "boolean"}});
    case FieldType::TextList: {
      Value item = Value::object({{"type", "string"}});
      if (!field.choices.empty()) item.set("enum", choices_of(field));
      if (!field.characters.set.empty()) item.set("pattern", pattern_of(field.characters.set));
      return list_rules(field, std::move(item));
    }
    case FieldType::Choice: return Value::object({{"type", "string"}, {"enum", choices_of(field)}});
    case FieldType::Reference:
      return Value::object({{"type", reference_type(shown, true)}, {"x-reference", field.reference}});
    case FieldType::ReferenceList:
      return list_rules(
          field, Value::object({{"type", reference_type(shown, false)}, {"x-reference", field.reference}}));
    case FieldType::Rows: return list_rules(field, record_schema(field.fields, use, language));
    case FieldType::Destination:
      // Beside a $ref other words may stand since JSON Schema 2020-12.
      return reference_to(shown ? "Destination" : "DestinationInput");
  }
  return Value::object();
}

/// The example of a declaration, which is text, as a value of the field's type.
Value example_of(const Field& field) {
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Reference: return text::parse_decimal<std::int64_t>(field.example).value_or(1);
    case FieldType::Boolean: return field.example == "true";
    case FieldType::TextList: return Value::List{Value(field.example)};
    case FieldType::ReferenceList: return Value::list();
    case FieldType::Rows: {
      Value row = Value::object();
      for (const Field& each : field.fields) row.set(each.name, example_of(each));
      return Value::List{std::move(row)};
    }
    case FieldType::Destination: return Value::object({{"type", "none"}});
    default: return Value(field.example);
  }
}

bool has_example(const Field& field) {
  return !field.example.empty() || field.type == FieldType::Rows || field.type == FieldType::Destination;
}

Value field_schema(const Field& field, SchemaUse use, Language language) {
  Value schema = type_rules(field, use, language);
  schema.set("title", field.title.in(language));
  schema.set("description", field.help.in(language));
  if (!field.write_only() && !field.read_only && !field.default_value.is_null()) {
    schema.set("default", field.default_value);
  }
  if (has_example(field)) schema.set("examples", Value::List{example_of(field)});
  if (field.read_only) schema.set("readOnly", true);
  if (field.write_only()) schema.set("writeOnly", true);
  if (field.unique) schema.set("x-unique", true);
  if (!field.unit.empty()) schema.set("x-unit", field.unit);
  return schema;
}

/// Whether a client has to give the field when it creates an object: not when its default will do.
bool must_be_given(const Field& field) {
  if (!field.required || field.read_only) return false;
  const Value& value = field.default_value;
  return value.is_null() || (value.text() && value.text()->empty()) ||
         (value.items() && value.items()->empty());
}

Value record_schema(const std::vector<Field>& fields, SchemaUse use, Language language) {
  Value properties = Value::object();
  Value::List required;
  for (const Field& field : fields) {
    properties.set(field.name, field_schema(field, use, language));
    if (use == SchemaUse::Shown || must_be_given(field)) required.emplace_back(field.name);
  }
  Value schema = Value::object({{"type", "object"}, {"properties", std::move(properties)}});
  if (!required.empty()) schema.set("required", std::move(required));
  return schema;
}

Value counter(std::string_view help) {
  return Value::object({{"type", "integer"}, {"readOnly", true}, {"description", help}});
}

}  // namespace

namespace {

/// What belongs to an object: ids where it is shown, whole objects where it is created.
void add_owned_members(Value& properties, Value::List& required, const KindSchema& kind, SchemaUse use,
                       Language language) {
  for (const auto& owned : kind.spec().owned) {
    const KindSchema& child = *model::find_kind(owned.kind);
    const std::string nested = component_name(child) + "Nested";
    if (owned.field.empty()) {
      if (use != SchemaUse::Created) continue;
      const Value reference = *properties.find(owned.member);
      properties.set(owned.member, Value::object({{"anyOf", Value::List{reference, reference_to(nested)}}}));
    } else if (use == SchemaUse::Shown) {
      properties.set(
          owned.member,
          Value::object({{"type", "array"},
                         {"items", Value::object({{"type", "integer"}, {"x-reference", child.name()}})},
                         {"readOnly", true},
                         {"description", child.spec().plural_title.in(language)}}));
      required.emplace_back(owned.member);
    } else if (use == SchemaUse::Created) {
      properties.set(owned.member, Value::object({{"type", "array"},
                                                  {"items", reference_to(nested)},
                                                  {"description", child.spec().plural_title.in(language)}}));
    }
  }
}

}  // namespace

std::string pattern_of(std::string_view set) {
  std::string pattern = "^[";
  for (std::size_t i = 0; i < set.size(); ++i) {
    const char c = set[i];
    const bool last_dash = c == '-' && i + 1 == set.size();
    if (c == '\\' || c == ']' || c == '^' || last_dash) pattern += '\\';
    pattern += c;
  }
  return pattern + "]*$";
}

Value kind_schema(const KindSchema& kind, SchemaUse use, Language language) {
  const bool french = language == Language::French;
  Value properties = Value::object();
  Value::List required;
  Value example = Value::object();
  if (use == SchemaUse::Shown) {
    properties.set("id", counter(french ? "Numéro de l'objet" : "The object's number"));
    required.emplace_back("id");
    example.set("id", 1);
  }
  for (const Field& field : kind.fields()) {
    if (use == SchemaUse::Shown ? field.write_only() : field.read_only) continue;
    properties.set(field.name, field_schema(field, use, language));
    if (use == SchemaUse::Shown || (use == SchemaUse::Created && must_be_given(field)))
      required.emplace_back(field.name);
    if (has_example(field) && use != SchemaUse::Changed) example.set(field.name, example_of(field));
  }
  add_owned_members(properties, required, kind, use, language);
  if (use == SchemaUse::Shown) {
    properties.set("revision", counter(french ? "Révision qui l'a modifié en dernier"
                                              : "The revision that changed it last"));
    required.emplace_back("revision");
    example.set("revision", 12);
    const auto told = [](std::string_view component, std::string_view help) {
      return Value::object(
          {{"type", "array"}, {"items", reference_to(component)}, {"readOnly", true}, {"description", help}});
    };
    properties.set("findings", told("Finding", french ? "En réponse à une écriture : ce qu'elle casse"
                                                      : "In the answer to a write: what it breaks"));
    properties.set("broken_scenarios",
                   told("ScenarioRun", french ? "En réponse à une écriture : les scénarios qu'elle casse"
                                              : "In the answer to a write: the scenarios that it breaks"));
  }
  Value schema = Value::object({{"type", "object"},
                                {"title", kind.spec().title.in(language)},
                                {"description", kind.spec().help.in(language)},
                                {"properties", std::move(properties)}});
  if (!required.empty()) schema.set("required", std::move(required));
  if (!example.members()->empty()) schema.set("examples", Value::List{std::move(example)});
  return schema;
}

Value destination_schema(SchemaUse use, Language language) {
  Value::List types;
  for (const model::DestinationType* type : model::destination_types()) {
    Value schema = record_schema(type->fields, use, language);
    Value properties = Value::object({{"type", Value::object({{"const", type->name}})}});
    for (const auto& property : *schema.find("properties")->members())
      properties.append(property.name, property.value);
    Value::List required{Value("type")};
    if (const Value* more = schema.find("required"))
      required.insert(required.end(), more->items()->begin(), more->items()->end());
    schema.set("title", type->title.in(language));
    schema.set("description", type->help.in(language));
    schema.set("properties", std::move(properties));
    schema.set("required", std::move(required));
    types.push_back(std::move(schema));
  }
  return Value::object({{"oneOf", std::move(types)}});
}

}  // namespace xivo::api
