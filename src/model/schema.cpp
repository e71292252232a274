#include "model/schema.hpp"

#include <algorithm>

namespace xivo::model {

const Field* KindSchema::field(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

Value KindSchema::to_value(const void* object, Secrets secrets) const {
  Value value = Value::object();
  value.append("id", Value(id_of(object)));
  for (const Field& field : fields_) {
    if (field.write_only() && secrets == Secrets::Hidden) continue;
    value.append(std::string(field.name), field.get(object));
  }
  return value;
}

KindSchema::Object KindSchema::from_value(const Value& value, Problems& problems) const {
  Object object = make_default();
  const std::int64_t id = value.integer_at("id");
  set_id(object.get(), id);
  for (const Field& field : fields_) {
    const Value* member = value.find(field.name);
    if (member == nullptr) continue;
    if (auto problem = field.check(*member)) {
      problem->kind = name();
      problem->id = id;
      problem->name = label(object.get());
      problems.push_back(std::move(*problem));
    } else {
      field.store(object.get(), *member);
    }
  }
  return object;
}

const AnyTable& table_of(const Config& config, const KindSchema& kind) {
  const AnyTable* table = config.table(kind.slot());
  if (table != nullptr) return *table;
  static const TypedTable<User> kNone;  // an empty table reveals nothing of its type
  return kNone;
}

Value object_value(const Config& config, const KindSchema& kind, std::int64_t id, Secrets secrets) {
  const AnyTable& table = table_of(config, kind);
  const void* object = table.find(id);
  if (object == nullptr) return {};
  Value value = kind.to_value(object, secrets);
  value.append("revision", Value(table.revision_of(id)));
  return value;
}

}  // namespace xivo::model
