#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "call/toll_meter.hpp"
#include "model/ids.hpp"
#include "model/routing/live_state.hpp"

namespace xivo::call {

/// What the shards of a process must agree on: the numbers they give out, how many calls run, and how many each user has.
/// Atomic counters: with one shard they cost what plain ones do.
/// Thread  any
class Census {
 public:
  /// Users whose calls are counted exactly; ids beyond share the counts of those below.
  static constexpr std::size_t kUsersMax = std::size_t{4096} * 4096;

  Census() = default;
  ~Census();
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;

  std::uint64_t next_call() { return next_call_.fetch_add(1, std::memory_order_relaxed); }
  std::uint32_t next_channel() { return next_channel_.fetch_add(1, std::memory_order_relaxed) + 1; }

  void call_came() { calls_.fetch_add(1, std::memory_order_relaxed); }
  void call_went() { calls_.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t calls() const { return calls_.load(std::memory_order_relaxed); }
  /// While the process is short of something, new calls are told to come back later.
  void set_short(bool on) { short_.store(on, std::memory_order_relaxed); }
  [[nodiscard]] bool is_short() const { return short_.load(std::memory_order_relaxed); }

  [[nodiscard]] int calls_of(model::UserId user) const;
  /// Counts one more call of the user, if it still has `seen`: what was decided on that number then holds.
  bool claim(model::UserId user, int seen);
  void count(model::UserId user) { at(user).fetch_add(1, std::memory_order_relaxed); }
  void release(model::UserId user);

  using Direction = model::routing::Direction;
  /// Trunks whose channels are counted exactly; ids beyond share the counts of those below.
  static constexpr std::size_t kTrunksMax = 4096;
  [[nodiscard]] int channels_of(model::TrunkId trunk, Direction way) const;
  /// Counts one more channel of the trunk, unless it has `most` already; 0: no limit.
  bool claim(model::TrunkId trunk, Direction way, std::int64_t most);
  void release(model::TrunkId trunk, Direction way);

  /// What the toll-fraud guards count.
  [[nodiscard]] TollMeter& toll() { return toll_; }
  [[nodiscard]] const TollMeter& toll() const { return toll_; }

 private:
  static constexpr std::size_t kChunk = 4096;
  using Counter = std::atomic<int>;
  using Chunk = std::array<Counter, kChunk>;

  /// Null when nobody of that chunk has ever had a call.
  [[nodiscard]] Counter* find(model::UserId user) const;
  Counter& at(model::UserId user);

  static std::size_t place(model::TrunkId trunk, Direction way);

  std::atomic<std::uint64_t> next_call_{0};
  std::atomic<std::uint32_t> next_channel_{0};
  std::atomic<std::size_t> calls_{0};
  std::atomic<bool> short_{false};
  std::array<std::atomic<Chunk*>, kUsersMax / kChunk>
      users_{};  // made when first needed, never freed before the end
  std::array<Counter, 2 * kTrunksMax> channels_{};
  TollMeter toll_;
};

}  // namespace xivo::call
