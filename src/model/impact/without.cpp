// A configuration from which an object is taken, and every reference to it.
#include "model/impact/impact.hpp"
#include "model/references.hpp"
#include "model/schema.hpp"

namespace xivo::model::impact {
namespace {

/// The value of a field once nothing in it refers to the object; the same value when nothing did.
Value cleared(const Field& field, Value value, std::string_view kind, std::int64_t id) {
  bool found = false;
  visit_references(field, value, [&](std::string_view of, Value& target, const std::string&) {
    if (of != kind || target.integer().value_or(0) != id) return;
    target = Value();
    found = true;
  });
  if (!found) return value;
  if (field.type == FieldType::Destination) return Value::object({{"type", "none"}});
  if (field.type != FieldType::ReferenceList) return value;
  Value left = Value::list();
  for (const Value& item : *value.items()) {
    if (!item.is_null()) left.push(item);
  }
  return left;
}

void clear_references(ConfigBuilder& builder, const Config& config, const KindSchema& holder,
                      const KindSchema& kind, std::int64_t id) {
  std::vector<const Field*> fields;
  for (const Field& field : holder.fields()) {
    if (may_refer(field, kind.name())) fields.push_back(&field);
  }
  if (fields.empty()) return;
  table_of(config, holder).for_each([&](std::int64_t at, const void* object) {
    KindSchema::Object changed;
    for (const Field* field : fields) {
      const Value before = field->get(object);
      Value after = cleared(*field, before, kind.name(), id);
      if (after == before) continue;
      if (!changed) changed = holder.copy(object);
      field->store(changed.get(), after);
    }
    if (changed) builder.edit(holder.slot()).put(at, std::move(changed), config.revision());
  });
}

}  // namespace

ConfigSnapshot without(const Config& config, const KindSchema& kind, std::int64_t id) {
  ConfigBuilder builder(config);
  for (const KindSchema* holder : kinds()) clear_references(builder, config, *holder, kind, id);
  builder.edit(kind.slot()).erase(id);
  return builder.build();
}

}  // namespace xivo::model::impact
