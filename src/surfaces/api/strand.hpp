#pragma once

#include <deque>
#include <memory>

#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// Runs tasks on workers, but one at a time and in order: for what only one thread may use at once, such as a database
/// connection.
/// Thread  the loop's, which outlives the workers. A task runs on a worker and must own what it uses; it may run after the
///         strand is gone.
class Strand {
 public:
  Strand(runtime::Loop& loop, runtime::WorkerPool& workers, std::size_t waiting_max);
  ~Strand();
  Strand(const Strand&) = delete;
  Strand& operator=(const Strand&) = delete;

  /// Returns false, and drops the task, when too many are waiting.
  bool run(runtime::Task task);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace xivo::api
