#include "rtp/srtp.hpp"

#include <gtest/gtest.h>

#include "srtp_samples.hpp"

namespace xivo::rtp {
namespace {

using namespace samples;

class Srtp : public testing::TestWithParam<SrtpSuite> {
 protected:
  SrtpProtector sender = *SrtpProtector::make(key_of(GetParam()));
  SrtpUnprotector receiver = *SrtpUnprotector::make(key_of(GetParam()));
};

INSTANTIATE_TEST_SUITE_P(Suites, Srtp,
                         testing::Values(SrtpSuite::AesCm128HmacSha1_80, SrtpSuite::AesCm128HmacSha1_32,
                                         SrtpSuite::AeadAes128Gcm, SrtpSuite::AeadAes256Gcm));

TEST_P(Srtp, RefusesAPacketOfAnotherKey) {
  auto other = *SrtpProtector::make(key_of(GetParam(), 2));
  EXPECT_TRUE(opened(receiver, sealed(other, rtp_packet(1))).empty());
  EXPECT_TRUE(opened_rtcp(receiver, sealed_rtcp(other, rtcp_packet())).empty());
}

TEST_P(Srtp, RefusesAPlainPacket) {
  EXPECT_TRUE(opened(receiver, rtp_packet(1)).empty());
  EXPECT_TRUE(opened_rtcp(receiver, rtcp_packet()).empty());
}

TEST_P(Srtp, RefusesAPacketWithAnyBitChanged) {
  const auto packet = sealed(sender, rtp_packet(1, 7, 20));
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    auto changed = packet;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_TRUE(opened(receiver, changed).empty()) << "bit " << bit;
  }
  EXPECT_EQ(opened(receiver, packet), rtp_packet(1, 7, 20)) << "none of them counted as this one";
}

TEST_P(Srtp, RefusesAReportWithAnyBitChanged) {
  const auto packet = sealed_rtcp(sender, rtcp_packet());
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    auto changed = packet;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_TRUE(opened_rtcp(receiver, changed).empty()) << "bit " << bit;
  }
  EXPECT_EQ(opened_rtcp(receiver, packet), rtcp_packet());
}

TEST_P(Srtp, RefusesEveryCutPacket) {
  const auto packet = sealed(sender, rtp_packet(1));
  const auto report = sealed_rtcp(sender, rtcp_packet());
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_TRUE(
        opened(receiver, {packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
  for (std::size_t size = 0; size < report.size(); ++size)
    EXPECT_TRUE(
        opened_rtcp(receiver, {report.begin(), report.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
}

TEST_P(Srtp, RefusesAReplay) {
  const auto packet = sealed(sender, rtp_packet(1));
  const auto report = sealed_rtcp(sender, rtcp_packet());
  EXPECT_EQ(opened(receiver, packet), rtp_packet(1));
  EXPECT_TRUE(opened(receiver, packet).empty());
  EXPECT_EQ(opened_rtcp(receiver, report), rtcp_packet());
  EXPECT_TRUE(opened_rtcp(receiver, report).empty());
}

TEST_P(Srtp, RefusesWhatIsOlderThanTheWindow) {
  const auto early = sealed(sender, rtp_packet(100));
  const auto at_the_edge = sealed(sender, rtp_packet(101));
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(164))).empty());
  EXPECT_TRUE(opened(receiver, early).empty());
  EXPECT_FALSE(opened(receiver, at_the_edge).empty());
}

TEST_P(Srtp, TakesPacketsInAnyOrderOnce) {
  std::vector<Octets> packets;
  for (std::uint16_t i = 0; i < 20; ++i) packets.push_back(sealed(sender, rtp_packet(i)));
  for (const std::size_t i : {5u, 3u, 4u, 19u, 0u, 18u})
    EXPECT_FALSE(opened(receiver, packets[i]).empty()) << i;
  for (const std::size_t i : {5u, 3u, 0u, 19u}) EXPECT_TRUE(opened(receiver, packets[i]).empty()) << i;
}

TEST_P(Srtp, GoesOnAfterTheSequenceNumberWraps) {
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto sequence = static_cast<std::uint16_t>(65'436 + i);
    EXPECT_EQ(opened(receiver, sealed(sender, rtp_packet(sequence))), rtp_packet(sequence)) << sequence;
  }
}

TEST_P(Srtp, TakesALatePacketFromBeforeTheWrap) {
  const auto late = sealed(sender, rtp_packet(65'535));
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(65'534))).empty());
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(0))).empty());
  EXPECT_EQ(opened(receiver, late), rtp_packet(65'535));
}

TEST_P(Srtp, FollowsThroughSeveralWrapsWithLoss) {
  for (std::uint32_t i = 0; i < 300'000; i += 997) {
    const auto sequence = static_cast<std::uint16_t>(i);
    ASSERT_EQ(opened(receiver, sealed(sender, rtp_packet(sequence, 9, 20))), rtp_packet(sequence, 9, 20))
        << i;
  }
}

TEST_P(Srtp, CountsEachSourceByItself) {
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(65'000, 1))).empty());
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(3, 2))).empty());
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(65'001, 1))).empty());
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(4, 2))).empty());
}

TEST_P(Srtp, NeverUsesAKeyStreamTwice) {
  EXPECT_FALSE(sealed(sender, rtp_packet(1)).empty());
  EXPECT_TRUE(sealed(sender, rtp_packet(1)).empty());
  EXPECT_NE(sealed(sender, rtp_packet(2)), sealed(sender, rtp_packet(2, 0xcafebabf)));
}

TEST_P(Srtp, RefusesSourcesBeyondItsLimit) {
  for (std::uint32_t ssrc = 0; ssrc < SrtpSources::kMax; ++ssrc)
    ASSERT_FALSE(opened(receiver, sealed(sender, rtp_packet(1, ssrc, 0))).empty());
  EXPECT_TRUE(sealed(sender, rtp_packet(1, SrtpSources::kMax, 0)).empty());
  auto another = *SrtpProtector::make(key_of(GetParam()));
  EXPECT_TRUE(opened(receiver, sealed(another, rtp_packet(1, SrtpSources::kMax, 0))).empty());
  EXPECT_FALSE(opened(receiver, sealed(sender, rtp_packet(2, 0, 0))).empty()) << "those it knows go on";
}

TEST_P(Srtp, KeepsContributorsAndExtensionReadable) {
  auto packet = hex("9288 0001 00000000 00000007 11111111 22222222 bede 0001 10aa0000 deadbeef");
  const auto protected_one = sealed(sender, packet);
  EXPECT_TRUE(std::equal(packet.begin(), packet.end() - 4, protected_one.begin()));
  EXPECT_FALSE(std::equal(packet.end() - 4, packet.end(), protected_one.begin() + 28));
  EXPECT_EQ(opened(receiver, protected_one), packet);
}

TEST_P(Srtp, LeavesOnlyTheHeaderOfAReportReadable) {
  const auto plain = rtcp_packet();
  const auto report = sealed_rtcp(sender, plain);
  EXPECT_TRUE(std::equal(plain.begin(), plain.begin() + 8, report.begin()));
  EXPECT_FALSE(std::equal(plain.begin() + 8, plain.end(), report.begin() + 8));
  EXPECT_EQ(opened_rtcp(receiver, report), plain);
}

TEST_P(Srtp, RefusesABufferWithoutRoomForTheTag) {
  auto packet = rtp_packet(1);
  EXPECT_FALSE(sender.protect_rtp(packet, packet.size()));
  auto report = rtcp_packet();
  EXPECT_FALSE(sender.protect_rtcp(report, report.size()));
}

}  // namespace
}  // namespace xivo::rtp
