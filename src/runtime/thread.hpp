#pragma once

#include <thread>

#include "runtime/timer_wheel.hpp"

namespace xivo::runtime {

/// A named thread that is joined at the end of its owner's life. What it runs must end by itself or have been told to.
/// Thread  its owner's.
class Thread {
 public:
  Thread() = default;
  /// `name`: at most 15 characters, shown by ps and top. `nice`: -20..19, 0 = as the process (ignored when not permitted).
  Thread(const char* name, Task body, int nice = 0);
  Thread(Thread&&) = default;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread() { join(); }

  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

/// Processors this process may use; at least 1.
unsigned core_count();

}  // namespace xivo::runtime
