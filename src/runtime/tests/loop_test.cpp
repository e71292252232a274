#include "runtime/loop.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "runtime/socket.hpp"

namespace xivo::runtime {
namespace {

using std::chrono::milliseconds;

struct Pair {
  Fd near;
  Fd far;
};

Pair socket_pair() {
  int fds[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

void send_byte(const Fd& fd) { ASSERT_EQ(write(fd.get(), "x", 1), 1); }

void drain(int fd) {
  std::array<char, 64> buffer;
  while (read(fd, buffer.data(), buffer.size()) > 0) {
  }
}

// Every test ends by stop(); this ends a broken one.
class LoopTest : public testing::Test {
 protected:
  Loop loop{"test"};
  bool gave_up = false;

  void run() {
    loop.timers().set(std::chrono::seconds(20), [this] {
      gave_up = true;
      loop.stop();
    });
    loop.run();
    ASSERT_FALSE(gave_up) << "the loop was never stopped";
  }
};

TEST_F(LoopTest, StopBeforeRunReturnsAtOnceAndStillRunsWhatWasPosted) {
  bool ran = false;
  ASSERT_TRUE(loop.post([&] { ran = true; }));
  loop.stop();
  loop.run();
  EXPECT_TRUE(ran);
}

TEST_F(LoopTest, RefusesMorePostsThanItsLimit) {
  for (std::size_t i = 0; i < Loop::kPostedMax; ++i) ASSERT_TRUE(loop.post([] {}));
  EXPECT_FALSE(loop.post([] {}));
  loop.stop();
  loop.run();
  EXPECT_TRUE(loop.post([] {}));
}

TEST_F(LoopTest, RunsPostsOfOneThreadInOrder) {
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(loop.post([&order, i] { order.push_back(i); }));
  ASSERT_TRUE(loop.post([&] { loop.stop(); }));
  run();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(LoopTest, RunsEveryPostOfManyThreadsInItsOwnThread) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5'000;
  int ran = 0;  // touched by the loop's thread only
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const auto task = [&] {
          EXPECT_TRUE(loop.in_loop());
          if (++ran == kThreads * kEach) loop.stop();
        };
        while (!loop.post(task)) std::this_thread::yield();
        EXPECT_FALSE(loop.in_loop());
      }
    });
  }
  run();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ran, kThreads * kEach);
}

TEST_F(LoopTest, ATaskThatPostsItselfAgainDoesNotStarveTimersOrDescriptors) {
  auto [near, far] = socket_pair();
  bool timer = false;
  bool readable = false;
  std::function<void()> again = [&] {
    if (timer && readable) return loop.stop();
    ASSERT_TRUE(loop.post(again));
  };
  loop.watch(near.get(), [&](Loop::Events) {
    readable = true;
    drain(near.get());
  });
  loop.timers().set(milliseconds(2), [&] { timer = true; });
  send_byte(far);
  ASSERT_TRUE(loop.post(again));
  run();
  EXPECT_TRUE(timer && readable);
}

TEST_F(LoopTest, StopFromAnotherThreadWakesASleepingLoop) {
  std::promise<void> running;
  ASSERT_TRUE(loop.post([&] { running.set_value(); }));
  std::thread other([&] {
    running.get_future().wait();
    loop.stop();
  });
  run();
  other.join();
}

TEST_F(LoopTest, TimersFireWhileTheLoopSleeps) {
  std::vector<int> order;
  // In the order of their time: on a busy machine a millisecond may pass between two of these lines.
  loop.scheduler().defer([&] { order.push_back(0); });
  loop.timers().set(milliseconds(1), [&] { order.push_back(1); });
  loop.timers().set(milliseconds(3), [&] { loop.stop(); });
  run();
  EXPECT_EQ(order, (std::vector{0, 1}));
}

TEST_F(LoopTest, ATimerMaySetBeforeRunFromTheThreadThatBuiltTheLoop) {
  const auto start = loop.clock().now();
  loop.timers().set(milliseconds(2), [&] { loop.stop(); });
  run();
  EXPECT_GE(loop.clock().now() - start, milliseconds(2));
}

