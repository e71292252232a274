#include "runtime/worker_pool.hpp"

#include <pthread.h>

#include "base/assert.hpp"

namespace xivo::runtime {

WorkerPool::WorkerPool(unsigned threads) {
  XIVO_ASSERT(threads > 0);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(lock_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool WorkerPool::submit(Task task) {
  {
    const std::lock_guard lock(lock_);
    if (closing_ || tasks_.size() >= kQueuedMax) return false;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::drain() {
  std::unique_lock lock(lock_);
  idle_.wait(lock, [this] { return tasks_.empty() && busy_ == 0; });
}

void WorkerPool::work() {
  pthread_setname_np(pthread_self(), "worker");
  std::unique_lock lock(lock_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    ++busy_;
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
    --busy_;
    if (tasks_.empty() && busy_ == 0) idle_.notify_all();
  }
}

}  // namespace xivo::runtime
