#include "runtime/clock.hpp"

#include <gtest/gtest.h>

namespace xivo::runtime {
namespace {

TEST(ManualClock, StandsStillUntilTold) {
  ManualClock clock;
  const auto start = clock.now();
  const auto wall = clock.wall();
  EXPECT_EQ(clock.now(), start);
  clock.advance(std::chrono::milliseconds(1'500));
  EXPECT_EQ(clock.now() - start, std::chrono::milliseconds(1'500));
  EXPECT_EQ(clock.wall() - wall, std::chrono::milliseconds(1'500));
}

TEST(SystemClock, NeverGoesBackAndKnowsTheCentury) {
  const SystemClock clock;
  auto last = clock.now();
  for (int i = 0; i < 1'000; ++i) {
    const auto now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(clock.wall(), WallTime(std::chrono::seconds(1'700'000'000)));
}

}  // namespace
}  // namespace xivo::runtime
