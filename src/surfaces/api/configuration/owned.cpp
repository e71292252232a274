#include "api/configuration/owned.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/destination.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::Field;
using model::FieldType;
using model::KindSchema;
using model::OwnedKind;
using model::Value;

constexpr std::size_t kSecretSize = 20;  // 103 bits
constexpr std::int64_t kParent = -1;  // temporary id
constexpr std::int64_t kFirstChild = -2;

/// Calls visit(id) for each object of `kind` to which the field's value refers.
template <class Visit>
void referred(const Field& field, const void* object, std::string_view kind, Visit visit) {
  if (!field.refer) return;
  field.refer(object, [&](std::string_view of, std::int64_t id) {
    if (of == kind) visit(id);
  });
}

/// Calls visit(owner, id) for each object of an owned kind that belongs to one of `owners`.
template <class Visit>
void each_owned(const model::Config& config, const KindSchema& kind, const OwnedKind& owned,
                const std::set<std::int64_t>& owners, Visit visit) {
  const KindSchema& child = *model::find_kind(owned.kind);
  const Field& field = *child.field(owned.field);
  model::table_of(config, child).for_each([&](std::int64_t id, const void* object) {
    referred(field, object, kind.name(), [&](std::int64_t owner) {
      if (owners.contains(owner)) visit(owner, id);
    });
  });
}

/// What makes a child's field refer to its owner, who is yet to be created.
Value reference_to_owner(const Field& field, const KindSchema& owner) {
  if (field.type != FieldType::Destination) return Value(kParent);
  return Value::object({{"type", owner.name()}, {std::string(owner.name()), kParent}});
}

bool is_list_of_objects(const Value& value) {
  const auto* items = value.items();
  return items != nullptr &&
         std::all_of(items->begin(), items->end(), [](const Value& item) { return item.is_object(); });
}

bool is_absent(const Value& object, std::string_view member) {
  const Value* value = object.find(member);
  return value == nullptr || model::is_empty(*value);
}

void fill(Value& object, std::string_view member, const Value* content) {
  if (content != nullptr && is_absent(object, member)) object.set(member, *content);
}

/// Completes the nested members of one object from its first extension.
class Completion {
 public:
  Completion(const model::Config& config, const Value& fields, runtime::Rng& rng)
      : config_(config), fields_(fields), rng_(rng) {
    const Value* extensions = fields.find("extensions");
    if (extensions != nullptr && is_list_of_objects(*extensions) && !extensions->items()->empty())
      first_ = extensions->items()->front();
  }

  void complete(std::string_view kind, Value& child) {
    if (kind == "line") complete_line(child);
    if (kind == "voicemail") complete_box(child);
  }

 private:
  void complete_line(Value& line) {
    fill(line, "context", first_.find("context"));
    if (is_absent(line, "name")) line.set("name", free_name());
    names_.insert(line.text_at("name"));
    const bool registers = line.text_at("host", "dynamic") == "dynamic";
    if (registers && is_absent(line, "secret")) line.set("secret", rng_.token(kSecretSize));
  }

  void complete_box(Value& box) {
    fill(box, "context", first_.find("context"));
    fill(box, "number", first_.find("exten"));
    fill(box, "email", fields_.find("email"));
    if (!is_absent(box, "name")) return;
    const std::string last = fields_.text_at("lastname");
    box.set("name", fields_.text_at("firstname") + (last.empty() ? "" : " ") + last);
  }

  std::string free_name() {
    const std::string wanted = first_.text_at("exten", "line-" + rng_.token(6));
    std::string name = wanted;
    for (int i = 2; config_.line_by_name(name) != nullptr || names_.contains(name); ++i)
      name = fmt::format("{}-{}", wanted, i);
    return name;
  }

  const model::Config& config_;
  const Value& fields_;
  runtime::Rng& rng_;
  Value first_ = Value::object();  // extension
  std::set<std::string> names_;    // of lines of this transaction
};

}  // namespace

