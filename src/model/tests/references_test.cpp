// What a field refers to, told by its declaration and told by its value.
#include "model/references.hpp"

#include <gtest/gtest.h>

#include <map>

#include "model/destination.hpp"
#include "model/schema.hpp"

namespace xivo::model {
namespace {

using Seen = std::multimap<std::string, std::int64_t>;

/// A value of the field in which everything that can refer does.
Value full_value(const Field& field, std::int64_t& next);

Value full_record(const std::vector<Field>& fields, std::int64_t& next) {
  Value record = Value::object();
  for (const Field& field : fields) {
    if (may_refer(field)) record.set(field.name, full_value(field, next));
  }
  return record;
}

Value full_value(const Field& field, std::int64_t& next) {
  switch (field.type) {
    case FieldType::Reference: return Value(++next);
    case FieldType::ReferenceList: return Value(Value::List{Value(++next), Value(++next)});
    case FieldType::Rows:
      return Value(Value::List{full_record(field.fields, next), full_record(field.fields, next)});
    default: return {};
  }
}

/// What both ways tell of a field of an object.
void compare(const Field& field, const void* object, std::string_view where) {
  Seen by_value, by_declaration;
  Value value = field.get(object);
  visit_references(field, value, [&](std::string_view kind, Value& target, const std::string&) {
    by_value.emplace(kind, target.integer().value_or(0));
  });
  if (field.refer) {
    field.refer(object, [&](std::string_view kind, std::int64_t id) { by_declaration.emplace(kind, id); });
  }
  EXPECT_EQ(by_declaration, by_value) << where << "." << field.name;
  EXPECT_EQ(field.refer != nullptr, may_refer(field)) << where << "." << field.name;
}

TEST(References, are_told_by_the_declaration_as_by_the_value_for_every_kind) {
  std::int64_t next = 0;
  for (const KindSchema* kind : kinds()) {
    for (const Field& field : kind->fields()) {
      const auto object = kind->make_default();
      compare(field, object.get(), kind->name());
      if (!may_refer(field) || field.type == FieldType::Destination) continue;
      field.store(object.get(), full_value(field, next));
      compare(field, object.get(), kind->name());
    }
  }
  EXPECT_GT(next, 20);
}

TEST(References, are_told_by_the_declaration_as_by_the_value_for_every_destination) {
  const KindSchema& kind = *find_kind("extension");
  const Field& field = *kind.field("destination");
  std::int64_t next = 0;
  for (const DestinationType* type : destination_types()) {
    Value value = full_record(type->fields, next);
    value.set("type", std::string(type->name));
    const auto object = kind.make_default();
    field.store(object.get(), value);
    compare(field, object.get(), type->name);
  }
  EXPECT_GT(next, 1);
}

}  // namespace
}  // namespace xivo::model
