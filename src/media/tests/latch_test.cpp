#include "media/latch.hpp"

#include <gtest/gtest.h>

namespace xivo::media {
namespace {

using Verdict = Latch::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

SocketAddress at(const char* text) { return *SocketAddress::parse(text); }

const SocketAddress kDescribed = at("198.51.100.7:4000");
const SocketAddress kOtherPort = at("198.51.100.7:4444");
const IpAddress kSignalling = *IpAddress::parse("203.0.113.9");
const SocketAddress kFromSignalling = at("203.0.113.9:60000");
const SocketAddress kAnywhere = at("192.0.2.66:9");

class LatchTest : public ::testing::Test {
 protected:
  void expect(bool nat_suspect = false) { latch_.expect(kDescribed, kSignalling, nat_suspect, now_); }
  Verdict judge(const SocketAddress& from, std::uint16_t sequence, std::uint32_t ssrc = 1) {
    return latch_.judge(from, rtp::Header{false, 8, sequence, 0, ssrc}, candidates_, now_);
  }
  /// The verdict on the last of `count` packets in a row.
  Verdict row(const SocketAddress& from, int count, std::uint16_t first = 1, std::uint32_t ssrc = 1) {
    auto verdict = Verdict::Stranger;
    for (int i = 0; i < count; ++i) verdict = judge(from, static_cast<std::uint16_t>(first + i), ssrc);
    return verdict;
  }

  runtime::Instant now_{seconds(100)};
  Latch latch_;
  LatchCandidates candidates_;
};

TEST_F(LatchTest, KnowsOnlyStrangersBeforeADescription) {
  EXPECT_EQ(row(kDescribed, 5), Verdict::Stranger);
  EXPECT_FALSE(latch_.known());
}

TEST_F(LatchTest, KnowsOnlyStrangersAfterARefusedStream) {
  latch_.expect({kDescribed.ip, 0}, kSignalling, true, now_);
  EXPECT_EQ(row(kDescribed, 5), Verdict::Stranger);
}

TEST_F(LatchTest, RefusesAnyOtherHost) {
  expect();
  EXPECT_EQ(row(kAnywhere, 50), Verdict::Stranger);
  EXPECT_EQ(latch_.target(), kDescribed);
}

TEST_F(LatchTest, BelievesTheDescribedAddressAtOnceAndLocksAfterThree) {
  expect();
  EXPECT_EQ(judge(kDescribed, 1), Verdict::Accepted);
  EXPECT_EQ(judge(kDescribed, 2), Verdict::Accepted);
  EXPECT_FALSE(latch_.locked());
  EXPECT_EQ(judge(kDescribed, 3), Verdict::Accepted);
  EXPECT_TRUE(latch_.locked());
  EXPECT_TRUE(latch_.wants_connect(now_));
}

TEST_F(LatchTest, SwitchesToAnotherPortOnlyAfterThreeInARow) {
  expect();
  EXPECT_EQ(row(kOtherPort, 2), Verdict::Unproven);
  EXPECT_EQ(latch_.target(), kDescribed);
  EXPECT_EQ(judge(kOtherPort, 3), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kOtherPort);
}

TEST_F(LatchTest, TakesTheSignallingHostAsItsOwn) {
  expect();
  EXPECT_EQ(row(kFromSignalling, 3), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kFromSignalling);
}

TEST_F(LatchTest, CountsAnewAfterAGap) {
  expect();
  row(kOtherPort, 2);
  EXPECT_EQ(judge(kOtherPort, 9), Verdict::Unproven);
  EXPECT_EQ(judge(kOtherPort, 10), Verdict::Unproven);
  EXPECT_EQ(judge(kOtherPort, 11), Verdict::Accepted);
}

TEST_F(LatchTest, CountsAnewAfterAChangeOfSsrc) {
  expect();
  row(kOtherPort, 2);
  EXPECT_EQ(judge(kOtherPort, 3, 2), Verdict::Unproven);
  EXPECT_EQ(judge(kOtherPort, 4, 2), Verdict::Unproven);
  EXPECT_EQ(judge(kOtherPort, 5, 2), Verdict::Accepted);
}

TEST_F(LatchTest, CountsADoubledPacketOnce) {
  expect();
  judge(kOtherPort, 1);
  judge(kOtherPort, 1);
  EXPECT_EQ(judge(kOtherPort, 1), Verdict::Unproven);
  judge(kOtherPort, 2);
  EXPECT_EQ(judge(kOtherPort, 3), Verdict::Accepted);
}

TEST_F(LatchTest, CountsAcrossTheSequenceWrap) {
  expect();
  EXPECT_EQ(row(kOtherPort, 3, 0xffff), Verdict::Accepted);
}

TEST_F(LatchTest, PrefersTheExactAddressWhileItSpeaks) {
  expect();
  row(kOtherPort, 2);
  EXPECT_EQ(judge(kDescribed, 700, 9), Verdict::Accepted);
  EXPECT_EQ(judge(kOtherPort, 3), Verdict::Unproven) << "the third in a row, but the exact one is there";
  EXPECT_EQ(judge(kDescribed, 701, 9), Verdict::Accepted);
  EXPECT_EQ(judge(kDescribed, 702, 9), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kDescribed);
  EXPECT_EQ(judge(kOtherPort, 4), Verdict::Stranger);
}

TEST_F(LatchTest, TakesTheWeakerOneOnceTheExactOneIsSilent) {
  expect();
  judge(kDescribed, 700, 9);
  now_ += milliseconds(300);
  EXPECT_EQ(row(kOtherPort, 3), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kOtherPort);
}

TEST_F(LatchTest, TakesAnySourceOnlyBehindANat) {
  expect(true);
  EXPECT_EQ(row(kAnywhere, 2), Verdict::Unproven);
  EXPECT_EQ(judge(kAnywhere, 3), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kAnywhere);
}

TEST_F(LatchTest, TakesAnySourceOnlyWithinFiveSecondsOfTheAnswer) {
  expect(true);
  now_ += Latch::kStartWindow;
  EXPECT_EQ(row(kAnywhere, 5), Verdict::Stranger);
}

TEST_F(LatchTest, OpensTheWindowAgainWithEachDescription) {
  expect(true);
  now_ += seconds(60);
  expect(true);
  EXPECT_EQ(row(kAnywhere, 3), Verdict::Accepted);
}

TEST_F(LatchTest, DoesNotConnectToAnySourceBeforeTheWindowIsOver) {
  expect(true);
  row(kAnywhere, 3);
  EXPECT_FALSE(latch_.wants_connect(now_));
  EXPECT_TRUE(latch_.wants_connect(now_ + Latch::kStartWindow));
}

TEST_F(LatchTest, LetsAStrongerSourceTakeOverFromAnySource) {
  expect(true);
  row(kAnywhere, 3);
  EXPECT_EQ(row(kFromSignalling, 2, 50, 2), Verdict::Unproven);
  EXPECT_EQ(judge(kFromSignalling, 52, 2), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), kFromSignalling);
  EXPECT_EQ(judge(kAnywhere, 4), Verdict::Stranger);
}

TEST_F(LatchTest, HoldsAgainstEqualsOnceLocked) {
  expect(true);
  row(kAnywhere, 3);
  EXPECT_EQ(row(at("192.0.2.67:9"), 10, 1, 2), Verdict::Stranger);
  EXPECT_EQ(judge(kAnywhere, 4), Verdict::Accepted);
}

TEST_F(LatchTest, LetsNoSprayOfSourcesKeepTheTrueOneOut) {
  expect(true);
  std::uint16_t sequence = 1;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3; ++i) {
      const SocketAddress sprayed{IpAddress::v4(0xc0000200u + static_cast<std::uint32_t>(i)), 1000};
      judge(sprayed, static_cast<std::uint16_t>(round * 7), 77);
    }
    judge(kAnywhere, sequence++);
  }
  EXPECT_EQ(latch_.target(), kAnywhere);
}

