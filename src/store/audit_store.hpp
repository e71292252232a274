#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// One thing that somebody did, or tried, with the keys of the house.
struct AuditEntry {
  std::int64_t id = 0;
  runtime::WallTime at{};
  std::string account{};  // name; empty: unknown
  std::string event{};    // "login", "login-refused" ...
  std::string source{};   // address
  std::string detail{};
};

/// Which entries to show; empty texts match everything.
struct AuditFilter {
  std::optional<runtime::WallTime> since{};  // inclusive
  std::optional<runtime::WallTime> until{};  // exclusive
  std::string account{};
  std::string event{};
  int limit = 100;
  std::int64_t before = 0;  // only ids below; 0: from the newest
};

/// The log of accesses: bounded by age and number, so that no stranger can fill the disk; and because strangers can
/// make refusals at will, these push out only each other.
/// Thread  one at a time; blocks.
class AuditStore {
 public:
  static constexpr std::int64_t kEntriesMax = 100'000;
  static constexpr std::int64_t kRefusalsMax = 20'000;  // of each of these
  static constexpr std::chrono::days kAgeMax{366};
  static constexpr std::array<std::string_view, 2> kRefusals{"login-refused", "forbidden"};

  static Result<std::unique_ptr<AuditStore>> open(const std::string& path);

  /// Writes entries (their ids are given here) as one transaction and drops what is too old or too many.
  Result<void> append(const std::vector<AuditEntry>& entries, runtime::WallTime now);
  /// Newest first.
  Result<std::vector<AuditEntry>> list(const AuditFilter& filter);

 private:
  explicit AuditStore(Database database) : database_(std::move(database)) {}
  Result<void> prune(runtime::WallTime now);

  Database database_;
};

}  // namespace xivo::store
