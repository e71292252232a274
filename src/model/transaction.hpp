#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/config.hpp"
#include "model/problem.hpp"
#include "model/rights.hpp"
#include "model/value.hpp"

/// A change of the configuration: all of it or nothing, checked against the snapshot of now.       DESIGN.md idea 2
namespace xivo::model {

/// One object to create, update or delete.
struct Change {
  enum class Op : std::uint8_t { Create, Update, Delete };

  std::string kind{};  // name or plural
  Op op = Op::Create;
  /// Update, Delete: the object. Create: 0, or a negative number of the author's choice by which later changes of the
  /// same transaction refer to it, or a positive one to bring back a deleted object under its own id.
  std::int64_t id = 0;
  /// Create, Update: an object Value. Update leaves fields alone that it does not name; null means the default. What
  /// GET showed may be sent back: read-only members are accepted when they say what is already so, "revision" is
  /// taken as base_revision.
  Value fields{};
  /// Refuse (Conflict) unless the object's last change is this revision.
  std::optional<RevisionNumber> base_revision{};
};

/// Whether a change may harm the plan as a whole.
enum class Review : std::uint8_t {
  Enforced,
  BreaksScenarios,  // on purpose; `message` says why
  None,  // the system's own changes, which nobody could correct
};

/// Changes that come true together, who makes them and why.
struct Transaction {
  std::vector<Change> changes{};
  std::string author{};
  std::string message{};
  std::optional<Rights> rights{};  // of the author, checked for each change; nothing: the system itself
  Review review = Review::Enforced;  // by whoever makes it durable, not by apply()
};

/// What apply() may not find out by itself, being pure.
struct Moment {
  std::chrono::sys_time<std::chrono::milliseconds> wall{};
  std::uint64_t entropy = 0;  // from an Rng; makes the UUIDs of created objects
};

/// One object that really changed.
struct ResolvedChange {
  std::string kind;
  std::int64_t id = 0;
  Change::Op op = Change::Op::Create;
  std::string name;  // label after the change (before it, for a delete)
  Value before;  // null for a create; secrets shown: for storage only
  Value after;  // null for a delete; secrets shown: for storage only
  std::vector<std::string> fields;  // names of the fields that differ
};

/// A transaction that was accepted, ready to be made durable and then published.
struct Applied {
  ConfigSnapshot config;
  RevisionNumber revision = 0;  // of `config`
  std::chrono::sys_time<std::chrono::milliseconds> wall{};
  std::string author;
  std::string message;
  std::vector<ResolvedChange>
      changes;  // may be empty: nothing differs, then revision and config are the old ones
  std::vector<std::int64_t> ids;  // per change of the transaction: the object's id
};

constexpr std::size_t kChangesMax =
    100'000;  // of one transaction: an import of 50,000 users with a line each

/// Validates `transaction` against `config` and makes the next configuration. Pure. The fields of a change are checked
/// when its turn comes; how objects fit together (references, uniqueness, rules of the kind) once all changes are in place,
/// so that two objects may swap a number.
/// Errors  every problem found, in the order of the changes; never empty
Result<Applied, Problems> apply(const Config& config, const Transaction& transaction, const Moment& moment);

/// The difference as people may see it: [{kind, id, op, name, fields: [{name, before, after}]}], secrets as "***".
Value difference(const std::vector<ResolvedChange>& changes);

std::string_view name(Change::Op op);  // "create", "update", "delete"

}  // namespace xivo::model
