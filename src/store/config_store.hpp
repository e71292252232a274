#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/transaction.hpp"
#include "runtime/clock.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// One accepted transaction, as history shows it.
struct RevisionRecord {
  model::RevisionNumber number = 0;
  std::string author;
  std::string message;
  runtime::WallTime wall{};
  std::string difference;  // JSON, see model::difference(); secrets masked
};

/// The configuration on disk: every object at every revision.
/// Thread  one at a time; blocks.
class ConfigStore {
 public:
  static Result<std::unique_ptr<ConfigStore>> open(const std::string& path);

  /// The newest configuration. Objects that this program reads only in part are loaded with defaults and named in the
  /// log; kinds that it does not know stay in the file untouched.
  Result<model::ConfigSnapshot> load();
  /// The configuration as it was at a revision of the past.
  Result<model::ConfigSnapshot> load_at(model::RevisionNumber revision);

  /// The objects of a kind as they are stored now, each with its "id", whatever this program would make of them: for what
  /// an older one wrote.
  Result<std::vector<model::Value>> stored(std::string_view kind);

  /// Makes a transaction durable: when this returns without an error, it survives kill -9 and a power cut. All or nothing.
  /// Errors  the file's, or "configuration on disk is not the one that was changed" when somebody else wrote it
  Result<void> commit(const model::Applied& applied);

  /// Newest first; `before` 0 = from the newest.
  Result<std::vector<RevisionRecord>> revisions(int limit, model::RevisionNumber before = 0);
  Result<std::optional<RevisionRecord>> revision(model::RevisionNumber number);
  /// An object as it was stored at a revision, secrets shown; null when it did not exist then.
  Result<model::Value> object_at(std::string_view kind, std::int64_t id, model::RevisionNumber revision);

 private:
  explicit ConfigStore(Database database) : database_(std::move(database)) {}
  Result<void> load_objects(model::ConfigBuilder& builder, model::RevisionNumber at);
  Result<void> load_ids(model::ConfigBuilder& builder);
  Result<model::RevisionNumber> newest();
  Result<void> write_change(const model::ResolvedChange& change, model::RevisionNumber revision);
  Result<void> write_ids(const model::Config& config);

  Database database_;
};

}  // namespace xivo::store
