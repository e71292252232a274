#include "endpoint/defence/attempt_ledger.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/clock.hpp"

namespace xivo::endpoint {
namespace {

using namespace std::chrono_literals;

class Ledger : public ::testing::Test {
 protected:
  static IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }
  void fail(std::string_view account, const IpAddress& from, int times) {
    for (int i = 0; i < times; ++i) last = ledger.failed(account, from, true);
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{5};
  runtime::Scheduler scheduler{clock, timers, rng};
  AttemptLedger::Limits limits;
  AttemptLedger ledger{scheduler};
  AttemptLedger::Consequence last;
  const IpAddress here = ip("198.51.100.1");
  const IpAddress there = ip("198.51.100.2");
};

TEST_F(Ledger, LocksAnAccountForItsSourceAlone) {
  fail("101", here, 9);
  EXPECT_FALSE(ledger.is_locked("101", here));
  fail("101", here, 1);
  EXPECT_TRUE(last.account_locked);
  EXPECT_TRUE(ledger.is_locked("101", here));
  EXPECT_FALSE(ledger.is_locked("102", here));
  EXPECT_FALSE(ledger.is_locked("101", there));
}

TEST_F(Ledger, LocksASourceThatTriesManyAccounts) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(ledger.is_locked("102", here)) << i;
    last = ledger.failed(fmt::format("guess{}", i), here, false);
  }
  EXPECT_TRUE(last.source_locked);
  EXPECT_TRUE(last.shut_out);
  EXPECT_TRUE(last.only_unknown);
  EXPECT_EQ(last.failures, 20u);
  EXPECT_TRUE(ledger.is_locked("102", here));
  EXPECT_FALSE(ledger.is_locked("102", there));
}

TEST_F(Ledger, CountsAttemptsThatWereNotLookedAt) {
  fail("101", here, 10);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(ledger.refused(here, true).source_locked);
  EXPECT_TRUE(ledger.refused(here, true).shut_out);
}

TEST_F(Ledger, DelaysEachAnswerMoreThanTheOneBeforeUpToALimit) {
  runtime::Duration before{};
  for (std::uint32_t i = 1; i < 20; ++i) {
    const auto delay = ledger.failed(fmt::format("guess{}", i), here, false).delay;
    EXPECT_GE(delay, before) << i;
    EXPECT_EQ(delay == runtime::Duration{}, i <= limits.free) << i;
    before = delay;
  }
  EXPECT_EQ(before, limits.delay_max);
}

TEST_F(Ledger, ARightSecretTakesBackItsOwnAccountsCountAndNoOthers) {
  for (int i = 0; i < 12; ++i) ledger.failed(fmt::format("guess{}", i), here, false);
  fail("101", here, 7);
  ledger.succeeded("101", here);
  EXPECT_EQ(ledger.failed("101", here, true).delay, limits.delay_max);  // the 13th, not the 1st
  for (int i = 0; i < 7; ++i) last = ledger.failed(fmt::format("other{}", i), here, false);
  EXPECT_TRUE(last.source_locked);
}

TEST_F(Ledger, AnOwnAccountDoesNotBuyMoreGuessesAtOthers) {
  int guesses = 0;
  while (!ledger.is_locked("victim", here) && guesses < 1000) {
    ledger.failed("victim", here, true);
    ledger.succeeded("mine", here);
    ++guesses;
  }
  EXPECT_EQ(guesses, 10);
}

TEST_F(Ledger, ASourceWithPhonesIsNeverShutForThem) {
  ledger.succeeded("101", here);
  for (int i = 0; i < 100; ++i) last = ledger.failed(fmt::format("guess{}", i), here, false);
  EXPECT_FALSE(last.shut_out);
  EXPECT_TRUE(ledger.is_locked("102", here));
  EXPECT_FALSE(ledger.is_locked("101", here));
}

TEST_F(Ledger, OnePhoneWithAWrongSecretDoesNotUseUpItsOfficesCount) {
  ledger.succeeded("101", here);
  for (int minute = 0; minute < 240; ++minute) {
    if (ledger.is_locked("misconfigured", here)) {
      ledger.refused(here, true);
    } else {
      ledger.failed("misconfigured", here, true);
    }
    EXPECT_FALSE(ledger.is_locked("new phone", here)) << minute;
    clock.advance(1min);
  }
}

TEST_F(Ledger, LocksEndAndTheNextIsLonger) {
  runtime::Duration before{};
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 20; ++i) last = ledger.failed(fmt::format("guess{}", i), here, false);
    ASSERT_TRUE(last.source_locked) << round;
    EXPECT_LE(last.locked_for, limits.lock_max);
    EXPECT_TRUE(last.locked_for > before || before == limits.lock_max);
    before = last.locked_for;
    clock.advance(last.locked_for - 1ms);
    EXPECT_TRUE(ledger.is_locked("102", here));
    clock.advance(1ms);
    EXPECT_FALSE(ledger.is_locked("102", here));
  }
  EXPECT_EQ(before, limits.lock_max);
}

TEST_F(Ledger, ForgetsAfterAnHourOfPeace) {
  fail("101", here, 9);
  clock.advance(limits.forget_after);
  fail("101", here, 9);
  EXPECT_FALSE(ledger.is_locked("101", here));
}

TEST_F(Ledger, AnIpv6NetworkIsOneSource) {
  for (int i = 0; i < 20; ++i)
    ledger.failed(fmt::format("guess{}", i), ip(fmt::format("2001:db8::{:x}", i + 1)), false);
  EXPECT_TRUE(ledger.is_locked("102", ip("2001:db8::ffff")));
  EXPECT_FALSE(ledger.is_locked("102", ip("2001:db8:0:1::1")));
}

TEST_F(Ledger, ForgivesWhenABanIsReleased) {
  for (int i = 0; i < 20; ++i) ledger.failed(fmt::format("guess{}", i), here, false);
  ledger.forgive(*IpNetwork::parse("198.51.100.0/24"));
  EXPECT_FALSE(ledger.is_locked("102", here));
}

TEST_F(Ledger, AFloodOfStrangersMakesRoomAmongStrangersOnly) {
  ledger.succeeded("101", here);
  for (std::uint32_t i = 0; i < AttemptLedger::kSourcesMax + 100; ++i)
    ledger.failed("101", IpAddress::v4(0x0a000000u + i), true);
  EXPECT_TRUE(ledger.is_proven(here));
  EXPECT_LE(ledger.size(), AttemptLedger::kSourcesMax + 1);
}

TEST_F(Ledger, ManyAccountsOfOneSourceStayWithinTheirLimit) {
  ledger.succeeded("101", here);
  for (std::size_t i = 0; i < 3 * AttemptLedger::kAccountsMax; ++i)
    ledger.succeeded(fmt::format("{}", i), here);
  EXPECT_TRUE(ledger.is_proven(here));
}

TEST_F(Ledger, AProofLapses) {
  ledger.succeeded("101", here);
  clock.advance(limits.proof_keeps);
  EXPECT_FALSE(ledger.is_proven(here));
  for (int i = 0; i < 20; ++i) last = ledger.failed(fmt::format("guess{}", i), here, false);
  EXPECT_TRUE(last.shut_out);
}

}  // namespace
}  // namespace xivo::endpoint
