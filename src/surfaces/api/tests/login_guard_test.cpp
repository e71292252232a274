#include "api/access/login_guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace xivo::api {
namespace {

using namespace std::chrono_literals;

const IpAddress kHome = *IpAddress::parse("192.0.2.1");

runtime::Instant at(runtime::Duration passed) { return runtime::Instant(1h + passed); }

/// One attempt that fails; returns how long its answer is held back.
runtime::Duration fail_once(LoginGuard& guard, const IpAddress& from, runtime::Instant now) {
  EXPECT_TRUE(guard.admit(from, now));
  const auto delay = guard.failed(from, now);
  guard.answered(from);
  return delay;
}

TEST(LoginGuard, HoldsEachFailureBackLongerThanTheOneBefore) {
  LoginGuard guard;
  EXPECT_EQ(fail_once(guard, kHome, at(0s)), 200ms);
  EXPECT_EQ(fail_once(guard, kHome, at(1s)), 400ms);
  EXPECT_EQ(fail_once(guard, kHome, at(2s)), 800ms);
  for (int i = 0; i < 5; ++i) fail_once(guard, kHome, at(3s));
  EXPECT_EQ(fail_once(guard, kHome, at(4s)), LoginGuard::kDelayMax);
}

TEST(LoginGuard, LooksAtNothingAfterTooManyFailures) {
  LoginGuard guard;
  for (int i = 0; i < LoginGuard::kFailuresMax; ++i) fail_once(guard, kHome, at(0s));
  EXPECT_FALSE(guard.admit(kHome, at(1s)));
  EXPECT_EQ(guard.wait_of(kHome, at(1s)), LoginGuard::kForgetAfter - 1s);
  EXPECT_TRUE(guard.admit(*IpAddress::parse("192.0.2.2"), at(1s)));
}

TEST(LoginGuard, ForgetsInTime) {
  LoginGuard guard;
  for (int i = 0; i < LoginGuard::kFailuresMax; ++i) fail_once(guard, kHome, at(0s));
  EXPECT_EQ(fail_once(guard, kHome, at(LoginGuard::kForgetAfter + 1s)), LoginGuard::kFirstDelay);
}

TEST(LoginGuard, ForgivesAfterASuccess) {
  LoginGuard guard;
  fail_once(guard, kHome, at(0s));
  fail_once(guard, kHome, at(0s));
  EXPECT_TRUE(guard.admit(kHome, at(1s)));
  guard.accepted(kHome);
  EXPECT_EQ(guard.size(), 0u);
  EXPECT_EQ(fail_once(guard, kHome, at(2s)), LoginGuard::kFirstDelay);
}

TEST(LoginGuard, LetsFewAttemptsOfOneAddressPendAtATime) {
  LoginGuard guard;
  for (int i = 0; i < LoginGuard::kPendingMax; ++i) EXPECT_TRUE(guard.admit(kHome, at(0s)));
  EXPECT_FALSE(guard.admit(kHome, at(0s)));
  guard.answered(kHome);
  EXPECT_TRUE(guard.admit(kHome, at(0s)));
}

TEST(LoginGuard, TakesAnIpv6NetworkForOneAddress) {
  LoginGuard guard;
  fail_once(guard, *IpAddress::parse("2001:db8:1:2::1"), at(0s));
  EXPECT_EQ(fail_once(guard, *IpAddress::parse("2001:db8:1:2::ffff"), at(0s)), 400ms);
  EXPECT_EQ(fail_once(guard, *IpAddress::parse("2001:db8:1:3::1"), at(0s)), 200ms);
}

TEST(LoginGuard, RemembersABoundedNumberOfAddresses) {
  LoginGuard guard;
  for (std::uint32_t i = 0; i < LoginGuard::kAddressesMax + 100; ++i)
    fail_once(guard, IpAddress::v4(i + 1), at(i * 1ms));
  EXPECT_EQ(guard.size(), LoginGuard::kAddressesMax);
}

}  // namespace
}  // namespace xivo::api
