#include "cli/rest/new_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "cli/rest/values.hpp"
#include "runtime/rng.hpp"

namespace xivo::cli {
namespace {

using model::Value;

constexpr std::size_t kSecretSize = 16;
constexpr std::size_t kDigits = 8;

/// "101@default" of a kind whose objects are called so, or its key.
Outcome<void> take_short_form(Task& task, const KindInfo& kind, Value& fields) {
  const auto given = task.arguments.take(kind.name);
  if (!given || given->empty()) return {};
  if (const FieldInfo* key = kind.chosen_key()) {
    fields.set(key->name, *given);
    return {};
  }
  const FieldInfo* local = kind.local_name();
  const FieldInfo* within = local == nullptr ? nullptr : kind.field(local->unique_within);
  if (within == nullptr) return {};
  const auto at = given->find('@');
  fields.set(local->name, given->substr(0, at));
  if (at == std::string::npos) return {};
  auto place = value_of(task.directory, *within, std::string_view(*given).substr(at + 1));
  if (!place) return Unexpected{place.error()};
  fields.set(within->name, std::move(*place));
  return {};
}

bool is_named(const Task& task, const std::string& kind) {
  return std::any_of(
      task.arguments.options().begin(), task.arguments.options().end(),
      [&](const Arguments::Option& o) { return o.name == kind || o.name.starts_with(kind + "."); });
}

/// What an owned object lacks and its siblings know: where it is, how it is called.
void complete(const KindInfo& kind, Value& fields, const Value& sibling) {
  for (const FieldInfo& field : kind.fields) {
    const Value* known = sibling.find(field.name);
    if (field.type == "reference" && known != nullptr && fields.find(field.name) == nullptr)
      fields.set(field.name, *known);
  }
  const FieldInfo* key = kind.chosen_key();
  const std::string number = sibling.text_at("exten");
  if (key != nullptr && fields.find(key->name) == nullptr && !number.empty()) fields.set(key->name, number);
  for (const FieldInfo& field : kind.fields) {
    if (field.write_only && fields.find(field.name) == nullptr) fields.set(field.name, strong_secret(field));
  }
}

/// The owner's label for a mailbox that was given no name.
void name_after(const KindInfo& kind, Value& fields, const std::string& owner) {
  const FieldInfo* name = kind.field("name");
  if (name != nullptr && name->required && fields.find("name") == nullptr && kind.chosen_key() == nullptr)
    fields.set("name", owner);
}

}  // namespace

std::string strong_secret(const FieldInfo& field) {
  runtime::SystemRng rng;
  const bool letters = field.pattern.empty() || field.pattern.find('a') != std::string::npos ||
                       field.pattern.find("!-~") != std::string::npos;
  if (letters) return rng.token(kSecretSize);
  std::string digits;
  while (digits.size() < kDigits) digits += static_cast<char>('0' + rng.below(10));
  return digits;
}

Outcome<Value> take_fields(Task& task, const KindInfo& kind, std::string_view prefix) {
  Value fields = Value::object();
  for (const FieldInfo& field : kind.fields) {
    auto given = task.arguments.take(std::string(prefix) + field.name);
    if (!given) continue;
    if (field.write_only && *given == "-") std::getline(std::cin, *given);
    auto value = value_of(task.directory, field, *given);
    if (!value) return value;
    fields.set(field.name, std::move(*value));
  }
  return fields;
}

Outcome<Value> new_object(Task& task, const KindInfo& kind) {
  constexpr std::int64_t kOwner = -1;
  constexpr std::int64_t kOwned = -2;
  auto fields = take_fields(task, kind, "");
  if (!fields) return fields;
  Value owned_changes = Value::list();
  Value sibling = Value::object();
  std::vector<const OwnedInfo*> order;
  for (const bool number : {true, false}) {  // a number first: the others take its place and name
    for (const OwnedInfo& owned : kind.owned) {
      if ((owned.kind == "extension") == number) order.push_back(&owned);
    }
  }
  for (const OwnedInfo* owned : order) {
    const KindInfo* other = task.directory.schema().kind(owned->kind);
    if (other == nullptr || !is_named(task, owned->kind)) continue;
    auto made = take_fields(task, *other, owned->kind + ".");
    if (!made) return made;
    if (auto done = take_short_form(task, *other, *made); !done) return Unexpected{done.error()};
    complete(*other, *made, sibling);
    name_after(*other, *made, task.directory.label(kind, *fields));
    if (owned->kind == "extension") sibling = *made;
    const FieldInfo* back = owned->field.empty() ? nullptr : other->field(owned->field);
    if (back != nullptr && back->type == "destination") {
      made->set(back->name, Value::object({{"type", kind.name}, {kind.name, kOwner}}));
    } else if (back != nullptr) {
      made->set(back->name, kOwner);
    }
    Value change = Value::object({{"kind", owned->kind}, {"op", "create"}});
    if (owned->field.empty()) {
      change.set("id", kOwned);
      fields->set(owned->member, kOwned);
    }
    change.set("fields", std::move(*made));
    owned_changes.push(std::move(change));
  }
  Value changes = Value::list();
  changes.push(
      Value::object({{"kind", kind.name}, {"op", "create"}, {"id", kOwner}, {"fields", std::move(*fields)}}));
  for (const Value& change : *owned_changes.items()) changes.push(change);
  return changes;
}

std::vector<std::int64_t> owned_objects(Directory& directory, const KindInfo& kind, const OwnedInfo& owned,
                                        const Value& object) {
  std::vector<std::int64_t> ids;
  if (owned.field.empty()) {
    if (const auto id = object.integer_at(owned.member); id != 0) ids.push_back(id);
    return ids;
  }
  const KindInfo* other = directory.schema().kind(owned.kind);
  const auto all = other == nullptr ? Outcome<const std::vector<Value>*>(nullptr) : directory.all(*other);
  if (!all || *all == nullptr) return ids;
  const Value id = object.integer_at("id");
  for (const Value& candidate : **all) {
    const Value* back = candidate.find(owned.field);
    if (back == nullptr) continue;
    const Value* target = back->is_object() ? back->find(kind.name) : back;
    const bool right_type = !back->is_object() || back->text_at("type") == kind.name;
    if (right_type && target != nullptr && *target == id) ids.push_back(candidate.integer_at("id"));
  }
  return ids;
}

}  // namespace xivo::cli
