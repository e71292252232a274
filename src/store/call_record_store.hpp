#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/batch_writer.hpp"
#include "store/call_record.hpp"

namespace xivo::store {

/// Which calls to list; what is not set does not restrict.
struct CallFilter {
  std::optional<runtime::WallTime> since{};  // started at or after
  std::optional<runtime::WallTime> until{};  // started before
  std::string caller{};                      // part of the caller's number or name
  std::string called{};                      // part of the dialled or called number or of the called name
  std::string search{};                      // part of any of these
  std::vector<std::int64_t> lines{};         // one of these took part ...
  std::int64_t called_user = 0;              // ... or this user was called; 0 = none
  std::optional<Disposition> disposition{};
  int limit = 100;                         // at most CallRecordReader::kLimitMax
  int offset = 0;
};

/// Writes a call record with its legs, within the caller's transaction.
/// Thread  the database's.
Result<void> insert(Database& database, const CallRecord& record);

/// Queues a call record with its legs. Returns false when the writer's queue is full.
/// Thread  any; never blocks.
bool append(BatchWriter& writer, CallRecord record);

/// Reads call records over a connection of its own; never waits for the writer.
/// Thread  one at a time; blocks for the disk.
class CallRecordReader {
 public:
  static constexpr int kLimitMax = 1000;

  static Result<std::unique_ptr<CallRecordReader>> open(const std::string& path);

  /// Newest first, without trace and legs.
  Result<std::vector<CallRecord>> list(const CallFilter& filter);
  /// How many list() would find without limit and offset.
  Result<std::int64_t> count(const CallFilter& filter);
  /// With trace and legs.
  Result<std::optional<CallRecord>> find(std::int64_t id);
  Result<std::optional<CallRecord>> find_by_uuid(std::string_view uuid);

 private:
  explicit CallRecordReader(Database database) : database_(std::move(database)) {}
  Result<std::optional<CallRecord>> find_one(Query query);
  Result<void> read_legs(CallRecord& record);

  Database database_;
};

}  // namespace xivo::store
