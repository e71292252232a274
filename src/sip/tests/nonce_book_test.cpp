#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"
#include "sip/digest.hpp"

namespace xivo::sip::digest {
namespace {

using std::chrono::seconds;

class Nonces : public ::testing::Test {
 protected:
  static std::string nc(unsigned count) {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", count);
    return text;
  }

  runtime::ManualClock clock_;
  runtime::TimerWheel timers_{clock_};
  runtime::SeededRng rng_{7616};
  runtime::Scheduler scheduler_{clock_, timers_, rng_};
  std::shared_ptr<NonceLedger> ledger_ = std::make_shared<NonceLedger>(scheduler_);
  NonceBook book_{scheduler_, ledger_};
};

TEST_F(Nonces, AreForgedWhenTheyDoNotLookLikeOurs) {
  const std::string good = book_.issue();
  EXPECT_EQ(good.size(), 56u);
  for (const std::string& nonce :
       {std::string(), std::string("x"), good.substr(1), good + "0", std::string(56, 'z')}) {
    EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Forged) << nonce;
  }
}

TEST_F(Nonces, AreForgedWhenAnyDigitAfterTheBookIsChanged) {
  const std::string good = book_.issue();
  for (std::size_t i = 8; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == '0' ? '1' : '0';
    EXPECT_EQ(book_.check(bad, nc(1)), NonceState::Forged) << i;
  }
  EXPECT_EQ(book_.check(good, nc(1)), NonceState::Fresh);
}

TEST_F(Nonces, ServeOnlyTheAddressTheyWereSentTo) {
  const auto phone = *IpAddress::parse("192.0.2.7");
  const auto liar = *IpAddress::parse("192.0.2.8");
  const std::string nonce = book_.issue(phone);
  EXPECT_EQ(book_.probe(nonce, liar).state, NonceState::Forged);
  EXPECT_EQ(book_.check(nonce, nc(1), liar), NonceState::Forged);
  EXPECT_EQ(book_.check(nonce, nc(1), phone), NonceState::Fresh);
}

TEST_F(Nonces, AreProbedWithoutBeingCounted) {
  const std::string nonce = book_.issue();
  EXPECT_EQ(book_.probe(nonce).state, NonceState::Fresh);
  EXPECT_EQ(ledger_->tracked(), 0u);
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.probe("x").state, NonceState::Forged);
  clock_.advance(NonceBook::kLifetime);
  EXPECT_EQ(book_.probe(nonce).state, NonceState::Stale);
}

TEST_F(Nonces, AreStaleInAnotherProcess) {
  NonceBook other(scheduler_, std::make_shared<NonceLedger>(scheduler_));
  EXPECT_EQ(book_.check(other.issue(), nc(1)), NonceState::Stale);
}

TEST_F(Nonces, AreGoodAtEachShardAndOnceAtAllOfThem) {
  NonceBook other(scheduler_, ledger_);
  const std::string nonce = book_.issue();
  EXPECT_EQ(other.check(nonce, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(2)), NonceState::Fresh);
  EXPECT_EQ(other.check(nonce, nc(2)), NonceState::Replayed);
}

TEST_F(Nonces, AreStaleAfterTheirLife) {
  const std::string nonce = book_.issue();
  clock_.advance(NonceBook::kLifetime - seconds(1));
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Fresh);
  clock_.advance(seconds(1));
  EXPECT_EQ(book_.check(nonce, nc(2)), NonceState::Stale);
}

TEST_F(Nonces, AreReplayedUnlessTheCountGrows) {
  const std::string nonce = book_.issue();
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(1)), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(5)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(4)), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(0xffffffff)), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, nc(0)), NonceState::Replayed);
}

TEST_F(Nonces, NeedACountOfEightHexDigits) {
  const std::string nonce = book_.issue();
  for (const char* count : {"1", "000000001", "0000000g", "00000000", "-0000001", " 0000001"}) {
    EXPECT_EQ(book_.check(nonce, count), NonceState::Replayed) << count;
  }
  EXPECT_EQ(book_.check(nonce, "0000000A"), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, "0000000a"), NonceState::Replayed);
}

TEST_F(Nonces, ServeAClientWithoutQopOnce) {
  const std::string nonce = book_.issue();
  EXPECT_EQ(book_.check(nonce, ""), NonceState::Fresh);
  EXPECT_EQ(book_.check(nonce, ""), NonceState::Replayed);
  EXPECT_EQ(book_.check(nonce, nc(2)), NonceState::Replayed);
  const std::string counted = book_.issue();
  EXPECT_EQ(book_.check(counted, nc(1)), NonceState::Fresh);
  EXPECT_EQ(book_.check(counted, ""), NonceState::Replayed);
}

TEST_F(Nonces, CostNothingUntilTheyAreUsedAndNothingAfterTheirLife) {
  std::string last;
  for (int i = 0; i < 1000; ++i) last = book_.issue();
  EXPECT_EQ(ledger_->tracked(), 0u);
  EXPECT_EQ(book_.check(last, nc(1)), NonceState::Fresh);
  EXPECT_EQ(ledger_->tracked(), 1u);
  clock_.advance(NonceBook::kLifetime);
  EXPECT_EQ(book_.check(book_.issue(), nc(1)), NonceState::Fresh);
  EXPECT_EQ(ledger_->tracked(), 1u);
}

TEST_F(Nonces, PushTheOldestOutOfAFullTableWithoutOpeningItToReplay) {
  const std::string first = book_.issue();
  EXPECT_EQ(book_.check(first, nc(1)), NonceState::Fresh);
  const std::string second = book_.issue();
  EXPECT_EQ(book_.check(second, nc(1)), NonceState::Fresh);
  for (std::size_t i = 2; i <= NonceLedger::kTrackedMax; ++i) book_.check(book_.issue(), nc(1));
  EXPECT_EQ(ledger_->tracked(), NonceLedger::kTrackedMax);
  EXPECT_EQ(book_.check(first, nc(1)), NonceState::Stale);
  EXPECT_EQ(book_.check(first, nc(2)), NonceState::Stale);
  EXPECT_EQ(book_.check(second, nc(1)), NonceState::Replayed);
  EXPECT_EQ(book_.check(second, nc(2)), NonceState::Fresh);
  EXPECT_EQ(book_.check(book_.issue(), nc(1)), NonceState::Fresh);
}

}  // namespace
}  // namespace xivo::sip::digest
