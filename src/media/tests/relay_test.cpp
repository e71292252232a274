// Two sessions that are connected.
#include "inline_fixture.hpp"
#include "rtp/rtcp.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";
constexpr const char* kBob = "203.0.113.9:7000";
constexpr const char* kAliceRtcp = "198.51.100.7:4001";
constexpr const char* kBobRtcp = "203.0.113.9:7001";

class RelayTest : public InlineTest {
 protected:
  RelayTest() : a_(open_to(kAlice)), b_(open_to(kBob)) { engine_.connect(a_.id, b_.id); }

  static std::string compound(const rtp::Report& report, std::string_view name = "alice@10.0.0.7") {
    std::array<std::uint8_t, 512> buffer;
    rtp::RtcpWriter writer(buffer);
    writer.report(report);
    writer.canonical_name(report.ssrc, name);
    return {writer.written().begin(), writer.written().end()};
  }
  static rtp::Report report_of(const SentPacket& packet) {
    return *rtp::parse_report(rtp::parse_compound(as_bytes(packet.bytes))->parts[0]);
  }

  Source alice_{8, 100, 1000, 0xa11ce};
  Source bob_{8, 5000, 9000, 0xb0b};
  Engine::Opened a_;
  Engine::Opened b_;
};

TEST_F(RelayTest, RelaysNothingOfAStranger) {
  for (int i = 0; i < 10; ++i) engine_.deliver(a_.rtp, address("192.0.2.66:9"), alice_.next());
  EXPECT_TRUE(sent_.empty());
}

TEST_F(RelayTest, PassesPacketsByteForByteBothWays) {
  const auto one = alice_.next("to bob", true);
  const auto two = bob_.next("to alice");
  engine_.deliver(a_.rtp, address(kAlice), one);
  engine_.deliver(b_.rtp, address(kBob), two);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_[0].from, b_.rtp);
  EXPECT_EQ(sent_[0].to, address(kBob));
  EXPECT_EQ(sent_[0].bytes, one);
  EXPECT_EQ(sent_[1].from, a_.rtp);
  EXPECT_EQ(sent_[1].to, address(kAlice));
  EXPECT_EQ(sent_[1].bytes, two);
  EXPECT_EQ(engine_.statistics(b_.id).packets_sent, 1u);
  EXPECT_EQ(engine_.statistics(b_.id).bytes_sent, 6u);
}

class VideoRelayTest : public RelayTest {
 protected:
  VideoRelayTest() {
    auto of_alice = remote(kAlice);
    auto of_bob = remote(kBob);
    for (auto* each : {&of_alice, &of_bob}) {
      each->video = true;
      each->ptime_ms = 2;
    }
    engine_.set_remote(a_.id, of_alice);
    engine_.set_remote(b_.id, of_bob);
    engine_.deliver(a_.rtp, address(kAlice), alice_.next());
    engine_.deliver(b_.rtp, address(kBob), bob_.next());
    sent_.clear();
  }
  /// A receiver report with what asks for a whole picture (RFC 4585 §6.3.1).
  static std::string picture_loss(bool report) {
    rtp::Report empty;
    empty.ssrc = 0xb0b;
    const std::string loss("\x81\xce\x00\x02\x00\x00\x0b\x0b\x00\x0a\x11\xce", 12);
    return (report ? compound(empty) : std::string{}) + loss;
  }
};

TEST_F(VideoRelayTest, PassesFeedbackOnWithAndWithoutAReport) {
  for (const bool report : {true, false}) {
    sent_.clear();
    engine_.deliver(b_.rtcp, address(kBobRtcp), picture_loss(report));
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].to, address(kAliceRtcp));
    const auto passed = rtp::parse_compound(as_bytes(sent_[0].bytes));
    ASSERT_TRUE(passed);
    const auto& last = passed->parts[passed->size - 1];
    EXPECT_TRUE(last.is(rtp::RtcpType::PayloadFeedback));
    EXPECT_EQ(last.count, 1);
    EXPECT_EQ(last.body.size(), 8u);
  }
}

TEST_F(VideoRelayTest, PassesAWholePictureAtOnce) {
  for (int i = 0; i < 500; ++i) engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  EXPECT_EQ(sent_.size(), 500u);
}

TEST_F(RelayTest, PassesOnlyWhatBothSidesHaveNegotiated) {
  auto with_pcmu = remote(kAlice);
  with_pcmu.payload_types = {0, 8};
  engine_.set_remote(a_.id, with_pcmu);
  Source pcmu{0};
  engine_.deliver(a_.rtp, address(kAlice), pcmu.next());
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(a_.id).packets_received, 1u);
}

