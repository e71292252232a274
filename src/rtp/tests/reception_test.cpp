#include "rtp/reception.hpp"

#include <gtest/gtest.h>

namespace xivo::rtp {
namespace {

using Outcome = Reception::Outcome;

TEST(Reception, LosesNothingInAnUnbrokenRow) {
  Reception reception;
  EXPECT_EQ(reception.on_sequence(10), Outcome::First);
  for (std::uint16_t sequence = 11; sequence < 500; ++sequence) {
    EXPECT_EQ(reception.on_sequence(sequence), Outcome::InOrder);
  }
  EXPECT_EQ(reception.lost(), 0u);
}

TEST(Reception, CountsAGapAsLost) {
  Reception reception;
  reception.on_sequence(10);
  reception.on_sequence(15);
  EXPECT_EQ(reception.lost(), 4u);
}

TEST(Reception, ForgivesAGapThatLatePacketsFill) {
  Reception reception;
  reception.on_sequence(10);
  reception.on_sequence(12);
  EXPECT_EQ(reception.lost(), 1u);
  EXPECT_EQ(reception.on_sequence(11), Outcome::Late);
  EXPECT_EQ(reception.lost(), 0u);
}

TEST(Reception, NeverLosesLessThanNothing) {
  Reception reception;
  reception.on_sequence(10);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(reception.on_sequence(10), Outcome::Late);
  EXPECT_EQ(reception.lost(), 0u);
  EXPECT_EQ(reception.report(1).cumulative_lost, -5);
}

TEST(Reception, CountsWrapsInTheHighestSequence) {
  Reception reception;
  reception.on_sequence(0xfffe);
  reception.on_sequence(0xffff);
  reception.on_sequence(0);
  reception.on_sequence(2);
  EXPECT_EQ(reception.highest_sequence(), 0x10002u);
  EXPECT_EQ(reception.lost(), 1u);
}

TEST(Reception, TakesALatePacketFromBeforeTheWrap) {
  Reception reception;
  reception.on_sequence(0xfffe);
  reception.on_sequence(0);
  EXPECT_EQ(reception.on_sequence(0xffff), Outcome::Late);
  EXPECT_EQ(reception.highest_sequence(), 0x10000u);
  EXPECT_EQ(reception.lost(), 0u);
}

TEST(Reception, IgnoresALoneJump) {
  Reception reception;
  reception.on_sequence(100);
  EXPECT_EQ(reception.on_sequence(30'000), Outcome::Jump);
  EXPECT_EQ(reception.on_sequence(101), Outcome::InOrder);
  EXPECT_EQ(reception.lost(), 0u);
}

TEST(Reception, StartsAnewAtAJumpThatTwoPacketsConfirmAndKeepsItsLosses) {
  Reception reception;
  reception.on_sequence(100);
  reception.on_sequence(103);
  EXPECT_EQ(reception.on_sequence(30'000), Outcome::Jump);
  EXPECT_EQ(reception.on_sequence(30'001), Outcome::Restart);
  reception.on_sequence(30'003);
  EXPECT_EQ(reception.lost(), 3u);
}

TEST(Reception, LosesNothingAcrossAPause) {
  Reception reception;
  reception.on_sequence(100);
  reception.on_sequence(102);
  reception.pause();
  EXPECT_EQ(reception.on_sequence(900), Outcome::First);
  EXPECT_EQ(reception.lost(), 1u);
}

TEST(Reception, ReportsTheFractionOfEachInterval) {
  Reception reception;
  for (std::uint16_t sequence = 0; sequence < 100; ++sequence) {
    if (sequence % 4 != 3) reception.on_sequence(sequence);
  }
  reception.on_sequence(100);
  const auto first = reception.report(7);
  EXPECT_EQ(first.ssrc, 7u);
  EXPECT_EQ(first.fraction_lost, 25 * 256 / 101);
  EXPECT_EQ(first.cumulative_lost, 25);
  for (std::uint16_t sequence = 101; sequence < 200; ++sequence) reception.on_sequence(sequence);
  const auto second = reception.report(7);
  EXPECT_EQ(second.fraction_lost, 0);
  EXPECT_EQ(second.cumulative_lost, 25);
  EXPECT_EQ(second.highest_sequence, 199u);
}

TEST(Reception, HasNoJitterInARegularStream) {
  Reception reception;
  for (std::uint32_t i = 0; i < 100; ++i) reception.on_timing(5000 + i * 160, 0xffffff00 + i * 160);
  EXPECT_EQ(reception.jitter(), 0u);
}

TEST(Reception, EstimatesJitterAsTheReferenceDoes) {
  // Arrivals alternate between 0 and 80 units late, so |D| is 80 each time: J converges on 80.
  Reception reception;
  for (std::uint32_t i = 0; i < 400; ++i) reception.on_timing(i * 160, 1'000'000 + i * 160 + (i % 2) * 80);
  EXPECT_NEAR(reception.jitter(), 80, 1);
}

TEST(Reception, TakesNoJitterFromPacketsOfOneInstant) {
  Reception reception;
  reception.on_timing(160, 1000);
  for (std::uint32_t i = 1; i < 50; ++i) reception.on_timing(160, 1000 + i * 160);
  EXPECT_EQ(reception.jitter(), 0u);
}

TEST(Reception, TakesNoJitterFromARestartedClock) {
  Reception reception;
  reception.on_timing(160, 1000);
  reception.on_timing(0x80000000, 1160);
  EXPECT_EQ(reception.jitter(), 0u);
}

}  // namespace
}  // namespace xivo::rtp
