#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "store/batch_writer.hpp"

namespace xivo::store {

/// A banned network, as the engine wants it back after a restart. Opaque here.
struct BanRow {
  std::int64_t id = 0;
  std::string network;
  std::string reason;
  std::string detail;
  std::string author;
  runtime::WallTime since{};
  std::optional<runtime::WallTime> until;
  bool operator==(const BanRow&) const = default;
};

/// The bans' memory across restarts. Writing never blocks and takes effect in the order given.
/// Thread  any.
class BanStore {
 public:
  explicit BanStore(BatchWriter& writer) : writer_(writer) {}

  /// All bans of a database of calls, by id, ended ones included. Blocks; for the start.
  static Result<std::vector<BanRow>> load(const std::string& path);

  /// Each returns false when the writer's queue is full.
  bool upsert(BanRow row);
  bool erase(std::int64_t id);

 private:
  BatchWriter& writer_;
};

}  // namespace xivo::store