TEST_F(RelayTest, PassesKeyPressesAndTellsThem) {
  engine_.deliver(a_.rtp, address(kAlice), alice_.event(7, 3000, 160));
  EXPECT_EQ(user_.digits, "7");
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].rtp().header.payload_type, 101);
}

TEST_F(RelayTest, RenumbersKeyPressesWhereTheOtherSideUsesAnotherPayloadType) {
  auto other_events = remote(kBob);
  other_events.payload_types = {8, 96};
  other_events.telephone_event = 96;
  engine_.set_remote(b_.id, other_events);
  engine_.deliver(a_.rtp, address(kAlice), alice_.event(7, 3000, 160));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].rtp().header.payload_type, 96);
}

TEST_F(RelayTest, SendsToTheLearnedAddressOnceItIsProven) {
  const char* bob_nat = "203.0.113.9:61234";
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  talk(b_, bob_nat, bob_, 3);
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  EXPECT_EQ(sent_to(kBob).size(), 1u);
  EXPECT_EQ(sent_to(bob_nat).size(), 1u);
}

TEST_F(RelayTest, StopsWhenDisconnectedFromEitherSide) {
  engine_.disconnect(b_.id);
  talk(a_, kAlice, alice_, 1);
  talk(b_, kBob, bob_, 1);
  EXPECT_TRUE(sent_.empty());
  EXPECT_FALSE(engine_.connected_to(a_.id));
}

