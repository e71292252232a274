#include "rtp/rtcp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace xivo::rtp {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets receiver_report() { return {0x80, 201, 0, 1, 0, 0, 0, 1}; }

TEST(Compound, IsRefusedWhenCut) {
  const Octets whole = {0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0,
                        0,    0,   0, 9, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0};
  ASSERT_TRUE(parse_compound(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_compound(Bytes(whole).first(size))) << size;
}

TEST(Compound, IsRefusedWhenAnyVersionIsNotTwo) {
  auto bytes = receiver_report();
  bytes.insert(bytes.end(), {0x40, 202, 0, 0});
  EXPECT_FALSE(parse_compound(bytes));
}

TEST(Compound, IsRefusedWithPaddingBeforeItsEnd) {
  Octets bytes = {0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0x80, 203, 0, 0};
  EXPECT_FALSE(parse_compound(bytes));
}

TEST(Compound, IsRefusedWhenThePaddingExceedsTheBody) {
  Octets bytes = {0xa0, 201, 0, 1, 0, 0, 0, 5};
  EXPECT_FALSE(parse_compound(bytes));
  bytes[7] = 0;
  EXPECT_FALSE(parse_compound(bytes));
}

TEST(Compound, LosesThePaddingOfItsLastPart) {
  const Octets bytes = {0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_EQ(compound->parts[0].body.size(), 4u);
}

TEST(Compound, LeavesOutPartsBeyondItsLimit) {
  Octets bytes;
  for (std::size_t i = 0; i < kRtcpPartsMax + 3; ++i) bytes.insert(bytes.end(), {0x80, 203, 0, 0});
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_EQ(compound->size, kRtcpPartsMax);
}

TEST(Compound, KeepsPartsOfUnknownTypes) {
  auto bytes = receiver_report();
  bytes.insert(bytes.end(), {0x80, 207, 0, 1, 1, 2, 3, 4});
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  ASSERT_EQ(compound->size, 2u);
  EXPECT_EQ(compound->parts[1].type, 207);
}

TEST(Report, IsRefusedWithMoreBlocksThanItHolds) {
  Octets bytes = {0x82, 201, 0, 1, 0, 0, 0, 1};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_FALSE(parse_report(compound->parts[0]));
}

TEST(Report, IsRefusedWithoutItsSenderFigures) {
  const Octets bytes = {0x80, 200, 0, 1, 0, 0, 0, 1};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_FALSE(parse_report(compound->parts[0]));
}

TEST(Report, ReadsANegativeLoss) {
  Octets bytes = {0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 128, 0xff, 0xff, 0xfe,
                  0,    0,   0, 9, 0, 0, 0, 3, 0, 0, 0, 0, 0,   0,    0,    0};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  const auto report = parse_report(compound->parts[0]);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->block_count, 1u);
  EXPECT_EQ(report->blocks[0].cumulative_lost, -2);
  EXPECT_EQ(report->blocks[0].fraction_lost, 128);
}

TEST(Report, IsWrittenAsItIsRead) {
  Report report;
  report.ssrc = 0x11111111;
  report.sender = SenderFigures{0x0123456789abcdef, 160, 50, 8000};
  report.block_count = 2;
  report.blocks[1] = {0x22222222, 12, -70, 0x1ffff, 9, 0x1234, 0x10000};
  std::array<std::uint8_t, 512> buffer;
  RtcpWriter writer(buffer);
  writer.report(report);
  writer.canonical_name(report.ssrc, "xivo");
  const std::uint32_t gone[] = {0x11111111};
  writer.goodbye(gone);
  ASSERT_TRUE(writer.ok());

  const auto compound = parse_compound(writer.written());
  ASSERT_TRUE(compound);
  ASSERT_EQ(compound->size, 3u);
  const auto read = parse_report(compound->parts[0]);
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->sender);
  EXPECT_EQ(read->sender->ntp, report.sender->ntp);
  EXPECT_EQ(read->sender->octets, 8000u);
  ASSERT_EQ(read->block_count, 2u);
  EXPECT_EQ(read->blocks[1].cumulative_lost, -70);
  EXPECT_EQ(read->blocks[1].highest_sequence, 0x1ffffu);
  EXPECT_EQ(read->blocks[1].delay_since_report, 0x10000u);
  const auto name = parse_canonical_name(compound->parts[1]);
  ASSERT_TRUE(name && *name);
  EXPECT_EQ((*name)->name, "xivo");
  const auto goodbye = parse_goodbye(compound->parts[2]);
  ASSERT_TRUE(goodbye);
  ASSERT_EQ(goodbye->source_count, 1u);
  EXPECT_EQ(goodbye->sources[0], 0x11111111u);
}

