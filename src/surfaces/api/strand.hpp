#pragma once

#include <deque>
#include <memory>
#include <string_view>

#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// The phrase of an error when a strand takes no more.
inline constexpr std::string_view kTooManyWaiting = "too many are waiting for the database";

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

/// Runs `work` on the strand and hands its result to `done` on the loop. What `done` uses of the loop it holds weakly.
/// Returns false, and drops both, when too many are waiting.
template <class Work, class Done>
bool run_then(Strand& strand, runtime::Loop& loop, Work work, Done done) {
  return strand.run([work = std::move(work), done = std::move(done), &loop]() mutable {
    loop.post([result = work(), done = std::move(done)]() mutable { done(result); });
  });
}

}  // namespace xivo::api
