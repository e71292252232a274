#include "model/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "model/json.hpp"
#include "model/references.hpp"
#include "model/transaction_checks.hpp"
#include "model/transaction_names.hpp"

namespace xivo::model {

namespace {

using Rule = Problem::Rule;
using detail::kProblemsMax;

constexpr std::int64_t kIdMax = std::int64_t{1} << 53;  // what every JSON reader can hold

/// A UUID (RFC 9562, version 4) out of 64 bits of entropy and a number: SplitMix64, twice.
std::string make_uuid(std::uint64_t entropy, std::uint64_t number) {
  const auto mix = [](std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  };
  const std::uint64_t high = (mix(entropy + number * 0x9E3779B97F4A7C15) & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (mix(high ^ number) & ~(3ULL << 62)) | (2ULL << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                     low >> 48, low & 0xFFFFFFFFFFFF);
}

/// Whether a problem's path is the field or something within it.
bool is_within(std::string_view path, std::string_view field) {
  return path.starts_with(field) && (path.size() == field.size() || path[field.size()] == '.');
}

/// One run of apply().
class Application {
 public:
  Application(const Config& config, const Transaction& transaction, const Moment& moment)
      : config_(config), transaction_(transaction), moment_(moment), builder_(config) {
    builder_.revision(config.revision() + 1);
  }

  Result<Applied, Problems> run() {
    if (transaction_.changes.size() > kChangesMax) {
      report(Rule::TooManyChanges).facts = {{"max", fmt::to_string(kChangesMax)}};
      return Unexpected{std::move(problems_)};
    }
    ids_.resize(transaction_.changes.size());
    for (at_ = 0; at_ < transaction_.changes.size(); ++at_) keep_wished_id();
    for (at_ = 0; at_ < transaction_.changes.size(); ++at_) number_creation();
    for (at_ = 0; at_ < transaction_.changes.size() && problems_.size() < kProblemsMax; ++at_) change();
    if (problems_.empty()) {
      const Rights* rights = transaction_.rights ? &*transaction_.rights : nullptr;
      detail::check_together(builder_.preview(), touched_, rights, problems_);
    }
    // What fits not together was found kind by kind; the author thinks in changes.
    std::sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
      return std::tie(a.change, a.field, a.rule) < std::tie(b.change, b.field, b.rule);
    });
    if (!problems_.empty()) return Unexpected{std::move(problems_)};
    return finish();
  }

 private:
  [[nodiscard]] const Change& now() const { return transaction_.changes[at_]; }
  AnyTable& table(const KindSchema& kind) { return builder_.edit(kind.slot()); }
  /// The object as the transaction has left it so far.
  std::shared_ptr<const void> current(const KindSchema& kind, std::int64_t id) {
    const AnyTable* table = builder_.table(kind.slot());
    return table == nullptr ? nullptr : table->share(id);
  }

  Problem& report(Rule rule, std::string_view field = {}) {
    Problem& problem = problems_.emplace_back();
    problem.rule = rule;
    problem.field = field;
    fill(problem);
    return problem;
  }
  void report(Problem problem) {
    fill(problem);
    problems_.push_back(std::move(problem));
  }
  void fill(Problem& problem) {
    problem.change = at_;
    if (at_ >= transaction_.changes.size()) return;
    const KindSchema* kind = find_kind(now().kind);
    problem.kind = kind == nullptr ? now().kind : kind->name();
    problem.id = now().id;
    if (kind == nullptr || now().id <= 0) return;
    if (const auto object = current(*kind, now().id)) problem.name = kind->label(object.get());
  }

  std::int64_t& next_id(const KindSchema& kind) {
    return next_ids_.try_emplace(&kind, table_of(config_, kind).next_id()).first->second;
  }

  /// Gives out no id that a change of the transaction asks for.
  void keep_wished_id() {
    const KindSchema* kind = find_kind(now().kind);
    if (kind == nullptr || now().op != Change::Op::Create || now().id <= 0 || now().id > kIdMax) return;
    next_id(*kind) = std::max(next_id(*kind), now().id + 1);
  }

  /// Gives each new object its id before anything is read, so that changes may refer to each other in any order.
  void number_creation() {
    const KindSchema* kind = find_kind(now().kind);
    ids_[at_] = now().id;
    if (kind == nullptr) return;
    if (kind->spec().singleton && now().id <= 0) {
      ids_[at_] = kSingletonId;
      return;
    }
    if (now().op != Change::Op::Create) return;
    if (now().id <= 0) ids_[at_] = next_id(*kind)++;
    names_.promise(*kind, now().fields, ids_[at_]);
    if (now().id < 0 && !names_.give_temporary(*kind, now().id, ids_[at_])) report(Rule::AlreadyExists);
  }

