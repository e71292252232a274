#include "rtp/telephone_event.hpp"

#include <gtest/gtest.h>

#include <array>

namespace xivo::rtp {
namespace {

TelephoneEvent event(std::uint8_t code, std::uint16_t duration, bool end = false) {
  return {code, end, 10, duration};
}
Header at(std::uint32_t timestamp, bool marker = false) { return {marker, 101, 0, timestamp, 1}; }

TEST(TelephoneEvent, IsRefusedWhenCut) {
  const std::uint8_t bytes[] = {5, 10, 0};
  EXPECT_FALSE(parse_telephone_event(bytes));
  EXPECT_FALSE(parse_telephone_event({}));
}

TEST(TelephoneEvent, IsWrittenAsItIsRead) {
  std::array<std::uint8_t, kTelephoneEventSize> bytes;
  write(TelephoneEvent{11, true, 63, 0xabcd}, bytes);
  const auto read = parse_telephone_event(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->event, 11);
  EXPECT_TRUE(read->end);
  EXPECT_EQ(read->volume, 63);
  EXPECT_EQ(read->duration, 0xabcd);
}

TEST(TelephoneEvent, HasADigitForTheSixteenKeysOnly) {
  for (std::uint8_t code = 0; code < 16; ++code) {
    const auto digit = digit_of(code);
    ASSERT_TRUE(digit);
    EXPECT_EQ(event_of(*digit), code);
  }
  EXPECT_FALSE(digit_of(16));
  EXPECT_FALSE(digit_of(255));
  EXPECT_FALSE(event_of('E'));
  EXPECT_EQ(event_of('a'), 12);
}

TEST(PressDetector, TellsAPressOnce) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000, true), event(5, 160)), '5');
  for (std::uint16_t duration = 320; duration < 1600; duration += 160) {
    EXPECT_FALSE(detector.on_packet(at(1000), event(5, duration)));
  }
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(detector.on_packet(at(1000), event(5, 1600, true)));
}

TEST(PressDetector, TellsAPressOfWhichOnlyTheEndArrived) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000), event(11, 800, true)), '#');
  EXPECT_FALSE(detector.on_packet(at(1000), event(11, 800, true)));
}

TEST(PressDetector, TellsTheSameKeyPressedTwiceTwice) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000), event(1, 800, true)), '1');
  EXPECT_EQ(detector.on_packet(at(3000), event(1, 160)), '1');
}

TEST(PressDetector, TellsANewPressWhoseBeginningsEndWasLost) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000), event(1, 160)), '1');
  EXPECT_EQ(detector.on_packet(at(3000), event(1, 160)), '1');
}

TEST(PressDetector, IgnoresALatePacketOfAnEarlierPress) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000), event(1, 160)), '1');
  EXPECT_EQ(detector.on_packet(at(3000), event(2, 160)), '2');
  EXPECT_FALSE(detector.on_packet(at(1000), event(1, 800, true)));
}

TEST(PressDetector, FollowsALongPressOverItsSegments) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(1000, true), event(3, 160)), '3');
  EXPECT_FALSE(detector.on_packet(at(1000), event(3, 0xffff)));
  EXPECT_FALSE(detector.on_packet(at(1000 + 0xffff), event(3, 160)));
  EXPECT_FALSE(detector.on_packet(at(1000 + 0xffff), event(3, 0xffff)));
  EXPECT_FALSE(detector.on_packet(at(1000 + 2 * 0xffff), event(3, 500, true)));
  EXPECT_EQ(detector.on_packet(at(1000 + 2 * 0xffff + 800, true), event(3, 160)), '3');
}

TEST(PressDetector, WorksAcrossTheTimestampWrap) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(0xffffff00), event(1, 160, true)), '1');
  EXPECT_EQ(detector.on_packet(at(0x00000700), event(2, 160)), '2');
}

TEST(PressDetector, KeepsQuietAboutFlash) {
  PressDetector detector;
  EXPECT_FALSE(detector.on_packet(at(1000), event(16, 160)));
}

TEST(PressDetector, BeginsAnewAfterReset) {
  PressDetector detector;
  EXPECT_EQ(detector.on_packet(at(50'000), event(1, 160, true)), '1');
  detector.reset();
  EXPECT_EQ(detector.on_packet(at(10), event(1, 160)), '1');
}

}  // namespace
}  // namespace xivo::rtp
