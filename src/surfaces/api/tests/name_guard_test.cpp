#include "api/access/name_guard.hpp"

#include <gtest/gtest.h>

namespace xivo::api {
namespace {

using namespace std::chrono_literals;

const IpAddress kHome = *IpAddress::parse("192.0.2.1");
const IpAddress kStranger = *IpAddress::parse("203.0.113.9");

runtime::Instant at(runtime::Duration passed) { return runtime::Instant(1h + passed); }

void fail_often(NameGuard& guard, int times, runtime::Instant now = at(0s)) {
  for (int i = 0; i < times; ++i) guard.failed("admin", now);
}

TEST(NameGuard, LetsAFewFailuresPass) {
  NameGuard guard;
  fail_often(guard, NameGuard::kFreeFailures - 1);
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), 0s);
}

TEST(NameGuard, MakesGuessesFromManyAddressesWait) {
  NameGuard guard;
  fail_often(guard, NameGuard::kFreeFailures);
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), 500ms);
  fail_often(guard, 1);
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), 1s);
  fail_often(guard, 100);
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), NameGuard::kDelayMax);
  EXPECT_EQ(guard.delay("olga", kStranger, at(0s)), 0s);
}

TEST(NameGuard, MakesNobodyWaitWhereHeSignedInBefore) {
  NameGuard guard;
  guard.succeeded("admin", kHome, at(0s));
  fail_often(guard, 100);
  EXPECT_EQ(guard.delay("admin", kHome, at(0s)), 0s);
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), NameGuard::kDelayMax);
}

TEST(NameGuard, IsNotResetByASuccess) {
  NameGuard guard;
  fail_often(guard, 100);
  guard.succeeded("admin", kHome, at(0s));
  EXPECT_EQ(guard.delay("admin", kStranger, at(0s)), NameGuard::kDelayMax);
}

TEST(NameGuard, ForgetsInTime) {
  NameGuard guard;
  fail_often(guard, 100);
  EXPECT_EQ(guard.delay("admin", kStranger, at(NameGuard::kForgetAfter + 1s)), 0s);
  EXPECT_EQ(guard.failures("admin", at(NameGuard::kForgetAfter + 1s)), 0);
}

TEST(NameGuard, RemembersABoundedNumberOfNamesAndKeepsThoseThatSignedIn) {
  NameGuard guard;
  guard.succeeded("admin", kHome, at(0s));
  for (std::size_t i = 0; i < NameGuard::kNamesMax + 100; ++i)
    guard.failed("guess" + std::to_string(i), at(1s + i * 1ms));
  EXPECT_EQ(guard.size(), NameGuard::kNamesMax);
  fail_often(guard, 100, at(1min));
  EXPECT_EQ(guard.delay("admin", kHome, at(1min)), 0s);
}

TEST(NameGuard, RemembersABoundedNumberOfHomes) {
  NameGuard guard;
  guard.succeeded("admin", kHome, at(0s));
  for (std::uint32_t i = 0; i < NameGuard::kHomesMax; ++i)
    guard.succeeded("admin", IpAddress::v4(0x0A000001 + i), at(0s));
  fail_often(guard, 100);
  EXPECT_EQ(guard.delay("admin", kHome, at(0s)), NameGuard::kDelayMax);
}

}  // namespace
}  // namespace xivo::api
