#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/assert.hpp"

namespace xivo::media {

/// A bounded queue between one thread that pushes and one that pops; neither ever waits.
/// Thread  push() the producer's, pop() and empty() the consumer's, size() either's
template <class T>
class SpscQueue {
 public:
  /// `capacity`: a power of two.
  explicit SpscQueue(std::size_t capacity) : mask_(capacity - 1), cells_(std::make_unique<T[]>(capacity)) {
    XIVO_ASSERT(std::has_single_bit(capacity));
  }

  /// Moves `value` in. Returns false, and leaves it alone, when the queue is full.
  bool push(T& value) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) > mask_) return false;
    cells_[tail & mask_] = std::move(value);
    tail_.store(tail + 1);  // sequentially consistent with empty(): see below
    return true;
  }
  bool pop(T& value) {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    value = std::exchange(cells_[head & mask_], T{});
    head_.store(head + 1, std::memory_order_release);
    return true;
  }
  /// In one order with push() and all other sequentially consistent operations: a consumer that announces its sleep and
  /// then finds the queue empty will be seen asleep by whoever pushes afterwards.
  [[nodiscard]] bool empty() const { return head_.load(std::memory_order_relaxed) == tail_.load(); }
  [[nodiscard]] std::size_t size() const {
    return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::size_t capacity() const { return mask_ + 1; }

 private:
  static constexpr std::size_t kCacheLine = 64;

  const std::size_t mask_;
  const std::unique_ptr<T[]> cells_;
  alignas(kCacheLine) std::atomic<std::size_t> head_{0};
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
};

}  // namespace xivo::media
