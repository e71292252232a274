#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/transaction.hpp"
#include "store/config_store.hpp"

namespace xivo::store {

/// Which revisions to list; what is not set does not restrict.
struct RevisionFilter {
  int limit = 50;
  model::RevisionNumber before = 0;  // older than this one
  std::string kind{};                // that changed an object of this kind ...
  std::int64_t object = 0;           // ... and this one of them
  std::string author{};
};

/// One revision in a list.
struct ListedRevision {
  RevisionRecord record;     // its difference empty when it is too long for a list
  std::int64_t changes = 0;  // how many objects it changed
};

/// The past of the configuration, over a connection of its own: never waits for who writes.
/// Thread  one at a time; blocks for the disk.
class ConfigHistory {
 public:
  static constexpr std::size_t kListedBytesMax = 64 * 1024;  // of a difference, to be part of a list

  static Result<std::unique_ptr<ConfigHistory>> open(const std::string& path);

  Result<model::RevisionNumber> newest();
  /// Newest first.
  Result<std::vector<ListedRevision>> revisions(const RevisionFilter& filter);
  Result<std::optional<RevisionRecord>> revision(model::RevisionNumber number);
  /// The revision that changed an object last, its deletion included; 0 when there never was such an object.
  Result<model::RevisionNumber> last_change(std::string_view kind, std::int64_t id);
  /// The newest revision up to `until` that gave one of the fields another value; 0 when none after `after` did.
  Result<model::RevisionNumber> last_change_of(std::string_view kind, std::int64_t id,
                                               const std::vector<std::string>& fields,
                                               model::RevisionNumber after);

  /// What one object was at a revision and what it was at a later one; nothing when that is the same.
  Result<std::optional<model::ResolvedChange>> change_of(std::string_view kind, std::int64_t id,
                                                         model::RevisionNumber from,
                                                         model::RevisionNumber to);
  /// What all that happened after `from`, up to and including `to`, comes to: at most `limit` objects, by kind and id.
  Result<std::vector<model::ResolvedChange>> changes(model::RevisionNumber from, model::RevisionNumber to,
                                                     std::size_t limit);

 private:
  explicit ConfigHistory(Database database) : database_(std::move(database)) {}

  Database database_;
};

/// Both states of an object as one change, read as this program knows its kind; nothing when they are the same.
/// Shape   before, after: as stored, secrets shown; null = did not exist
std::optional<model::ResolvedChange> resolved_change(std::string_view kind, std::int64_t id,
                                                     const model::Value& before, const model::Value& after);

}  // namespace xivo::store
