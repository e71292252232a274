#include "cli/rest/configuration_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/rest/new_object.hpp"
#include "cli/rest/output.hpp"
#include "cli/rest/values.hpp"
#include "model/json.hpp"

namespace xivo::cli {
namespace {

using model::Language;
using model::Value;

constexpr std::string_view kFormat = "xivo configuration 1";
constexpr model::JsonLimits kFileLimits{
    .bytes_max = 256 << 20, .depth_max = 16, .values_max = 20'000'000, .members_max = 10'000};

// ------------------------------------------------------------------------------------------------------- export

Outcome<Value> revealed(Task& task, const KindInfo& kind, const Value& object, const std::string& field) {
  const std::string reason = task.reason.empty() ? "xivo config export" : task.reason;
  const auto reply = task.api().post(fmt::format("{}/{}/reveal", kind.path(), object.integer_at("id")),
                                     Value::object({{"field", field}, {"reason", reason}}));
  if (!reply) return Unexpected{reply.error()};
  return Value(reply->json.text_at("value"));
}

Outcome<Value> exported_object(Task& task, const KindInfo& kind, const Value& object, bool with_secrets) {
  Value out = Value::object();
  for (const FieldInfo& field : kind.fields) {
    if (field.write_only && with_secrets) {
      auto secret = revealed(task, kind, object, field.name);
      if (!secret) return secret;
      out.set(field.name, std::move(*secret));
    }
    const Value* value = object.find(field.name);
    if (value == nullptr || field.write_only || (field.read_only && field.name != kind.file_key())) continue;
    auto named = with_names(task.directory, field, *value);
    if (!named) return named;
    out.set(field.name, std::move(*named));
  }
  return out;
}

Outcome<Value> exported_kind(Task& task, const KindInfo& kind, bool with_secrets) {
  const auto objects = task.directory.all(kind);
  if (!objects) return Unexpected{objects.error()};
  std::map<std::string, Value> by_name;
  for (const Value& object : **objects) {
    const auto name = task.directory.name(kind, object);
    if (!name) return Unexpected{name.error()};
    auto exported = exported_object(task, kind, object, with_secrets);
    if (!exported) return exported;
    by_name.emplace(*name, std::move(*exported));
  }
  if (kind.singleton) return by_name.empty() ? Value::object() : by_name.begin()->second;
  Value list = Value::list();
  for (auto& [name, object] : by_name) list.push(std::move(object));
  return list;
}

// -------------------------------------------------------------------------------------------------------- apply

/// One object of the file on its way into a transaction.
struct Wanted {
  const KindInfo* kind = nullptr;
  const Value* object = nullptr;
  std::string name;
  const Value* current = nullptr;  // nullptr: it is to be created
  std::int64_t id = 0;  // created: a temporary, negative number
};

/// A file compared with the system: the changes that make them the same.
class Plan {
 public:
  Plan(Task& task, const Value& file, bool keep) : task_(task), file_(file), keep_(keep) {}

  Outcome<void> make() {
    for (const auto& member : *file_.members()) {
      if (member.name == "format") continue;
      const KindInfo* kind = task_.directory.schema().kind(member.name);
      if (kind == nullptr) return broken(member.name, "ce genre n'existe pas", "there is no such kind");
      if (auto read = read_kind(*kind, member); !read) return read;
    }
    return {};
  }

  /// Shape   the list that POST /transaction takes
  Outcome<Value> changes() {
    Value list = Value::list();
    created_.clear();
    for (const Wanted& wanted : wanted_) {
      auto fields = fields_of(wanted);
      if (!fields) return fields;
      const bool create = wanted.current == nullptr;
      if (!create && fields->members()->empty()) continue;
      if (create) created_.emplace_back(list.items()->size(), &wanted);
      list.push(Value::object({{"kind", wanted.kind->name},
                               {"op", create ? "create" : "update"},
                               {"id", wanted.id},
                               {"fields", std::move(*fields)}}));
    }
    for (const auto& [kind, id] : removed_)
      list.push(Value::object({{"kind", kind->name}, {"op", "delete"}, {"id", id}}));
    return list;
  }

  /// After a trial: gives what is created the ids it would get, so that it may keep the read-only name of the file.
  void keep_names(const Value& answer) {
    const Value* ids = answer.find("ids");
    if (ids == nullptr || ids->items() == nullptr) return;
    for (const auto& [at, wanted] : created_) {
      if (at >= ids->items()->size() || !has_given_name(*wanted->kind)) continue;
      auto& own = wanted_[static_cast<std::size_t>(wanted - wanted_.data())];
      own.id = (*ids->items())[at].integer().value_or(own.id);
      ids_[{own.kind->name, own.name}] = own.id;
    }
  }

  /// After a refusal: makes up the secrets that are missing. Whether any was.
  bool make_secrets(const Value& problems) {
    const Value* list = problems.find("problems");
    if (list == nullptr || list->items() == nullptr) return false;
    bool made = false;
    for (const Value& problem : *list->items()) {
      const auto change = static_cast<std::size_t>(problem.integer_at("change"));
      const auto found =
          std::find_if(created_.begin(), created_.end(), [&](const auto& c) { return c.first == change; });
      const FieldInfo* field =
          found == created_.end() ? nullptr : found->second->kind->field(problem.text_at("field"));
      if (problem.text_at("rule") != "required" || field == nullptr || !field->write_only) continue;
      secrets_[{found->second->kind->name, found->second->name}].set(field->name, strong_secret(*field));
      made = true;
    }
    return made;
  }
  [[nodiscard]] std::size_t secrets() const { return secrets_.size(); }

 private:
  using Named = std::pair<std::string, std::string>;  // kind, name

  Outcome<void> broken(const std::string& where, std::string_view french, std::string_view english) {
    return failed(kCommandFailed, fmt::format("{}: {}", where, in(task_.language(), french, english)));
  }

  /// Whether the system gives the name itself, as a user's uuid.
  static bool has_given_name(const KindInfo& kind) {
    const FieldInfo* key = kind.key.empty() ? nullptr : kind.field(kind.key);
    return key != nullptr && key->read_only;
  }

  Outcome<void> read_kind(const KindInfo& kind, const Value::Member& member) {
    const auto objects = task_.directory.all(kind);
    if (!objects) return Unexpected{objects.error()};
    std::map<std::string, const Value*> current;
    for (const Value& object : **objects) {
      auto name = task_.directory.name(kind, object);
      if (!name) return Unexpected{name.error()};
      current.emplace(kind.singleton ? "" : *name, &object);
    }
    const Value::List single{member.value};
    const Value::List* list = kind.singleton ? &single : member.value.items();
    if (list == nullptr) return broken(member.name, "une liste est attendue", "a list is expected");
    std::int64_t temporary = 0;
    for (const Value& object : *list) {
      Wanted wanted{&kind, kind.singleton ? &member.value : &object, name_in_file(kind, object), nullptr,
                    --temporary};
      if (!object.is_object() || (wanted.name.empty() && !kind.singleton && !has_given_name(kind)))
        return broken(member.name, "un objet sans nom", "an object without a name");
      if (const auto found = current.find(wanted.name); found != current.end()) {
        wanted.current = found->second;
        wanted.id = kind.singleton ? 1 : found->second->integer_at("id");
        current.erase(found);
      }
      if (wanted.current == nullptr && kind.fixed) {
        complain(fmt::format("{} {}: {}", kind.name, wanted.name,
                             in(task_.language(), "n'existe pas ici et ne peut pas être créé",
                                "does not exist here and cannot be made")));
        continue;
      }
      ids_.emplace(Named{kind.name, wanted.name}, wanted.id);
      wanted_.push_back(std::move(wanted));
    }
    if (keep_ || kind.fixed || kind.singleton) return {};
    for (const auto& [name, object] : current) removed_.emplace_back(&kind, object->integer_at("id"));
    return {};
  }

  std::string name_in_file(const KindInfo& kind, const Value& object) const {
    if (kind.singleton) return {};
    if (const std::string key = kind.file_key(); !key.empty()) return object.text_at(key);
    const FieldInfo* local = kind.local_name();
    if (local == nullptr) return {};
    return fmt::format("{}@{}", object.text_at(local->name), object.text_at(local->unique_within));
  }

  /// What a new object has, or in what an old one differs.
  Outcome<Value> fields_of(const Wanted& wanted) {
    Value fields = Value::object();
    const bool create = wanted.current == nullptr;
    for (const auto& member : *wanted.object->members()) {
      const FieldInfo* field = wanted.kind->field(member.name);
      const bool skipped = field != nullptr && field->read_only &&
                           !(create && wanted.id > 0 && field->name == wanted.kind->key);
      if (skipped) continue;
      if (field == nullptr) {
        fields.set(member.name, member.value);  // the server words that there is no such field
        continue;
      }
      if (!create && !field->write_only) {
        const Value* now = wanted.current->find(field->name);
        const auto named = with_names(task_.directory, *field, now == nullptr ? Value() : *now);
        if (!named) return named;
        if (*named == member.value) continue;
      }
      fields.set(field->name, with_ids(*field, member.value));
    }
    if (const auto made = secrets_.find({wanted.kind->name, wanted.name}); made != secrets_.end()) {
      for (const auto& secret : *made->second.members()) fields.set(secret.name, secret.value);
    }
    return fields;
  }

  Value id_of(const std::string& kind, const Value& name) {
    if (name.text() == nullptr) return name;
    if (const auto found = ids_.find({kind, *name.text()}); found != ids_.end()) return found->second;
    if (const KindInfo* known = task_.directory.schema().kind(kind)) {
      if (const auto id = task_.directory.find(*known, *name.text())) return *id;
    }
    return name;  // the server words that there is no such object
  }

  Value record_with_ids(const std::vector<FieldInfo>& fields, Value record) {
    for (const FieldInfo& field : fields) {
      if (const Value* member = record.find(field.name)) record.set(field.name, with_ids(field, *member));
    }
    return record;
  }

  Value with_ids(const FieldInfo& field, const Value& value) {
    if (field.type == "reference") return id_of(field.reference, value);
    if (field.type == "destination") {
      const DestinationInfo* type = task_.directory.schema().destination(value.text_at("type"));
      return type == nullptr ? value : record_with_ids(type->fields, value);
    }
    if (value.items() == nullptr || (field.type != "reference_list" && field.type != "rows")) return value;
    Value list = Value::list();
    for (const Value& item : *value.items())
      list.push(field.type == "rows" ? record_with_ids(field.fields, item) : id_of(field.reference, item));
    return list;
  }

  Task& task_;
  const Value& file_;
  const bool keep_;
  std::vector<Wanted> wanted_;
  std::vector<std::pair<const KindInfo*, std::int64_t>> removed_;
  std::map<Named, std::int64_t> ids_;
  std::map<Named, Value> secrets_;
  std::vector<std::pair<std::size_t, const Wanted*>> created_;  // place among the changes
};

Outcome<Value> parsed(Task& task, std::string_view text) {
  auto file = model::parse_json(text, kFileLimits);
  if (!file)
    return failed(kCommandFailed,
                  fmt::format(fmt::runtime(in(task.language(), "ce n'est pas du JSON : {} (octet {})",
                                              "this is no JSON: {} (byte {})")),
                              file.error().what, file.error().detail));
  if (!file->is_object() || file->text_at("format") != kFormat)
    return failed(
        kCommandFailed,
        fmt::format(fmt::runtime(in(task.language(), "ce n'est pas un export de configuration (« {} »)",
                                    "this is no exported configuration (\"{}\")")),
                    kFormat));
  return std::move(*file);
}

Outcome<Reply> send(Task& task, const Value& changes, bool dry_run) {
  return task.api().ask(
      "POST", "/transaction",
      model::to_json(Value::object(
          {{"message", task.reason}, {"dry_run", dry_run}, {"force", task.force}, {"changes", changes}})));
}

/// A trial that settles what only the server knows: which secrets are missing, which ids new objects get.
Outcome<Value> settled_changes(Task& task, Plan& plan) {
  auto changes = plan.changes();
  if (!changes || changes->items()->empty()) return changes;
  auto tried = send(task, *changes, true);
  if (!tried) return Unexpected{tried.error()};
  if (tried->status >= 300 && plan.make_secrets(tried->json)) {
    changes = plan.changes();
    if (!changes) return changes;
    tried = send(task, *changes, true);
    if (!tried) return Unexpected{tried.error()};
  }
  if (tried->status >= 300) return failed(kCommandFailed, problem_text(*tried, task.language()));
  plan.keep_names(tried->json);
  return plan.changes();
}

}  // namespace

Outcome<std::string> export_configuration(Task& task, bool with_secrets) {
  Value file = Value::object({{"format", kFormat}});
  for (const KindInfo& kind : task.directory.schema().kinds) {
    auto exported = exported_kind(task, kind, with_secrets);
    if (!exported) return Unexpected{exported.error()};
    file.set(kind.singleton ? kind.name : kind.plural, std::move(*exported));
  }
  return pretty(file);
}

Outcome<void> apply_configuration(Task& task, std::string_view text, bool keep) {
  const auto file = parsed(task, text);
  if (!file) return Unexpected{file.error()};
  Plan plan(task, *file, keep);
  if (auto made = plan.make(); !made) return made;
  const auto changes = settled_changes(task, plan);
  if (!changes) return Unexpected{changes.error()};
  if (changes->items()->empty()) {
    print(outcome_text(Value::object({{"changes", 0}}), task.language()));
    return {};
  }
  const auto done = show_ask_and_do(task, [&](bool dry_run) -> Outcome<Reply> {
    auto reply = send(task, *changes, dry_run);
    if (reply && reply->status >= 300) return failed(kCommandFailed, problem_text(*reply, task.language()));
    return reply;
  });
  if (!done) return Unexpected{done.error()};
  if (plan.secrets() > 0)
    complain(fmt::format(
        fmt::runtime(in(task.language(), "{} secrets manquaient au fichier et ont été choisis au hasard",
                        "{} secrets were not in the file and were made at random")),
        plan.secrets()));
  return {};
}

}  // namespace xivo::cli
