// Prompts and music into sessions, and the wheel that paces them.
#include <set>

#include "inline_fixture.hpp"
#include "media/play_wheel.hpp"
#include "rtp/rtcp.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";
const Codec kPcma{"PCMA", 8000, 1, 8, ""};

class PlaybackTest : public InlineTest {};

TEST_F(PlaybackTest, FailsForACodecThatCannotBePlayed) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"beep", "fr_FR", false, {"G729", 8000, 1, 18, ""}});
  EXPECT_TRUE(user_.plays_ended.empty()) << "never from inside the command";
  pass(milliseconds(5));
  EXPECT_EQ(user_.plays_ended, std::vector<bool>{false});
}

TEST_F(PlaybackTest, PlaysInWidebandCodecsWithTheirOwnClocks) {
  const auto session = open_to(kAlice);
  for (const auto& codec : {Codec{"G722", 8000, 1, 9, ""}, Codec{"opus", 48000, 2, 111, ""}}) {
    sent_.clear();
    engine_.play(session.id, {"beep", "fr_FR", false, codec});
    pass(milliseconds(100));
    ASSERT_EQ(sent_.size(), 2u) << codec.name;
    EXPECT_EQ(sent_[0].rtp().header.payload_type, codec.payload_type);
    EXPECT_TRUE(sent_[0].rtp().header.marker);
    EXPECT_EQ(sent_[1].rtp().header.timestamp - sent_[0].rtp().header.timestamp, codec.clock_rate / 50);
  }
  EXPECT_EQ(user_.plays_ended, (std::vector<bool>{true, true}));
}

TEST_F(PlaybackTest, FailsForANameThatLeavesItsFolder) {
  const auto session = open_to(kAlice);
  for (const auto* name : {"../secret", "/etc/passwd", "a/b/c", "moh:../x", ""}) {
    engine_.play(session.id, {name, "fr_FR", false, kPcma});
    pass(milliseconds(5));
  }
  EXPECT_EQ(user_.plays_ended, std::vector<bool>(5, false));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(PlaybackTest, SendsFramesTwentyMillisecondsApartAndTellsItsEndOnce) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  EXPECT_EQ(engine_.playing(session.id), "beep");
  pass(milliseconds(200));
  ASSERT_EQ(sent_.size(), 2u);
  const auto first = sent_[0].rtp();
  const auto second = sent_[1].rtp();
  EXPECT_EQ(sent_[1].at - sent_[0].at, milliseconds(20));
  EXPECT_TRUE(first.header.marker);
  EXPECT_FALSE(second.header.marker);
  EXPECT_EQ(first.header.payload_type, 8);
  EXPECT_EQ(first.payload.size(), 160u);
  EXPECT_EQ(second.header.sequence, static_cast<std::uint16_t>(first.header.sequence + 1));
  EXPECT_EQ(second.header.timestamp, first.header.timestamp + 160);
  EXPECT_EQ(second.header.ssrc, first.header.ssrc);
  EXPECT_EQ(user_.plays_ended, std::vector<bool>{true});
  EXPECT_EQ(engine_.playing(session.id), "");
  EXPECT_EQ(engine_.statistics(session.id).packets_sent, 2u);
}

TEST_F(PlaybackTest, WaitsUntilTheFarSideIsKnown) {
  const auto session = open();
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  pass(milliseconds(200));
  EXPECT_TRUE(sent_.empty());
  engine_.set_remote(session.id, remote(kAlice));
  pass(milliseconds(200));
  EXPECT_EQ(sent_.size(), 2u);
  EXPECT_EQ(user_.plays_ended.size(), 1u);
}

TEST_F(PlaybackTest, IsSilentAndUntoldAfterStopPlaying) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"beep", "fr_FR", true, kPcma});
  pass(milliseconds(100));
  engine_.stop_playing(session.id);
  sent_.clear();
  pass(milliseconds(200));
  EXPECT_TRUE(sent_.empty());
  EXPECT_TRUE(user_.plays_ended.empty());
}

