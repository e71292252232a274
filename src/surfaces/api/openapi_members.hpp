#pragma once

#include <span>
#include <string_view>

#include "api/openapi.hpp"

/// How schemas that no kind declares are written down: a table of members each.
namespace xivo::api {

/// What a member may be.
enum class Type : std::uint8_t {
  Text,
  Time,
  TimeOrNull,
  Integer,
  IntegerOrNull,
  TextOrNull,
  Any,
  Texts,
  Boolean
};

struct Member {
  std::string_view name;
  Type type;
  model::Words help;
};

/// ["<type>", "null"]
model::Value either(std::string_view type);
model::Value type_schema(Type type);
/// An object whose members are all there, always.
model::Value object_schema(std::span<const Member> members, model::Language language);
/// Adds a member that is always there.
void add_property(model::Value& schema, std::string_view name, model::Value property);
model::Value array_of(model::Value item);

}  // namespace xivo::api
