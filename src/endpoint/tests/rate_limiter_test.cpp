#include "endpoint/defence/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace xivo::endpoint {
namespace {

using namespace std::chrono_literals;
using Kind = RateLimiter::Kind;

class Rates : public ::testing::Test {
 protected:
  int admitted(const IpAddress& from, Kind kind, int sent) {
    int count = 0;
    for (int i = 0; i < sent; ++i) count += limiter.admit(from, kind, clock.now()) ? 1 : 0;
    return count;
  }

  runtime::ManualClock clock;
  RateLimiter limiter{{.registers = {2, 10}, .invites = {1, 5}, .requests = {10, 40}, .sources_max = 3}};
  const IpAddress here = *IpAddress::parse("198.51.100.1");
  const IpAddress there = *IpAddress::parse("198.51.100.2");
};

TEST_F(Rates, AdmitABurstThenSoManyASecond) {
  EXPECT_EQ(admitted(here, Kind::Register, 20), 10);
  clock.advance(3s);
  EXPECT_EQ(admitted(here, Kind::Register, 20), 6);
}

TEST_F(Rates, AreOfEachKindAndOfAllTogether) {
  EXPECT_EQ(admitted(here, Kind::Invite, 6), 5);
  EXPECT_EQ(admitted(here, Kind::Register, 12), 10);
  EXPECT_EQ(admitted(here, Kind::Other, 100), 40 - 18);
}

TEST_F(Rates, AreOfEachSource) {
  admitted(here, Kind::Other, 100);
  EXPECT_EQ(admitted(there, Kind::Other, 100), 40);
}

TEST_F(Rates, NeverExceedTheBurstAfterALongSilence) {
  admitted(here, Kind::Invite, 5);
  clock.advance(24h);
  EXPECT_EQ(admitted(here, Kind::Invite, 100), 5);
}

TEST_F(Rates, ShareOneAllowanceAmongNewSourcesWhenTheTableIsFull) {
  for (std::uint32_t i = 0; i < 3; ++i) admitted(IpAddress::v4(0x0a000000u + i), Kind::Other, 1);
  int crowd = 0;
  for (std::uint32_t i = 0; i < 100; ++i) crowd += admitted(IpAddress::v4(0x0b000000u + i), Kind::Other, 1);
  EXPECT_EQ(crowd, 40);
  EXPECT_EQ(limiter.size(), 3u);
  EXPECT_EQ(admitted(IpAddress::v4(0x0a000000u), Kind::Other, 100), 39);
  clock.advance(10s);
  EXPECT_EQ(admitted(here, Kind::Other, 100), 40);
  EXPECT_EQ(limiter.size(), 3u);
}

TEST_F(Rates, LetASourceBeToldALittleThatItAsksTooMuch) {
  int told = 0;
  for (int i = 0; i < 100; ++i) told += limiter.may_refuse(here, clock.now()) ? 1 : 0;
  EXPECT_EQ(told, 3);
  clock.advance(1s);
  EXPECT_TRUE(limiter.may_refuse(here, clock.now()));
  EXPECT_FALSE(limiter.may_refuse(here, clock.now()));
}

TEST_F(Rates, CountNuisancesWithinAWindow) {
  EXPECT_EQ(limiter.count_malformed(here, clock.now()), 1u);
  EXPECT_EQ(limiter.count_malformed(here, clock.now()), 2u);
  EXPECT_EQ(limiter.count_unanswered(here, clock.now()), 1u);
  EXPECT_EQ(limiter.count_malformed(there, clock.now()), 1u);
  limiter.forgive(here);
  EXPECT_EQ(limiter.count_malformed(here, clock.now()), 1u);
  clock.advance(10min);
  EXPECT_EQ(limiter.count_malformed(here, clock.now()), 1u);
}

}  // namespace
}  // namespace xivo::endpoint