TEST_F(PlaybackTest, IsUntoldWhenAnotherPromptReplacesIt) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  engine_.play(session.id, {"hello", "fr_FR", false, kPcma});
  EXPECT_EQ(engine_.playing(session.id), "hello");
  pass(milliseconds(200));
  EXPECT_EQ(user_.plays_ended.size(), 1u);
}

TEST_F(PlaybackTest, IsUntoldAfterClose) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"no/such/name", "fr_FR", false, kPcma});
  engine_.close(session.id);
  pass(milliseconds(200));
  EXPECT_TRUE(user_.plays_ended.empty());
  EXPECT_EQ(user_.closed.size(), 1u);
}

TEST_F(PlaybackTest, GoesOnForeverInALoopAndWithMusic) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"moh:default", "fr_FR", false, kPcma});
  pass(seconds(2));
  EXPECT_NEAR(static_cast<double>(sent_.size()), 100, 2);
}

TEST_F(PlaybackTest, RunsOnUnheardWhereNothingMayBeSent) {
  const auto session = open_to(kAlice);
  engine_.set_direction(session.id, Direction::Inactive);
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  pass(milliseconds(200));
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(user_.plays_ended, std::vector<bool>{true});
}

TEST_F(PlaybackTest, KeepsOneSsrcAndTrueTimestampsOverSeveralPrompts) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  pass(milliseconds(1000));
  engine_.play(session.id, {"beep", "fr_FR", false, kPcma});
  pass(milliseconds(1000));
  ASSERT_EQ(sent_.size(), 4u);
  const auto end = sent_[1].rtp();
  const auto begin = sent_[2].rtp();
  EXPECT_EQ(begin.header.ssrc, end.header.ssrc);
  EXPECT_EQ(begin.header.sequence, static_cast<std::uint16_t>(end.header.sequence + 1));
  EXPECT_TRUE(begin.header.marker);
  EXPECT_NEAR((begin.header.timestamp - end.header.timestamp) / 8.0,
              static_cast<double>((sent_[2].at - sent_[1].at).count()), 40);
}