std::map<std::int64_t, Value> owned_ids(const model::Config& config, const KindSchema& kind,
                                        const std::set<std::int64_t>& owners) {
  std::map<std::int64_t, Value> all;
  for (const OwnedKind& owned : kind.spec().owned) {
    if (owned.field.empty()) continue;  // the owner's own field says it
    std::map<std::int64_t, Value::List> ids;
    each_owned(config, kind, owned, owners,
               [&](std::int64_t owner, std::int64_t id) { ids[owner].emplace_back(id); });
    for (const std::int64_t owner : owners) all[owner].set(owned.member, std::move(ids[owner]));
  }
  return all;
}

void add_owned(const model::Config& config, const KindSchema& kind, Value& object) {
  const std::int64_t id = object.integer_at("id");
  for (auto& [owner, members] : owned_ids(config, kind, {id})) {
    for (const auto& member : *members.members()) object.append(member.name, member.value);
  }
}

void strip_owned(const KindSchema& kind, Value& fields) {
  for (const OwnedKind& owned : kind.spec().owned) {
    const Value* sent = owned.field.empty() ? nullptr : fields.find(owned.member);
    if (sent == nullptr || sent->items() == nullptr) continue;
    const auto& items = *sent->items();
    if (std::all_of(items.begin(), items.end(), [](const Value& item) { return item.integer().has_value(); }))
      fields.erase(owned.member);
  }
}

std::vector<Change> creation_of(const model::Config& config, const KindSchema& kind, Value fields,
                                runtime::Rng& rng) {
  std::vector<Change> children;
  const Value whole = fields;
  Completion completion(config, whole, rng);
  std::int64_t temporary = kFirstChild;
  const auto create = [&](const KindSchema& child, Value members) {
    completion.complete(child.name(), members);
    children.push_back({std::string(child.name()), Change::Op::Create, temporary, std::move(members), {}});
    return Value(temporary--);
  };
  for (const OwnedKind& owned : kind.spec().owned) {
    const KindSchema& child = *model::find_kind(owned.kind);
    const Value* given = whole.find(owned.member);
    if (given == nullptr) continue;
    if (owned.field.empty()) {
      if (given->is_object()) fields.set(owned.member, create(child, *given));
      continue;
    }
    if (!is_list_of_objects(*given)) continue;
    for (Value members : *given->items()) {
      const Value owner = reference_to_owner(*child.field(owned.field), kind);
      fill(members, owned.field, &owner);
      create(child, std::move(members));
    }
    fields.erase(owned.member);
  }
  const std::int64_t id = children.empty() ? 0 : kParent;
  children.insert(children.begin(),
                  {std::string(kind.name()), Change::Op::Create, id, std::move(fields), {}});
  return children;
}

std::vector<Change> removal_of(const model::Config& config, const KindSchema& kind, std::int64_t id) {
  std::vector<Change> changes;
  const auto remove = [&](std::string_view of, std::int64_t which) {
    changes.push_back({std::string(of), Change::Op::Delete, which, Value(), {}});
  };
  remove(kind.name(), id);
  for (const OwnedKind& owned : kind.spec().owned) {
    if (!owned.field.empty()) {
      each_owned(config, kind, owned, {id},
                 [&](std::int64_t, std::int64_t which) { remove(owned.kind, which); });
      continue;
    }
    const void* object = model::table_of(config, kind).find(id);
    const Field& field = *kind.field(owned.member);
    const std::int64_t which = object == nullptr ? 0 : field.get(object).integer().value_or(0);
    bool shared = which == 0;
    model::table_of(config, kind).for_each([&](std::int64_t other, const void* holder) {
      shared = shared || (other != id && field.get(holder).integer() == which);
    });
    if (!shared) remove(owned.kind, which);
  }
  return changes;
}

}  // namespace xivo::api
