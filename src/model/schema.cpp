#include "model/schema.hpp"

#include <algorithm>

#include "model/json.hpp"
#include "model/references.hpp"

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

namespace {

/// What storage holds refers by ids: a text or a temporary id there is from another time.
std::optional<Problem> check_stored(const Field& field, const Value& stored) {
  auto problem = field.check(stored);
  if (problem || !may_refer(field)) return problem;
  Value value = stored;
  visit_references(field, value, [&](std::string_view kind, Value& target, const std::string& path) {
    if (target.integer().value_or(0) > 0) return;
    problem.emplace();
    problem->rule = Problem::Rule::ReferenceMissing;
    problem->field = std::string(field.name) + (path.empty() ? "" : ".") + path;
    problem->facts = {{"reference", std::string(kind)}, {"value", to_json(target)}};
  });
  return problem;
}

}  // namespace

KindSchema::Object KindSchema::from_value(const Value& value, Problems& problems) const {
  Object object = make_default();
  const std::int64_t id = value.integer_at("id");
  set_id(object.get(), id);
  for (const Field& field : fields_) {
    const Value* member = value.find(field.name);
    if (member == nullptr) continue;
    if (auto problem = check_stored(field, *member)) {
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
  static const AnyTable kNone;
  return kNone;
}

Value object_value(const Config& config, const KindSchema& kind, std::int64_t id, Secrets secrets) {
  const AnyTable& table = table_of(config, kind);
  const void* object = table.find(id);
  KindSchema::Object unwritten;
  if (object == nullptr && kind.spec().singleton && id == kSingletonId) {
    unwritten = kind.make_default();
    kind.set_id(unwritten.get(), id);
    object = unwritten.get();
  }
  if (object == nullptr) return {};
  Value value = kind.to_value(object, secrets);
  value.append("revision", Value(table.revision_of(id)));
  return value;
}

}  // namespace xivo::model