TEST_F(PlaybackTest, SendsSenderReports) {
  const auto session = open_to(kAlice);
  engine_.play(session.id, {"moh:default", "fr_FR", false, kPcma});
  pass(seconds(12));
  const auto reports = sent_to("198.51.100.7:4001");
  ASSERT_GE(reports.size(), 2u);
  const auto report = rtp::parse_report(rtp::parse_compound(as_bytes(reports[1].bytes))->parts[0]);
  ASSERT_TRUE(report && report->sender);
  EXPECT_EQ(report->ssrc, sent_to(kAlice)[0].rtp().header.ssrc);
  EXPECT_NEAR(report->sender->packets, reports[1].at.count() / 20, 2);
  EXPECT_EQ(report->sender->octets, report->sender->packets * 160);

  rtp::Report answer;
  answer.block_count = 1;
  answer.blocks[0].last_sender_report = rtp::ntp_middle(report->sender->ntp);
  const auto waited = passed_ - reports[1].at - milliseconds(30);
  answer.blocks[0].delay_since_report = rtp::ntp_short_from_us(waited.count() * 1000);
  std::array<std::uint8_t, 64> buffer;
  rtp::RtcpWriter writer(buffer);
  writer.report(answer);
  const std::string bytes(writer.written().begin(), writer.written().end());
  engine_.deliver(session.rtcp, address("198.51.100.7:4001"), bytes);
  EXPECT_NEAR(engine_.statistics(session.id).round_trip_us, 30'000, 100);
}

runtime::Instant at_ms(std::int64_t ms) { return runtime::Instant(milliseconds(ms)); }

TEST(PlayWheel, SpreadsTwoThousandStreamsEvenly) {
  PlayWheel wheel;
  for (int i = 0; i < 2000; ++i) wheel.start(wheel.create({}), at_ms(1000));
  for (std::uint32_t slot = 0; slot < PlayWheel::kSlots; ++slot) EXPECT_EQ(wheel.slot_size(slot), 100u);
  std::size_t sent = 0;
  for (int ms = 1001; ms <= 1020; ++ms) {
    std::size_t now = 0;
    wheel.run(at_ms(ms), [&](std::uint32_t, std::uint64_t) { ++now; });
    EXPECT_EQ(now, 100u);
    sent += now;
  }
  EXPECT_EQ(sent, 2000u);
}

TEST(PlayWheel, WakesEveryFifthMillisecondForFewStreamsAndOnlyWhereThereAreSome) {
  PlayWheel wheel;
  wheel.start(wheel.create({}), at_ms(1001));
  std::set<std::int64_t> wakes;
  for (int i = 0; i < 10; ++i) {
    const auto deadline = *wheel.next_deadline();
    wakes.insert(deadline.time_since_epoch() / milliseconds(1) % 20);
    wheel.run(deadline, [](auto&&...) {});
  }
  EXPECT_EQ(wakes.size(), 1u);
  for (int i = 1; i < 40; ++i) wheel.start(wheel.create({}), at_ms(1001));
  for (int i = 0; i < 40; ++i) {
    const auto deadline = *wheel.next_deadline();
    EXPECT_EQ(deadline.time_since_epoch() / milliseconds(1) % 5, 0);
    wheel.run(deadline, [](auto&&...) {});
  }
}

TEST(PlayWheel, SendsOnePacketAfterAStallAndTellsHowManyWereLeftOut) {
  PlayWheel wheel;
  for (int i = 0; i < 200; ++i) wheel.start(wheel.create({}), at_ms(1000));
  for (int ms = 1001; ms <= 1040; ++ms) wheel.run(at_ms(ms), [](auto&&...) {});
  std::vector<std::uint64_t> skips(200, 99);
  std::size_t sent = 0;
  wheel.run(at_ms(1040 + 100), [&](std::uint32_t index, std::uint64_t skipped) {
    skips[index] = skipped;
    ++sent;
  });
  EXPECT_EQ(sent, 200u);
  EXPECT_EQ(skips, std::vector<std::uint64_t>(200, 4));
  for (int ms = 1141; ms <= 1160; ++ms) {
    wheel.run(at_ms(ms), [&](std::uint32_t, std::uint64_t skipped) { EXPECT_EQ(skipped, 0u); });
  }
}

TEST(PlayWheel, HasNoDeadlineWhenEmpty) {
  PlayWheel wheel;
  EXPECT_FALSE(wheel.next_deadline());
  const auto stream = wheel.create({});
  EXPECT_FALSE(wheel.next_deadline());
  wheel.start(stream, at_ms(1000));
  EXPECT_TRUE(wheel.next_deadline());
  wheel.destroy(stream);
  EXPECT_FALSE(wheel.next_deadline());
}

TEST(PlayWheel, KeepsTheOthersInPlaceWhenOneLeaves) {
  PlayWheel wheel;
  std::vector<std::uint32_t> streams;
  for (int i = 0; i < 400; ++i) {
    streams.push_back(wheel.create({}));
    wheel.start(streams.back(), at_ms(1000));
  }
  for (std::size_t i = 0; i < streams.size(); i += 2) wheel.destroy(streams[i]);
  std::set<std::uint32_t> sent;
  for (int ms = 1001; ms <= 1020; ++ms) {
    wheel.run(at_ms(ms), [&](std::uint32_t index, std::uint64_t) { EXPECT_TRUE(sent.insert(index).second); });
  }
  EXPECT_EQ(sent.size(), 200u);
  for (std::size_t i = 1; i < streams.size(); i += 2) EXPECT_TRUE(sent.contains(streams[i]));
}

}  // namespace
}  // namespace xivo::media
