#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace xivo::runtime {

/// How a loop shows that it lives: it says when a turn begins and when it rests again. Two stores a turn, no clock.
/// Thread  beat() and rest() the loop's; construction and destruction any
class Pulse {
 public:
  /// `name` of the loop, which outlives this.
  explicit Pulse(const char* name);
  ~Pulse();
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// A turn begins.
  void beat() { turn_.store(++number_, std::memory_order_relaxed); }
  /// It is over: from here on the loop only waits for something to do.
  void rest() { turn_.store(0, std::memory_order_relaxed); }

  /// The number of the turn that is running; 0 while the loop waits. Thread  any
  [[nodiscard]] std::uint64_t turn() const { return turn_.load(std::memory_order_relaxed); }
  [[nodiscard]] const char* name() const { return name_; }

  struct Seen {
    const Pulse* pulse;  // to be compared only: it may be gone
    std::string name;
    std::uint64_t turn;
  };
  /// What every loop of the process is doing now. Thread  any
  static std::vector<Seen> all();

 private:
  const char* name_;
  std::uint64_t number_ = 0;
  std::atomic<std::uint64_t> turn_{0};
};

}  // namespace xivo::runtime
