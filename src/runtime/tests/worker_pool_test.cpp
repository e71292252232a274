#include "runtime/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace xivo::runtime {
namespace {

// Holds one worker until opened.
class Gate {
 public:
  Task task() {
    return [this] {
      entered_.set_value();
      opened_.get_future().wait();
    };
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

TEST(WorkerPoolDeathTest, WithoutThreadsIsAnAssertion) { EXPECT_DEATH(WorkerPool(0), "assertion failed"); }

TEST(WorkerPool, RefusesWorkBeyondItsLimitAndTakesItAgainLater) {
  WorkerPool pool(1);
  Gate gate;
  ASSERT_TRUE(pool.submit(gate.task()));
  gate.wait_until_entered();
  for (std::size_t i = 0; i < WorkerPool::kQueuedMax; ++i) ASSERT_TRUE(pool.submit([] {}));
  EXPECT_FALSE(pool.submit([] {}));
  gate.open();
  pool.drain();
  EXPECT_TRUE(pool.submit([] {}));
}

TEST(WorkerPool, OneThreadKeepsTheOrder) {
  WorkerPool pool(1);
  std::vector<int> order;
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(pool.submit([&order, i] { order.push_back(i); }));
  pool.drain();
  ASSERT_EQ(order.size(), 1'000u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(WorkerPool, DestructionFinishesWhatWasAccepted) {
  std::atomic<int> done{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(pool.submit([&] { ++done; }));
  }
  EXPECT_EQ(done, 500);
}

TEST(WorkerPool, DrainWaitsForTheTaskThatIsRunning) {
  WorkerPool pool(2);
  Gate gate;
  std::atomic<bool> after{false};
  ASSERT_TRUE(pool.submit([&, held = gate.task()] {
    held();
    after = true;
  }));
  gate.wait_until_entered();
  ASSERT_TRUE(pool.submit([&] { gate.open(); }));
  pool.drain();
  EXPECT_TRUE(after);
}

TEST(WorkerPool, DrainOfAnIdlePoolReturnsAtOnce) {
  WorkerPool pool(2);
  pool.drain();
}

TEST(WorkerPool, ATaskMaySubmitAnother) {
  WorkerPool pool(1);
  std::promise<void> inner;
  ASSERT_TRUE(pool.submit([&] { EXPECT_TRUE(pool.submit([&] { inner.set_value(); })); }));
  inner.get_future().wait();
}

TEST(WorkerPool, ReleasesWhatATaskCapturedBeforeDrainReturns) {
  WorkerPool pool(1);
  auto token = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = token;
  ASSERT_TRUE(pool.submit([held = std::move(token)] {}));
  pool.drain();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace xivo::runtime
