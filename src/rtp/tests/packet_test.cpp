#include "rtp/packet.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "rtp/demultiplex.hpp"
#include "rtp/ntp.hpp"

namespace xivo::rtp {
namespace {

std::vector<std::uint8_t> packet_of(std::uint8_t first, std::vector<std::uint8_t> rest) {
  std::vector<std::uint8_t> bytes = {first, 0x88, 0x12, 0x34, 0, 0, 0, 160, 0xde, 0xad, 0xbe, 0xef};
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

TEST(Packet, IsRefusedWhenShorterThanAHeader) {
  const auto bytes = packet_of(0x80, {});
  for (std::size_t size = 0; size < kHeaderSize; ++size)
    EXPECT_FALSE(parse(Bytes(bytes).first(size))) << size;
}

TEST(Packet, IsRefusedWhenTheVersionIsNotTwo) {
  for (const std::uint8_t first : {0x00, 0x40, 0xc0}) EXPECT_FALSE(parse(packet_of(first, {1, 2, 3})));
}

TEST(Packet, IsRefusedWhenTheContributorListIsCut) {
  EXPECT_FALSE(parse(packet_of(0x82, {1, 2, 3, 4, 5, 6, 7})));
}

TEST(Packet, IsRefusedWhenTheExtensionIsCut) {
  EXPECT_FALSE(parse(packet_of(0x90, {0xbe, 0xde, 0})));
  EXPECT_FALSE(parse(packet_of(0x90, {0xbe, 0xde, 0, 2, 1, 2, 3, 4})));
  EXPECT_FALSE(parse(packet_of(0x90, {0xbe, 0xde, 0xff, 0xff, 1, 2, 3, 4})));
}

TEST(Packet, IsRefusedWhenThePaddingDoesNotFit) {
  EXPECT_FALSE(parse(packet_of(0xa0, {1, 2, 0})));
  EXPECT_FALSE(parse(packet_of(0xa0, {1, 2, 4})));
  EXPECT_FALSE(parse(packet_of(0xa0, {})));  // the last octet of the header is 0xef
}

TEST(Packet, GivesHeaderAndPayload) {
  const auto bytes = packet_of(0x80, {1, 2, 3});
  const auto packet = parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->header.marker);
  EXPECT_EQ(packet->header.payload_type, 8);
  EXPECT_EQ(packet->header.sequence, 0x1234);
  EXPECT_EQ(packet->header.timestamp, 160u);
  EXPECT_EQ(packet->header.ssrc, 0xdeadbeefu);
  EXPECT_EQ(packet->payload.size(), 3u);
  EXPECT_FALSE(packet->has_extension);
}

TEST(Packet, MayHaveNoPayload) {
  const auto packet = parse(packet_of(0x80, {}));
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload.empty());
}

TEST(Packet, CutsContributorsExtensionAndPaddingOff) {
  const auto bytes =
      packet_of(0xb2, {0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 'p', 'a', 'y', 0, 0, 3});
  const auto packet = parse(bytes);
  ASSERT_TRUE(packet);
  ASSERT_EQ(packet->contributor_count(), 2u);
  EXPECT_EQ(packet->contributor(1), 2u);
  EXPECT_EQ(packet->extension_profile, 0xbede);
  EXPECT_EQ(packet->extension.size(), 4u);
  EXPECT_EQ(packet->padding, 3);
  ASSERT_EQ(packet->payload.size(), 3u);
  EXPECT_EQ(packet->payload[0], 'p');
}

TEST(Packet, IsWrittenAsItIsRead) {
  const Header header{true, 101, 0xffff, 0x80000000, 42};
  std::array<std::uint8_t, kHeaderSize> bytes;
  EXPECT_EQ(write(header, bytes), kHeaderSize);
  const auto packet = parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->header.marker, header.marker);
  EXPECT_EQ(packet->header.payload_type, header.payload_type);
  EXPECT_EQ(packet->header.sequence, header.sequence);
  EXPECT_EQ(packet->header.timestamp, header.timestamp);
  EXPECT_EQ(packet->header.ssrc, header.ssrc);
}

TEST(Demultiplex, FollowsTheRangesOfRfc7983) {
  const auto kind = [](int first, int second) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
    return classify(bytes);
  };
  for (int first = 0; first < 256; ++first) {
    auto wanted = DatagramKind::Unknown;
    if (first <= 3) wanted = DatagramKind::Stun;
    if (first >= 16 && first <= 19) wanted = DatagramKind::Zrtp;
    if (first >= 20 && first <= 63) wanted = DatagramKind::Dtls;
    if (first >= 64 && first <= 79) wanted = DatagramKind::TurnChannel;
    if (first >= 128 && first <= 191) wanted = DatagramKind::Rtp;
    EXPECT_EQ(kind(first, 0), wanted) << first;
  }
}

TEST(Demultiplex, TellsRtcpByItsPacketType) {
  const auto kind = [](int second) {
    const std::uint8_t bytes[] = {0x80, static_cast<std::uint8_t>(second)};
    return classify(bytes);
  };
  for (int second = 0; second < 256; ++second) {
    EXPECT_EQ(kind(second), second >= 192 && second <= 223 ? DatagramKind::Rtcp : DatagramKind::Rtp)
        << second;
  }
}

TEST(Demultiplex, KnowsNothingOfLessThanTwoOctets) {
  const std::uint8_t one[] = {0x80};
  EXPECT_EQ(classify({}), DatagramKind::Unknown);
  EXPECT_EQ(classify(one), DatagramKind::Unknown);
}

TEST(Ntp, CountsFrom1900) {
  EXPECT_EQ(ntp_from_unix_us(0), std::uint64_t{2'208'988'800} << 32);
  EXPECT_EQ(ntp_from_unix_us(500'000) & 0xffffffff, 0x80000000u);
  EXPECT_EQ(ntp_from_unix_us(-500'000), (std::uint64_t{2'208'988'799} << 32) | 0x80000000u);
}

TEST(Ntp, TurnsShortUnitsIntoMicrosecondsAndBack) {
  EXPECT_EQ(us_from_ntp_short(0x10000), 1'000'000);
  EXPECT_EQ(us_from_ntp_short(0x8000), 500'000);
  EXPECT_EQ(ntp_short_from_us(1'500'000), 0x18000u);
  EXPECT_EQ(ntp_short_from_us(-1), 0u);
  EXPECT_EQ(ntp_short_from_us(std::int64_t{1} << 40), 0xffffffffu);
}

}  // namespace
}  // namespace xivo::rtp