  void change() {
    const KindSchema* kind = find_kind(now().kind);
    if (kind == nullptr) {
      report(Rule::UnknownKind);
      return;
    }
    const std::string scope = std::string(kind->name()) + ":write";
    if (transaction_.rights && !transaction_.rights->allows(scope)) {
      report(Rule::Forbidden).facts = {{"scope", scope}};
      return;
    }
    std::int64_t id = ids_[at_];
    if (now().op != Change::Op::Create && id < 0)
      id = ids_[at_] = names_.of_temporary(*kind, id).value_or(id);
    const auto object = current(*kind, id);
    const bool unwritten = kind->spec().singleton && object == nullptr && id == kSingletonId;
    if (kind->spec().singleton && now().op == Change::Op::Delete) {
      report(Rule::NotDeletable);
    } else if (now().op == Change::Op::Create || (unwritten && base_is_none())) {
      create(*kind, id, object != nullptr);
    } else if (object == nullptr) {
      report(Rule::NotFound);
    } else if (is_current(*kind, id, object.get())) {
      now().op == Change::Op::Update ? update(*kind, id, object) : erase(*kind, id, object);
    }
  }

  /// Whether the author of a change to what nobody wrote yet has seen it so.
  [[nodiscard]] bool base_is_none() const { return now().base_revision.value_or(0) == 0; }

  void create(const KindSchema& kind, std::int64_t id, bool exists) {
    if (exists) {
      report(Rule::AlreadyExists);
      return;
    }
    if (id > kIdMax) {
      report(Rule::OutOfRange, "id").facts = {
          {"min", "1"}, {"max", fmt::to_string(kIdMax)}, {"value", fmt::to_string(id)}};
      return;
    }
    const KindSchema::Object made = kind.make_default();
    kind.set_id(made.get(), id);
    for (const Field& field : kind.fields()) {
      if (field.assigned_uuid)
        field.store(made.get(), Value(make_uuid(moment_.entropy, static_cast<std::uint64_t>(id))));
    }
    if (!set_fields(kind, made.get(), now().id > 0)) return;
    touch(kind, id, nullptr);
    table(kind).put(id, made, builder_.revision());
    names_.note(kind, id, made.get());
  }

  void update(const KindSchema& kind, std::int64_t id, const std::shared_ptr<const void>& object) {
    const KindSchema::Object changed = kind.copy(object.get());
    if (!set_fields(kind, changed.get(), false)) return;
    if (kind.to_value(changed.get(), Secrets::Shown) == kind.to_value(object.get(), Secrets::Shown)) return;
    touch(kind, id, object);
    table(kind).put(id, changed, builder_.revision());
    names_.note(kind, id, changed.get());
  }

  void erase(const KindSchema& kind, std::int64_t id, const std::shared_ptr<const void>& object) {
    touch(kind, id, object);
    table(kind).erase(id);
  }

  void touch(const KindSchema& kind, std::int64_t id, std::shared_ptr<const void> before) {
    auto& entry = touched_[&kind];
    const auto [place, fresh] = entry.try_emplace(id);
    if (fresh) place->second.before = std::move(before);
    place->second.change = at_;
  }

  /// Refuses when somebody else changed the object since the author looked at it.
  bool is_current(const KindSchema& kind, std::int64_t id, const void* object) {
    std::optional<RevisionNumber> base = now().base_revision;
    if (const Value* sent = now().fields.find("revision"); sent != nullptr && !base) base = sent->integer();
    const RevisionNumber last = table_of(config_, kind).revision_of(id);
    if (!base || *base == last || last == 0) return true;
    std::string fields;
    for (const Field& field : kind.fields()) {
      const Value* sent = now().fields.find(field.name);
      if (sent == nullptr || field.write_only() || *sent == field.get(object)) continue;
      fields += (fields.empty() ? "" : ", ") + std::string(field.name);
    }
    report(Rule::Conflict).facts = {
        {"base", fmt::to_string(*base)}, {"revision", fmt::to_string(last)}, {"fields", fields}};
    return false;
  }

  /// Puts the change's members into `object`. `restoring`: read-only members may be set.
  bool set_fields(const KindSchema& kind, void* object, bool restoring) {
    const std::size_t before = problems_.size();
    if (const Value::Object* members = now().fields.members()) {
      for (const Value::Member& member : *members) set_field(kind, object, member, restoring);
    } else if (!now().fields.is_null()) {
      report(Rule::WrongType).facts = {{"expected", "object"}};
    }
    for (const Field& field : kind.fields()) {
      const bool reported =
          std::any_of(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(),
                      [&](const Problem& p) { return is_within(p.field, field.name); });
      if (field.required && !reported && is_empty(field.get(object))) report(Rule::Required, field.name);
    }
    return problems_.size() == before;
  }

  void set_field(const KindSchema& kind, void* object, const Value::Member& member, bool restoring) {
    if (member.name == "revision") return;
    if (member.name == "id") {
      if (member.value != Value(kind.id_of(object)) && member.value != Value(now().id))
        report(Rule::ReadOnly, "id");
      return;
    }
    const Field* field = kind.field(member.name);
    if (field == nullptr) {
      report(Rule::UnknownField, member.name);
      return;
    }
    if (field->read_only && !restoring) {
      if (!member.value.is_null() && member.value != field->get(object)) report(Rule::ReadOnly, field->name);
      return;
    }
    if (auto problem = field->check(member.value)) {
      report(std::move(*problem));
    } else if (!may_refer(*field)) {
      field->store(object, member.value);
    } else if (auto value = with_ids(*field, member.value)) {
      field->store(object, *value);
    }
  }