TEST_F(LoopTest, WatchesReadinessUntilUnwatchedInsideItsOwnCallback) {
  auto [near, far] = socket_pair();
  int calls = 0;
  WatchId id;
  auto alive = std::make_shared<int>(1);
  id = loop.watch(near.get(), [&, alive](Loop::Events events) {
    EXPECT_TRUE(events.readable);
    EXPECT_FALSE(events.writable);
    if (++calls < 3) return;  // level-triggered: unread bytes report again
    loop.unwatch(id);
    loop.unwatch(id);
    EXPECT_EQ(*alive, 1) << "what the callback captured must outlive it";
    loop.timers().set(milliseconds(2), [&] { loop.stop(); });
  });
  send_byte(far);
  run();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(LoopTest, AWatchRemovedEarlierInTheSameTurnIsNotCalled) {
  auto first = socket_pair();
  auto second = socket_pair();
  WatchId ids[2];
  int calls = 0;
  const auto on_ready = [&](Loop::Events) {
    ++calls;
    for (const auto id : ids) loop.unwatch(id);
    loop.timers().set(milliseconds(2), [&] { loop.stop(); });
  };
  ids[0] = loop.watch(first.near.get(), on_ready);
  ids[1] = loop.watch(second.near.get(), on_ready);
  send_byte(first.far);
  send_byte(second.far);
  run();
  EXPECT_EQ(calls, 1);
}

TEST_F(LoopTest, ADescriptorNumberUsedAgainInTheSameTurnDoesNotGetTheOldEvents) {
  auto first = socket_pair();
  auto second = socket_pair();
  WatchId ids[2];
  int stale = 0;
  std::vector<Pair> fresh;
  Pair* pairs[2] = {&first, &second};
  const auto on_ready = [&](int which) {
    const int other = 1 - which;
    loop.unwatch(ids[other]);
    const int number = pairs[other]->near.get();
    pairs[other]->near.reset();
    fresh.push_back(socket_pair());
    EXPECT_EQ(fresh.back().near.get(), number) << "the kernel gives out the lowest free number";
    loop.watch(fresh.back().near.get(), [&](Loop::Events) { ++stale; });
    loop.unwatch(ids[which]);
    loop.timers().set(milliseconds(2), [&] { loop.stop(); });
  };
  for (int i = 0; i < 2; ++i)
    ids[i] = loop.watch(pairs[i]->near.get(), [&, i](Loop::Events) { on_ready(i); });
  send_byte(first.far);
  send_byte(second.far);
  run();
  EXPECT_EQ(stale, 0);
}

TEST_F(LoopTest, WatchMayBeAddedInsideACallback) {
  auto first = socket_pair();
  auto second = socket_pair();
  send_byte(first.far);
  send_byte(second.far);
  WatchId id;
  id = loop.watch(first.near.get(), [&](Loop::Events) {
    loop.unwatch(id);
    loop.watch(second.near.get(), [&](Loop::Events) { loop.stop(); });
  });
  run();
}

TEST_F(LoopTest, ReportsWritableOnlyWhileAsked) {
  auto [near, far] = socket_pair();
  int writable = 0;
  WatchId id;
  const auto on_ready = [&](Loop::Events events) {
    EXPECT_TRUE(events.writable);
    loop.want_write(id, false);
    if (++writable == 2) loop.stop();
  };
  id = loop.watch(near.get(), on_ready, true);
  loop.timers().set(milliseconds(3), [&] {
    EXPECT_EQ(writable, 1);
    loop.want_write(WatchId{}, true);  // a stale id does nothing
    loop.want_write(id, true);
  });
  run();
  EXPECT_EQ(writable, 2);
}

TEST_F(LoopTest, AClosedPeerIsReadable) {
  auto [near, far] = socket_pair();
  WatchId id;
  id = loop.watch(near.get(), [&, fd = near.get()](Loop::Events events) {
    EXPECT_TRUE(events.readable);
    char byte;
    EXPECT_EQ(read(fd, &byte, 1), 0);
    loop.unwatch(id);
    loop.stop();
  });
  far.reset();
  run();
}

// Ends its watch and its timer when the last callback that holds it is gone, as a connection does.
struct Connection {
  Loop& loop;
  WatchId watch;
  TimerId timer;
  explicit Connection(Loop& l) : loop(l) {}
  ~Connection() {
    loop.unwatch(watch);
    loop.timers().cancel(timer);
    loop.post([] {});
  }
};

TEST_F(LoopTest, UnwatchMayDestroyAnObjectThatUnwatchesAnother) {
  auto first = socket_pair();
  auto second = socket_pair();
  {
    auto inner = std::make_shared<Connection>(loop);
    inner->watch = loop.watch(second.near.get(), [](Loop::Events) {});
    auto outer = std::make_shared<WatchId>();
    *outer = loop.watch(first.near.get(), [this, outer, inner](Loop::Events) {
      loop.unwatch(*outer);
      loop.timers().set(milliseconds(1), [this] { loop.stop(); });
    });
  }
  send_byte(first.far);
  run();
}

TEST(Loop, MayBeDestroyedWhileCallbacksOwnObjectsThatUseIt) {
  auto sockets = socket_pair();
  auto more = socket_pair();
  auto loop = std::make_unique<Loop>("test");
  const auto hold = [&] { return std::make_shared<Connection>(*loop); };
  auto by_watch = hold();
  by_watch->watch = loop->watch(sockets.near.get(), [held = by_watch](Loop::Events) {});
  auto by_timer = hold();
  by_timer->timer = loop->timers().set(milliseconds(1), [held = by_timer] {});
  auto by_post = hold();
  by_post->watch = loop->watch(more.near.get(), [](Loop::Events) {});
  ASSERT_TRUE(loop->post([held = by_post] {}));
  by_watch.reset();
  by_timer.reset();
  by_post.reset();
  loop.reset();
}

}  // namespace
}  // namespace xivo::runtime
