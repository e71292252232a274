#pragma once

#include <string>
#include <vector>

#include "model/config.hpp"
#include "model/transaction.hpp"
#include "store/config_history.hpp"

namespace xivo::api {

/// A later change that stands in the way of undoing an earlier one.
struct Obstacle {
  std::string kind;
  std::int64_t id = 0;
  std::string name;
  std::string field;  // empty: the object as a whole
  model::RevisionNumber revision = 0;  // the later change
};

/// The changes that take something back, or what stands in their way.
struct Rollback {
  std::vector<model::Change> changes;
  std::vector<Obstacle> obstacles;
};

constexpr std::size_t kRollbackMax = 100'000;  // objects

/// What undoes revision `number` alone: each field that it changed gets its old value, what it created goes, what it
/// deleted comes back under its own id. A field that was changed again since, or an object that was, is an obstacle.
/// Errors  those of the database
Result<Rollback> undo_of(store::ConfigHistory& past, const model::Config& now, model::RevisionNumber number);
/// What makes everything as it was at revision `number`. Nothing stands in the way of that.
/// Errors  those of the database
Result<Rollback> return_to(store::ConfigHistory& past, const model::Config& now,
                           model::RevisionNumber number);

}  // namespace xivo::api
