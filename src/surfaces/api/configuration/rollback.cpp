#include "api/configuration/rollback.hpp"

#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Change;
using model::KindSchema;
using model::Value;
using Op = Change::Op;

/// Looks at one object that the revision changed.
class Undoing {
 public:
  Undoing(store::ConfigHistory& past, const model::Config& now, model::RevisionNumber number, Rollback& out)
      : past_(past), now_(now), number_(number), out_(out) {}

  Result<void> take_back(const model::ResolvedChange& change) {
    const KindSchema* kind = model::find_kind(change.kind);
    if (kind == nullptr) return {};  // of another program's; it lives on untouched
    const model::AnyTable& table = table_of(now_, *kind);
    const void* object = table.find(change.id);
    const auto last = table.revision_of(change.id);
    switch (change.op) {
      case Op::Create:
        if (object == nullptr) return {};
        if (last > number_) return obstacle(change, {}, last);
        out_.changes.push_back({change.kind, Op::Delete, change.id, Value(), last});
        return {};
      case Op::Delete:
        if (object != nullptr) return obstacle(change, {}, last);
        out_.changes.push_back({change.kind, Op::Create, change.id, change.before, std::nullopt});
        return {};
      case Op::Update:
        if (object != nullptr) return put_back(change, kind->to_value(object, model::Secrets::Shown), last);
        const auto gone = past_.last_change(change.kind, change.id);
        if (!gone) return Unexpected{gone.error()};
        return obstacle(change, {}, *gone);
    }
    return {};
  }

 private:
  Result<void> put_back(const model::ResolvedChange& change, const Value& object,
                        model::RevisionNumber last) {
    Value fields = Value::object();
    bool free = true;
    for (const std::string& field : change.fields) {
      const Value* was = change.before.find(field);
      const Value* became = change.after.find(field);
      const Value* is = object.find(field);
      if (is == nullptr || (was != nullptr && *is == *was)) continue;  // gone, or already what it was
      if (became == nullptr || *is != *became) {
        const auto later = past_.last_change_of(change.kind, change.id, {field}, number_);
        if (!later) return Unexpected{later.error()};
        (void)obstacle(change, field, *later);
        free = false;
        continue;
      }
      fields.set(field, was == nullptr ? Value() : *was);
    }
    if (free && !fields.members()->empty())
      out_.changes.push_back({change.kind, Op::Update, change.id, std::move(fields), last});
    return {};
  }

  Result<void> obstacle(const model::ResolvedChange& change, const std::string& field,
                        model::RevisionNumber revision) {
    out_.obstacles.push_back({change.kind, change.id, change.name, field, revision});
    return {};
  }

  store::ConfigHistory& past_;
  const model::Config& now_;
  const model::RevisionNumber number_;
  Rollback& out_;
};

}  // namespace

Result<Rollback> undo_of(store::ConfigHistory& past, const model::Config& now, model::RevisionNumber number) {
  const auto changes = past.changes(number - 1, number, kRollbackMax);
  if (!changes) return Unexpected{changes.error()};
  Rollback rollback;
  Undoing undoing(past, now, number, rollback);
  for (const auto& change : *changes) {
    if (const auto done = undoing.take_back(change); !done) return Unexpected{done.error()};
  }
  return rollback;
}

Result<Rollback> return_to(store::ConfigHistory& past, const model::Config& now,
                           model::RevisionNumber number) {
  const auto changes = past.changes(number, now.revision(), kRollbackMax);
  if (!changes) return Unexpected{changes.error()};
  Rollback rollback;
  for (const auto& change : *changes) {
    const KindSchema* kind = model::find_kind(change.kind);
    if (kind == nullptr) continue;
    const auto last = table_of(now, *kind).revision_of(change.id);
    const auto base = last == 0 ? std::nullopt : std::optional(last);
    switch (change.op) {
      case Op::Create: rollback.changes.push_back({change.kind, Op::Delete, change.id, Value(), base}); break;
      case Op::Delete:
        rollback.changes.push_back({change.kind, Op::Create, change.id, change.before, base});
        break;
      case Op::Update:
        Value fields = Value::object();
        for (const auto& field : change.fields) {
          const Value* was = change.before.find(field);
          fields.set(field, was == nullptr ? Value() : *was);
        }
        rollback.changes.push_back({change.kind, Op::Update, change.id, std::move(fields), base});
        break;
    }
  }
  return rollback;
}

}  // namespace xivo::api
