#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/clock.hpp"

namespace xivo::runtime {

struct TimerTag;
using TimerId = Handle<TimerTag>;
using Task = std::function<void()>;

/// All timers of one loop: a hierarchical hashed wheel of 1 ms ticks, 5 levels of 256 slots (34 years). Setting and
/// cancelling are O(1), and a jump of the clock costs what fires in it, not its length.
/// Timers fire in order of deadline tick, equal ticks in the order they were set.
/// Thread  the loop's.
class TimerWheel {
 public:
  explicit TimerWheel(const Clock& clock);
  ~TimerWheel() { close(); }
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Runs `task` once, not before `delay` has passed (rounded up to the next millisecond), never from inside set().
  /// Units   delay: negative is zero, more than ten years is ten years
  TimerId set(Duration delay, Task task);
  /// The same for what nobody waits for (tidying up): up to kLazyTicks later, together with others of its kind, so that
  /// a few of them cost the loop four wake-ups a second. When many come together, kLazyTurn run in each tick and the others a little
  /// later still, so that those who wait for something need not wait for a thousand of them.
  TimerId set_lazy(Duration delay, Task task);
  /// Drops the task, and with it what it captured. A stale or empty id does nothing.
  void cancel(TimerId id);
  [[nodiscard]] bool pending(TimerId id) const;

  /// Runs what is due. A task may set and cancel timers, its own included; it may not call run_due().
  void run_due();
  /// When run_due() has next to be called; nothing when no timer is set. May be early (a cascade: at most five times
  /// for one timer), never late.
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Drops every timer without running it; from then on set() does nothing.
  void close();

 private:
  static constexpr int kLevels = 5;
  static constexpr std::uint64_t kSlots = 256;
  static constexpr std::uint64_t kLazyTicks = kSlots;  // one turn of the lowest level
  static constexpr std::uint64_t kLazyTurn = 64;  // a third of a millisecond, if each ends a transaction

  struct Node {
    Task task;
    std::uint64_t tick = 0;
    std::uint32_t generation = 1;
    std::uint32_t prev = 0;  // index + 1; 0 = none
    std::uint32_t next = 0;
    std::uint16_t slot = 0;  // level * 256 + position
    bool live = false;
    bool lazy = false;
  };
  struct List {
    std::uint32_t head = 0;
    std::uint32_t tail = 0;
  };

  // The next tick at which something has to be done: a position of the lowest level to run, or one of a higher level
  // to deal out.
  struct Stop {
    std::uint64_t tick;
    int level;
  };

  [[nodiscard]] static std::uint64_t tick_of(Instant at);
  [[nodiscard]] std::uint64_t due_tick(Duration delay) const;
  TimerId add(std::uint64_t tick, Task task, bool lazy);
  [[nodiscard]] std::optional<Stop> next_stop() const;
  void place(std::uint32_t index);
  void unlink(std::uint32_t index);
  [[nodiscard]] Task release(std::uint32_t index);
  void cascade(int level);
  void run_slot(List& list);
  [[nodiscard]] int first_set(int level, std::uint64_t from) const;

  const Clock& clock_;
  std::uint64_t now_tick_;  // all ticks up to and including this one have been run, or this one is running
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  std::array<List, kLevels * kSlots> slots_{};
  std::array<std::array<std::uint64_t, kSlots / 64>, kLevels> occupied_{};
  std::size_t size_ = 0;
  bool running_ = false;
  bool closed_ = false;
};

}  // namespace xivo::runtime
