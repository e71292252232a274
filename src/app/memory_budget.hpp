#pragma once

#include <cstddef>

namespace xivo::app {

/// Whether the process has used up the memory that it was given; then new calls are refused until there is room again.
class MemoryBudget {
 public:
  static constexpr std::size_t kRoomPercent = 90;  // of the budget: below it there is room again

  /// `bytes_max`: 0 = no limit
  explicit MemoryBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  [[nodiscard]] bool limited() const { return bytes_max_ != 0; }
  /// Takes a look at what is used now; whether it is too much.
  bool update(std::size_t bytes_used) {
    if (!limited()) return false;
    if (bytes_used >= bytes_max_) exhausted_ = true;
    if (bytes_used < bytes_max_ / 100 * kRoomPercent) exhausted_ = false;
    return exhausted_;
  }
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  std::size_t bytes_max_;
  bool exhausted_ = false;
};

}  // namespace xivo::app
