#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "store/batch_writer.hpp"

namespace xivo::store {

/// Somebody whom a toll-fraud guard has blocked, as the engine wants it back after a restart. Opaque here.
struct TollBlockRow {
  std::string payer_kind;
  std::int64_t payer = 0;
  std::string reason;
  std::int64_t guard = 0;
  std::int64_t limit = 0;
  std::int64_t count = 0;
  runtime::WallTime since{};
  bool operator==(const TollBlockRow&) const = default;
};

/// The toll-fraud guards' memory across restarts. Writing never blocks and takes effect in the order given.
/// Thread  any.
class TollBlockStore {
 public:
  explicit TollBlockStore(BatchWriter& writer) : writer_(writer) {}

  /// All blocks of a database of calls, by kind and id. Blocks; for the start.
  static Result<std::vector<TollBlockRow>> load(const std::string& path);

  /// Each returns false when the writer's queue is full.
  bool upsert(TollBlockRow row);
  bool erase(std::string payer_kind, std::int64_t payer);

 private:
  BatchWriter& writer_;
};

}  // namespace xivo::store
