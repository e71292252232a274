#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/timer_wheel.hpp"

namespace xivo::runtime {

/// Threads for whatever blocks: databases, files, password hashing. Tasks start in the order they were given.
/// Thread  any may submit.
class WorkerPool {
 public:
  static constexpr std::size_t kQueuedMax = 65'536;

  explicit WorkerPool(unsigned threads);  // at least one
  /// Finishes every accepted task first.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Returns false, and drops the task, when kQueuedMax are waiting or the pool is closing.
  bool submit(Task task);
  /// Waits until everything accepted so far has run. Never from inside a task: it would wait for itself.
  void drain();

 private:
  void work();

  std::mutex lock_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<Task> tasks_;
  unsigned busy_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace xivo::runtime
