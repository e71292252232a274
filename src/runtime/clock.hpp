#pragma once

#include <chrono>
#include <cstdint>

namespace xivo::runtime {

using Duration = std::chrono::microseconds;

/// Monotonic time of a loop. Tests own it.
struct MonoClockTag {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<MonoClockTag>;
  static constexpr bool is_steady = true;
};
using Instant = std::chrono::time_point<MonoClockTag, Duration>;

/// Wall-clock time, UTC, for records and schedules.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where a loop gets its time from: the kernel in production, the test in a test.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] WallTime wall() const override;
};

/// A clock that stands still until told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime(std::chrono::seconds(1'800'000'000))) : start_(start) {}
  [[nodiscard]] Instant now() const override {
    return Instant(Duration(std::chrono::seconds(1'000)) + passed_);
  }
  [[nodiscard]] WallTime wall() const override {
    return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed_);
  }
  void advance(Duration by) { passed_ += by; }

 private:
  WallTime start_;
  Duration passed_{};
};

}  // namespace xivo::runtime