TEST_F(RelayTest, StopsWhenTheOtherSideIsClosed) {
  engine_.close(b_.id);
  talk(a_, kAlice, alice_, 3);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(RelayTest, LeavesTheFormerPartnerSilentWhenOneIsConnectedElsewhere) {
  const auto c = open_to("203.0.113.77:9000");
  engine_.connect(a_.id, c.id);
  talk(b_, kBob, bob_, 2);
  EXPECT_TRUE(sent_.empty());
  talk(a_, kAlice, alice_, 2);
  EXPECT_EQ(sent_to("203.0.113.77:9000").size(), 2u);
}

struct DirectionCase {
  Direction direction;  // of Bob's leg
  bool to_bob;
  bool to_alice;
};

TEST_F(RelayTest, FollowsTheDirectionOfALeg) {
  for (const auto& wanted :
       {DirectionCase{Direction::SendRecv, true, true}, DirectionCase{Direction::SendOnly, true, false},
        DirectionCase{Direction::RecvOnly, false, true}, DirectionCase{Direction::Inactive, false, false}}) {
    engine_.set_direction(b_.id, wanted.direction);
    sent_.clear();
    talk(a_, kAlice, alice_, 2);
    talk(b_, kBob, bob_, 2);
    EXPECT_EQ(!sent_to(kBob).empty(), wanted.to_bob) << static_cast<int>(wanted.direction);
    EXPECT_EQ(!sent_to(kAlice).empty(), wanted.to_alice) << static_cast<int>(wanted.direction);
  }
}

TEST_F(RelayTest, SendsNothingToALegWhoseStreamIsRefused) {
  Remote refused = remote(kBob);
  refused.rtp.port = 0;
  engine_.set_remote(b_.id, refused);
  talk(a_, kAlice, alice_, 3);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(RelayTest, GivesWayToMusicAndComesBackWithAMarker) {
  engine_.play(b_.id, {"moh:default", "en_US", false, {"PCMA", 8000, 1, 8, ""}});
  talk(a_, kAlice, alice_, 10);
  const auto music = sent_to(kBob);
  ASSERT_FALSE(music.empty());
  for (const auto& packet : music) EXPECT_NE(packet.rtp().header.ssrc, 0xa11ceu);
  engine_.stop_playing(b_.id);
  sent_.clear();
  talk(a_, kAlice, alice_, 2);
  const auto relayed = sent_to(kBob);
  ASSERT_EQ(relayed.size(), 2u);
  EXPECT_EQ(relayed[0].rtp().header.ssrc, 0xa11ceu);
  EXPECT_TRUE(relayed[0].rtp().header.marker);
  EXPECT_FALSE(relayed[1].rtp().header.marker);
}

TEST_F(RelayTest, EndsWhatBothWerePlayingWhenTheyAreConnected) {
  engine_.play(a_.id, {"moh:default", "en_US", false, {"PCMA", 8000, 1, 8, ""}});
  engine_.connect(a_.id, b_.id);
  pass(milliseconds(200));
  EXPECT_TRUE(sent_.empty());
  EXPECT_TRUE(user_.plays_ended.empty());
}

TEST_F(RelayTest, RefusesStrangersAndRubbishOnTheRtcpPort) {
  engine_.deliver(a_.rtcp, address("192.0.2.66:9"), compound({}));
  engine_.deliver(a_.rtcp, address(kAliceRtcp), std::string("\x81\xc9\x00\x07\x00\x00\x00\x01", 8));
  engine_.deliver(a_.rtcp, address(kAliceRtcp), alice_.next());
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(a_.id).packets_refused, 3u);
}

TEST_F(RelayTest, PassesReportsButNoNames) {
  rtp::Report report;
  report.ssrc = 0xa11ce;
  report.sender = rtp::SenderFigures{0x1111222233334444, 5, 6, 7};
  report.block_count = 1;
  report.blocks[0].ssrc = 0xb0b;
  report.blocks[0].fraction_lost = 64;
  engine_.deliver(a_.rtcp, address(kAliceRtcp), compound(report));
  const auto passed = sent_to(kBobRtcp);
  ASSERT_EQ(passed.size(), 1u);
  EXPECT_EQ(passed[0].from, b_.rtcp);
  const auto read = report_of(passed[0]);
  EXPECT_EQ(read.ssrc, 0xa11ceu);
  EXPECT_EQ(read.sender->packets, 6u);
  EXPECT_EQ(read.blocks[0].ssrc, 0xb0bu);
  EXPECT_EQ(passed[0].bytes.find("alice"), std::string::npos);
  EXPECT_EQ(engine_.statistics(a_.id).remote_loss_permille, 250u);
}

TEST_F(RelayTest, MeasuresTheRoundTripFromRelayedReports) {
  rtp::Report sender;
  sender.ssrc = 0xa11ce;
  sender.sender = rtp::SenderFigures{0x1111222233334444, 5, 6, 7};
  engine_.deliver(a_.rtcp, address(kAliceRtcp), compound(sender));
  pass(milliseconds(1080));
  rtp::Report receiver;
  receiver.ssrc = 0xb0b;
  receiver.block_count = 1;
  receiver.blocks[0].ssrc = 0xa11ce;
  receiver.blocks[0].last_sender_report = 0x22223333;
  receiver.blocks[0].delay_since_report = 65'536;  // one second
  engine_.deliver(b_.rtcp, address(kBobRtcp), compound(receiver));
  EXPECT_NEAR(engine_.statistics(b_.id).round_trip_us, 80'000, 100);
  EXPECT_EQ(engine_.statistics(a_.id).round_trip_us, 0u);
}

TEST_F(RelayTest, LimitsTheRateOfRtcp) {
  for (int i = 0; i < 100; ++i) engine_.deliver(a_.rtcp, address(kAliceRtcp), compound({}));
  EXPECT_LE(sent_.size(), 12u);
}

TEST_F(RelayTest, ReportsItselfWhereTheOtherSideNeverDoes) {
  for (int i = 0; i < 600; ++i) {
    engine_.deliver(a_.rtp, address(kAlice), alice_.next());
    engine_.deliver(b_.rtp, address(kBob), bob_.next());
    pass(milliseconds(20));
  }
  const auto reports = sent_to(kAliceRtcp);
  ASSERT_GE(reports.size(), 2u);
  ASSERT_LE(reports.size(), 3u);
  const auto report = report_of(reports[0]);
  EXPECT_FALSE(report.sender);
  ASSERT_EQ(report.block_count, 1u);
  EXPECT_EQ(report.blocks[0].ssrc, 0xa11ceu);
  EXPECT_EQ(sent_to(kBobRtcp).size(), reports.size());
}

TEST_F(RelayTest, ReportsOnTheRtpPortWhereBothShareIt) {
  auto muxed = remote(kAlice);
  muxed.rtcp = muxed.rtp;
  engine_.set_remote(a_.id, muxed);
  rtp::Report report;
  report.ssrc = 0xb0b;
  engine_.deliver(b_.rtcp, address(kBobRtcp), compound(report));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].from, a_.rtp);
  EXPECT_EQ(sent_[0].to, address(kAlice));
  engine_.deliver(a_.rtp, address(kAlice), compound(report));
  EXPECT_EQ(sent_to(kBobRtcp).size(), 1u);
}

TEST_F(RelayTest, SendsNoRtcpToAnAddressThatANatHides) {
  auto hidden = remote("10.0.0.7:4000");
  hidden.signalling = address(kAlice).ip;
  hidden.nat_suspect = true;
  engine_.set_remote(a_.id, hidden);
  talk(a_, kAlice, alice_, 500);
  EXPECT_TRUE(sent_to("10.0.0.7:4001").empty());
  engine_.deliver(a_.rtcp, address("198.51.100.7:61000"), compound({}));
  talk(a_, kAlice, alice_, 500);
  EXPECT_FALSE(sent_to("198.51.100.7:61000").empty());
}

}  // namespace
}  // namespace xivo::media
