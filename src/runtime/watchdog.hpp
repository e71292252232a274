#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "runtime/pulse.hpp"
#include "runtime/thread.hpp"

namespace xivo::runtime {

/// Watches the loops of the process from a thread of its own. One that stays in the same turn for too long stalls everything
/// that it serves while the process looks alive: the log then gets the stacks of all threads, once a stall, and a line
/// when it is over. A loop that waits for work is never too late, and time in which
/// the watchdog itself did not run (the machine or the process stood still) counts for nobody.
/// Thread  its owner's
class Watchdog {
 public:
  struct Limits {
    std::chrono::milliseconds turn_max{500};
    std::chrono::milliseconds look_every{100};  // a stall is seen so much later, at most
    std::chrono::seconds stacks_every{10};  // between two dumps, however many loops stall
  };

  explicit Watchdog(const Limits& limits);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Stalls seen so far. Thread  any
  [[nodiscard]] std::uint64_t stalls() const { return stalls_.load(); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Turn {
    std::uint64_t number = 0;
    Time since;
    bool told = false;
  };

  void watch();
  void look(Time now);
  void tell(const Pulse::Seen& loop, std::chrono::milliseconds late, Time now);

  const Limits limits_;
  std::mutex lock_;
  std::condition_variable wake_;
  bool ending_ = false;  // under lock_
  std::unordered_map<const Pulse*, Turn> turns_;  // the watching thread's, as is the rest
  Time looked_at_{};
  Time stacks_at_{};
  std::atomic<std::uint64_t> stalls_{0};
  Thread thread_;  // last: joins before the rest goes
};

}  // namespace xivo::runtime
