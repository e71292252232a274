#include "api/openapi_members.hpp"

namespace xivo::api {

using model::Language;
using model::Value;

Value either(std::string_view type) { return Value::List{Value(type), Value("null")}; }

Value type_schema(Type type) {
  switch (type) {
    case Type::Text: return Value::object({{"type", "string"}});
    case Type::Time: return Value::object({{"type", "string"}, {"format", "date-time"}});
    case Type::TimeOrNull: return Value::object({{"type", either("string")}, {"format", "date-time"}});
    case Type::Integer: return Value::object({{"type", "integer"}});
    case Type::IntegerOrNull: return Value::object({{"type", either("integer")}});
    case Type::TextOrNull: return Value::object({{"type", either("string")}});
    case Type::Texts:
      return Value::object({{"type", "array"}, {"items", Value::object({{"type", "string"}})}});
    case Type::Boolean: return Value::object({{"type", "boolean"}});
    case Type::Any: return Value::object();
  }
  return Value::object();
}

Value object_schema(std::span<const Member> members, Language language) {
  Value properties = Value::object();
  Value::List required;
  for (const Member& member : members) {
    Value schema = type_schema(member.type);
    schema.set("description", member.help.in(language));
    properties.set(member.name, std::move(schema));
    required.emplace_back(member.name);
  }
  return Value::object(
      {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}});
}

void add_property(Value& schema, std::string_view name, Value property) {
  Value properties = *schema.find("properties");
  properties.set(name, std::move(property));
  schema.set("properties", std::move(properties));
  Value required = *schema.find("required");
  required.push(Value(name));
  schema.set("required", std::move(required));
}

Value array_of(Value item) { return Value::object({{"type", "array"}, {"items", std::move(item)}}); }

}  // namespace xivo::api
