#include "api/strand.hpp"

#include <atomic>

namespace xivo::api {

struct Strand::State : std::enable_shared_from_this<State> {
  State(runtime::Loop& l, runtime::WorkerPool& w, std::size_t m) : loop(l), workers(w), waiting_max(m) {}

  [[nodiscard]] bool busy() const { return running && !*running; }

  /// Hands the next task to a worker. When the workers take no more, what waits is dropped: its owners are told by their
  /// destructors.
  void next() {
    while (!busy() && !waiting.empty()) {
      auto finished = std::make_shared<std::atomic<bool>>(false);
      const bool accepted =
          workers.submit([task = std::move(waiting.front()), finished, &l = loop, weak = weak_from_this()] {
            task();
            *finished = true;
            l.post([weak] {
              if (const auto alive = weak.lock()) alive->next();
            });
          });
      waiting.pop_front();
      if (accepted) running = std::move(finished);
    }
  }

  runtime::Loop& loop;
  runtime::WorkerPool& workers;
  const std::size_t waiting_max;
  std::deque<runtime::Task> waiting;
  std::shared_ptr<std::atomic<bool>> running;  // true when the last task has finished
};

Strand::Strand(runtime::Loop& loop, runtime::WorkerPool& workers, std::size_t waiting_max)
    : state_(std::make_shared<State>(loop, workers, waiting_max)) {}

Strand::~Strand() = default;

bool Strand::run(runtime::Task task) {
  if (state_->waiting.size() >= state_->waiting_max) return false;
  state_->waiting.push_back(std::move(task));
  state_->next();
  return true;
}

}  // namespace xivo::api
