// The JSON schema of a declared kind (JSON Schema 2020-12, as OpenAPI 3.1 uses it).
#include <limits>

#include "api/openapi.hpp"
#include "base/text.hpp"

namespace xivo::api {
namespace {

using model::Field;
using model::FieldType;
using model::KindSchema;
using model::Language;
using model::Value;

/// A character class as an ECMA-262 pattern. The empty text passes: it means "none", whatever the class.
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

Value type_rules(const Field& field) {
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
      Value schema = Value::object({{"type", "array"}, {"items", std::move(item)}, {"uniqueItems", true}});
      schema.set("minItems", field.bounds.min);
      if (field.bounds.max != std::numeric_limits<std::int64_t>::max())
        schema.set("maxItems", field.bounds.max);
      return schema;
    }
    case FieldType::Choice: return Value::object({{"type", "string"}, {"enum", choices_of(field)}});
    case FieldType::Reference:
      return Value::object(
          {{"type", Value::List{Value("integer"), Value("null")}}, {"x-reference", field.reference}});
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
    default: return Value(field.example);
  }
}

Value field_schema(const Field& field, Language language) {
  Value schema = type_rules(field);
  schema.set("title", field.title.in(language));
  schema.set("description", field.help.in(language));
  if (!field.write_only() && !field.read_only && !field.default_value.is_null()) {
    schema.set("default", field.default_value);
  }
  if (!field.example.empty()) schema.set("examples", Value::List{example_of(field)});
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

Value counter(std::string_view help) {
  return Value::object({{"type", "integer"}, {"readOnly", true}, {"description", help}});
}

}  // namespace

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
    properties.set(field.name, field_schema(field, language));
    if (use == SchemaUse::Shown || (use == SchemaUse::Created && must_be_given(field)))
      required.emplace_back(field.name);
    if (!field.example.empty() && use != SchemaUse::Changed) example.set(field.name, example_of(field));
  }
  if (use == SchemaUse::Shown) {
    properties.set("revision", counter(french ? "Révision qui l'a modifié en dernier"
                                              : "The revision that changed it last"));
    required.emplace_back("revision");
    example.set("revision", 12);
  }
  Value schema = Value::object({{"type", "object"},
                                {"title", kind.spec().title.in(language)},
                                {"description", kind.spec().help.in(language)},
                                {"properties", std::move(properties)}});
  if (!required.empty()) schema.set("required", std::move(required));
  if (!example.members()->empty()) schema.set("examples", Value::List{std::move(example)});
  return schema;
}

}  // namespace xivo::api