TEST(Writer, LeavesOutWholeWhatDoesNotFit) {
  std::array<std::uint8_t, 16> buffer;
  RtcpWriter writer(buffer);
  Report report;
  writer.report(report);
  writer.canonical_name(1, "a name that is too long");
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.written().size(), 8u);
  EXPECT_TRUE(parse_compound(writer.written()));
}

TEST(Writer, CutsANameAt255OctetsAndEndsEachWithAZero) {
  for (std::size_t size = 0; size < 300; ++size) {
    std::array<std::uint8_t, 512> buffer;
    RtcpWriter writer(buffer);
    writer.canonical_name(1, std::string(size, 'x'));
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ(writer.written().size() % 4, 0u);
    EXPECT_EQ(writer.written().back(), 0);
    const auto compound = parse_compound(writer.written());
    ASSERT_TRUE(compound);
    const auto name = parse_canonical_name(compound->parts[0]);
    ASSERT_TRUE(name && *name);
    EXPECT_EQ((*name)->name.size(), std::min<std::size_t>(size, 255));
  }
}

TEST(SourceDescription, IsRefusedWhenAnItemIsCut) {
  const Octets bytes = {0x81, 202, 0, 2, 0, 0, 0, 1, 1, 200, 'a', 'b'};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_FALSE(parse_canonical_name(compound->parts[0]));
}

TEST(SourceDescription, FindsTheNameAfterOtherItemsAndChunks) {
  const Octets bytes = {0x82, 202, 0, 6, 0, 0, 0,   1, 2, 1,   'n', 0,  // chunk 1: a NAME, one zero
                        0,    0,   0, 2, 3, 1, 'm', 1, 3, 'a', '@', 'b', 0, 0, 0, 0};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  const auto name = parse_canonical_name(compound->parts[0]);
  ASSERT_TRUE(name && *name);
  EXPECT_EQ((*name)->ssrc, 2u);
  EXPECT_EQ((*name)->name, "a@b");
}

TEST(Goodbye, ReadsItsReason) {
  const Octets bytes = {0x81, 203, 0, 3, 0, 0, 0, 7, 5, 'l', 'a', 't', 'e', 'r', 0, 0};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  const auto goodbye = parse_goodbye(compound->parts[0]);
  ASSERT_TRUE(goodbye);
  EXPECT_EQ(goodbye->reason, "later");
}

TEST(Goodbye, IsRefusedWhenItsReasonIsCut) {
  const Octets bytes = {0x81, 203, 0, 2, 0, 0, 0, 7, 9, 'l', 'a', 't'};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  EXPECT_FALSE(parse_goodbye(compound->parts[0]));
}

TEST(ApplicationPacket, GivesNameAndContent) {
  const Octets bytes = {0x83, 204, 0, 3, 0, 0, 0, 7, 'X', 'I', 'V', 'O', 1, 2, 3, 4};
  const auto compound = parse_compound(bytes);
  ASSERT_TRUE(compound);
  const auto packet = parse_application(compound->parts[0]);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->subtype, 3);
  EXPECT_EQ(packet->name, "XIVO");
  EXPECT_EQ(packet->content.size(), 4u);
}

}  // namespace
}  // namespace xivo::rtp