TEST_F(LatchTest, LetsNoWeakSourcePushAStrongCandidateOut) {
  expect(true);
  row(kOtherPort, 2);
  for (std::uint32_t i = 0; i < 20; ++i) judge({IpAddress::v4(0xc0000200u + i), 1000}, 1, i);
  EXPECT_EQ(judge(kOtherPort, 3), Verdict::Accepted);
}

TEST_F(LatchTest, ForgetsAllWithANewAddressOnly) {
  expect();
  row(kOtherPort, 3);
  latch_.set_connected(true);
  EXPECT_FALSE(latch_.expect(kDescribed, kSignalling, false, now_));
  EXPECT_EQ(latch_.target(), kOtherPort);
  EXPECT_TRUE(latch_.expect(kAnywhere, kSignalling, false, now_));
  EXPECT_EQ(latch_.target(), kAnywhere);
  EXPECT_FALSE(latch_.locked());
  EXPECT_FALSE(latch_.connected());
}

TEST_F(LatchTest, SendsOnToTheLearnedAddressWhileRelearning) {
  expect();
  row(kFromSignalling, 3);
  latch_.relearn();
  EXPECT_EQ(latch_.target(), kFromSignalling);
  EXPECT_EQ(judge(kFromSignalling, 4), Verdict::Accepted) << "who was proven is believed at once";
}

TEST_F(LatchTest, FollowsANatThatHasChosenAnotherPort) {
  expect(true);
  row(kAnywhere, 3);
  now_ += seconds(30);
  latch_.relearn();
  EXPECT_EQ(row(at("192.0.2.66:10"), 3, 1, 1), Verdict::Accepted);
  EXPECT_EQ(latch_.target(), at("192.0.2.66:10"));
}

TEST_F(LatchTest, GoesOnComparingWhenTheKernelRefusesToConnect) {
  expect();
  row(kDescribed, 3);
  latch_.set_connected(false);
  EXPECT_FALSE(latch_.wants_connect(now_));
  EXPECT_EQ(judge(kOtherPort, 1), Verdict::Stranger);
  EXPECT_EQ(judge(kDescribed, 4), Verdict::Accepted);
}

TEST_F(LatchTest, FollowsWhatWasProvedWithoutConnecting) {
  latch_.follow(kAnywhere);  // before any description, as with ICE
  EXPECT_TRUE(latch_.known());
  EXPECT_EQ(latch_.target(), kAnywhere);
  EXPECT_EQ(judge(kAnywhere, 1), Verdict::Accepted);
  EXPECT_FALSE(latch_.wants_connect(now_));
}

TEST_F(LatchTest, ForgetsWhatItFollowedWithAnotherDescription) {
  latch_.follow(kAnywhere);
  expect();
  EXPECT_EQ(latch_.target(), kDescribed);
  EXPECT_EQ(judge(kAnywhere, 1), Verdict::Stranger);
}

TEST_F(LatchTest, LetsThoseShakeHandsWhomItMightBelieve) {
  EXPECT_FALSE(latch_.might_be(kDescribed, now_));
  expect();
  EXPECT_TRUE(latch_.might_be(kDescribed, now_));
  EXPECT_TRUE(latch_.might_be(kFromSignalling, now_));
  EXPECT_FALSE(latch_.might_be(kAnywhere, now_));
}

}  // namespace
}  // namespace xivo::media
