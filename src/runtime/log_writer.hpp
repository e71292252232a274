#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/log.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::runtime {

/// Writes the log from a thread of its own while it lives, so that a reader of the log who stops reading, or a full disk,
/// holds up nobody else. Lines keep their order; past the bound they are dropped, and how many is written later.
/// Thread  main
class LogWriter {
 public:
  static constexpr std::size_t kWaitingMax = 20'000;  // lines

  /// `fd`: where lines go; blocking is fine.
  explicit LogWriter(int fd);
  /// Writes what waits, unless the reader takes nothing at all for `kLastWordsMax`.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

 private:
  void take(log::Level level, std::string_view category, std::string_view text);
  void write_out(std::string_view line);

  const int fd_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<bool> ending_{false};
  bool given_up_ = false;  // the writing thread's: at the end the reader took nothing
  WorkerPool writer_{1};  // last: joins before the rest goes
};

}  // namespace xivo::runtime