  /// The value with ids where the author wrote temporary numbers or keys; nothing, and reported, when one is nobody's.
  std::optional<Value> with_ids(const Field& field, Value value) {
    const std::size_t before = problems_.size();
    visit_references(field, value, [&](std::string_view kind_name, Value& target, const std::string& path) {
      const KindSchema& kind = *find_kind(kind_name);
      if (const auto id = names_.find(kind, target, builder_.table(kind.slot()))) {
        target = Value(*id);
        return;
      }
      const std::string where = std::string(field.name) + (path.empty() ? "" : ".") + path;
      report(Rule::ReferenceMissing, where).facts = {
          {"reference", std::string(kind_name)},
          {"value", target.text() != nullptr ? *target.text() : to_json(target)}};
    });
    if (problems_.size() != before) return std::nullopt;
    if (auto problem = field.check(value)) {  // two names of one object are one item twice
      report(std::move(*problem));
      return std::nullopt;
    }
    return value;
  }

  Applied finish() {
    Applied applied;
    for (const auto& [kind, objects] : touched_) {
      for (const auto& [id, touched] : objects) {
        if (auto change = resolved(*kind, id, touched.before.get())) {
          applied.changes.push_back(std::move(*change));
        } else if (touched.before) {
          table(*kind).put(id, touched.before, table_of(config_, *kind).revision_of(id));
        }
      }
    }
    std::sort(applied.changes.begin(), applied.changes.end(),
              [&](const auto& a, const auto& b) { return change_of(a) < change_of(b); });
    applied.config = applied.changes.empty() ? ConfigBuilder(config_).build() : builder_.build();
    applied.revision = applied.config->revision();
    applied.wall = moment_.wall;
    applied.author = transaction_.author;
    applied.message = transaction_.message;
    applied.ids = std::move(ids_);
    return applied;
  }

  [[nodiscard]] std::size_t change_of(const ResolvedChange& change) const {
    return touched_.at(find_kind(change.kind)).at(change.id).change;
  }

  /// Nothing when the object is in the end what it was.
  std::optional<ResolvedChange> resolved(const KindSchema& kind, std::int64_t id, const void* before) {
    const auto after = current(kind, id);
    ResolvedChange change;
    if (before != nullptr) change.before = kind.to_value(before, Secrets::Shown);
    if (after != nullptr) change.after = kind.to_value(after.get(), Secrets::Shown);
    if (change.before == change.after) return std::nullopt;
    change.kind = kind.name();
    change.id = id;
    change.op = before == nullptr  ? Change::Op::Create
                : after == nullptr ? Change::Op::Delete
                                   : Change::Op::Update;
    change.name = kind.label(after == nullptr ? before : after.get());
    for (const Field& field : kind.fields()) {
      const Value* was = change.before.find(field.name);
      const Value* is = change.after.find(field.name);
      if (was == nullptr || is == nullptr || *was != *is) change.fields.emplace_back(field.name);
    }
    return change;
  }

  const Config& config_;
  const Transaction& transaction_;
  const Moment& moment_;
  ConfigBuilder builder_;
  std::size_t at_ = 0;  // the change that is being looked at
  std::vector<std::int64_t> ids_;
  std::unordered_map<const KindSchema*, std::int64_t> next_ids_;
  detail::TransactionNames names_;
  detail::TouchedObjects touched_;
  Problems problems_;
};

}  // namespace

Result<Applied, Problems> apply(const Config& config, const Transaction& transaction, const Moment& moment) {
  return Application(config, transaction, moment).run();
}

Value difference(const std::vector<ResolvedChange>& changes) {
  Value all = Value::list();
  for (const ResolvedChange& change : changes) {
    const KindSchema* kind = find_kind(change.kind);
    Value fields = Value::list();
    for (const std::string& name : change.fields) {
      const Field* field = kind == nullptr ? nullptr : kind->field(name);
      const auto shown = [&](const Value& object) -> Value {
        const Value* value = object.find(name);
        if (value == nullptr) return {};
        return field != nullptr && field->write_only() && !is_empty(*value) ? Value("***") : *value;
      };
      fields.push(
          Value::object({{"name", name}, {"before", shown(change.before)}, {"after", shown(change.after)}}));
    }
    all.push(Value::object({{"kind", change.kind},
                            {"id", change.id},
                            {"op", model::name(change.op)},
                            {"name", change.name},
                            {"fields", std::move(fields)}}));
  }
  return all;
}

std::string_view name(Change::Op op) {
  switch (op) {
    case Change::Op::Create: return "create";
    case Change::Op::Update: return "update";
    case Change::Op::Delete: return "delete";
  }
  return "";
}

}  // namespace xivo::model
