#include "media/spsc_queue.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "runtime/thread.hpp"

namespace xivo::media {
namespace {

TEST(SpscQueue, RefusesWhenFullAndLeavesTheValueAlone) {
  SpscQueue<std::unique_ptr<int>> queue(2);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  auto third = std::make_unique<int>(3);
  EXPECT_TRUE(queue.push(first));
  EXPECT_TRUE(queue.push(second));
  EXPECT_FALSE(queue.push(third));
  ASSERT_TRUE(third);
  std::unique_ptr<int> out;
  EXPECT_TRUE(queue.pop(out));
  EXPECT_EQ(*out, 1);
  EXPECT_TRUE(queue.push(third));
  EXPECT_EQ(queue.size(), 2u);
}

TEST(SpscQueue, GivesNothingWhenEmpty) {
  SpscQueue<int> queue(4);
  int out = 0;
  EXPECT_FALSE(queue.pop(out));
  EXPECT_TRUE(queue.empty());
}

TEST(SpscQueue, KeepsNothingOfWhatWasTaken) {
  SpscQueue<std::shared_ptr<int>> queue(4);
  auto value = std::make_shared<int>(1);
  auto copy = value;
  queue.push(copy);
  std::shared_ptr<int> out;
  queue.pop(out);
  out.reset();
  EXPECT_EQ(value.use_count(), 1);
}

TEST(SpscQueue, KeepsOrderBetweenTwoThreads) {
  constexpr int kValues = 100'000;
  SpscQueue<int> queue(64);
  runtime::Thread producer("producer", [&] {
    for (int i = 1; i <= kValues;) {
      int value = i;
      if (queue.push(value)) ++i;
    }
  });
  int next = 1;
  while (next <= kValues) {
    int out = 0;
    if (!queue.pop(out)) continue;
    ASSERT_EQ(out, next);
    ++next;
  }
}

}  // namespace
}  // namespace xivo::media
