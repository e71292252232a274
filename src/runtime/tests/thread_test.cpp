#include "runtime/thread.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <string>

namespace xivo::runtime {
namespace {

TEST(Thread, IsJoinedWhenItsOwnerEnds) {
  std::atomic<bool> ran{false};
  {
    const Thread thread("test", [&] { ran = true; });
  }
  EXPECT_TRUE(ran);
}

TEST(Thread, BearsItsName) {
  std::string name;
  Thread thread("media-7", [&] {
    std::array<char, 16> buffer{};
    pthread_getname_np(pthread_self(), buffer.data(), buffer.size());
    name = buffer.data();
  });
  thread.join();
  EXPECT_EQ(name, "media-7");
}

TEST(Thread, JoinsTheOldBodyBeforeItTakesANewOne) {
  std::atomic<int> ended{0};
  Thread thread("first", [&] { ++ended; });
  thread = Thread("second", [&] { ++ended; });
  EXPECT_GE(ended, 1);
  thread.join();
  thread.join();
  EXPECT_EQ(ended, 2);
}

TEST(Thread, OfNoBodyJoinsAtOnce) {
  Thread thread;
  thread.join();
}

TEST(Thread, RunsOnWhenItMayNotHaveThePriorityItWants) {
  bool ran = false;
  Thread thread("nice", [&] { ran = true; }, -20);
  thread.join();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace xivo::runtime
