// The rules of one session: whose packets count, what is refused, what is told, and the figures.
#include "media/session.hpp"

#include "inline_fixture.hpp"

namespace xivo::media {
namespace {

class SessionTest : public InlineTest {};

constexpr const char* kAlice = "198.51.100.7:4000";

TEST_F(SessionTest, CountsAStrangersPacketsAndAnswersNothing) {
  const auto session = open_to(kAlice);
  engine_.echo(session.id, true);
  Source source;
  for (int i = 0; i < 10; ++i) engine_.deliver(session.rtp, address("192.0.2.66:9"), source.next());
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 10u);
  EXPECT_EQ(engine_.statistics(session.id).packets_received, 0u);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(SessionTest, AnswersNoStunNorDtlsFromAnybody) {
  const auto session = open_to(kAlice);
  const std::string stun("\x00\x01\x00\x00\x21\x12\xa4\x42 0123456789a", 20);
  const std::string dtls("\x16\xfe\xfd 0123456789a", 15);
  for (const auto* from : {kAlice, "192.0.2.66:9"}) {
    engine_.deliver(session.rtp, address(from), stun);
    engine_.deliver(session.rtp, address(from), dtls);
    engine_.deliver(session.rtcp, address(from), stun);
  }
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 6u);
}

TEST_F(SessionTest, RefusesWhatIsMalformedOrNotNegotiated) {
  const auto session = open_to(kAlice);
  Source pcmu{0};
  engine_.deliver(session.rtp, address(kAlice), pcmu.next());
  engine_.deliver(session.rtp, address(kAlice), "");
  engine_.deliver(session.rtp, address(kAlice), std::string("\x80\x08\x00", 3));
  engine_.deliver(session.rtp, address(kAlice), std::string(12, '\xff'));
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 4u);
}

TEST_F(SessionTest, RefusesAllBeforeTheFarSideIsKnown) {
  const auto session = open();
  Source source;
  talk(session, kAlice, source, 3);
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 3u);
}

TEST_F(SessionTest, DropsABeyondTwiceTheNegotiatedRate) {
  const auto session = open_to(kAlice);
  Source source;
  for (int second = 0; second < 10; ++second) {
    for (int i = 0; i < 1000; ++i) {
      engine_.deliver(session.rtp, address(kAlice), source.next());
      pass(milliseconds(1));
    }
  }
  const auto figures = engine_.statistics(session.id);
  EXPECT_NEAR(static_cast<double>(figures.packets_received), 10 * 100 + 100, 5);
  EXPECT_EQ(figures.packets_received + figures.packets_refused, 10'000u);
}

TEST_F(SessionTest, TakesABurstAfterAStallInTheNetwork) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 10);
  pass(seconds(1));
  for (int i = 0; i < 50; ++i) engine_.deliver(session.rtp, address(kAlice), source.next());
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 0u);
}

TEST_F(SessionTest, TellsADigitOncePerPress) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 3);
  for (const std::uint8_t code : {1, 1, 11}) {
    const auto begin = source.timestamp;
    for (std::uint16_t i = 1; i <= 5; ++i) {
      engine_.deliver(session.rtp, address(kAlice),
                      source.event(code, begin, static_cast<std::uint16_t>(i * 160)));
    }
    for (int i = 0; i < 3; ++i)
      engine_.deliver(session.rtp, address(kAlice), source.event(code, begin, 960, true));
    source.timestamp += 3200;
    pass(milliseconds(400));
  }
  EXPECT_EQ(user_.digits, "11#");
}

TEST_F(SessionTest, HearsNoDigitOfAStranger) {
  const auto session = open_to(kAlice);
  Source source;
  for (int i = 0; i < 5; ++i) engine_.deliver(session.rtp, address("192.0.2.66:9"), source.event(5, 1, 160));
  EXPECT_EQ(user_.digits, "");
}

TEST_F(SessionTest, HearsDigitsWhileHeldAndWhilePlaying) {
  const auto session = open_to(kAlice);
  Source source;
  engine_.play(session.id, {"moh:default", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  engine_.deliver(session.rtp, address(kAlice), source.event(5, 1000, 160));
  engine_.set_direction(session.id, Direction::SendOnly);
  engine_.deliver(session.rtp, address(kAlice), source.event(6, 9000, 160));
  EXPECT_EQ(user_.digits, "56");
}

TEST_F(SessionTest, TellsItsFiguresExactlyOnceWhenClosed) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 5);
  engine_.close(session.id);
  EXPECT_TRUE(user_.closed.empty()) << "never from inside the command";
  EXPECT_EQ(engine_.open_count(), 0u);
  engine_.close(session.id);
  pass(milliseconds(100));
  ASSERT_EQ(user_.closed.size(), 1u);
  EXPECT_EQ(user_.closed[0].packets_received, 5u);
  EXPECT_EQ(user_.closed[0].bytes_received, 800u);
  EXPECT_FALSE(engine_.deliver(session.rtp, address(kAlice), source.next()));
}

TEST_F(SessionTest, CountsLossAcrossReorderingAndWrap) {
  const auto session = open_to(kAlice);
  Source source;
  source.sequence = 0xfff0;
  std::vector<std::string> packets;
  for (int i = 0; i < 40; ++i) packets.push_back(source.next());
  std::swap(packets[5], packets[6]);
  std::swap(packets[14], packets[17]);
  packets.erase(packets.begin() + 30);
  packets.erase(packets.begin() + 20);
  for (const auto& packet : packets) {
    engine_.deliver(session.rtp, address(kAlice), packet);
    pass(milliseconds(20));
  }
  const auto figures = engine_.statistics(session.id);
  EXPECT_EQ(figures.packets_received, 38u);
  EXPECT_EQ(figures.packets_lost, 2u);
}

TEST_F(SessionTest, EstimatesJitterInMicroseconds) {
  const auto session = open_to(kAlice);
  Source source;
  for (int i = 0; i < 400; ++i) {
    engine_.deliver(session.rtp, address(kAlice), source.next());
    pass(milliseconds(i % 2 == 0 ? 15 : 25));
  }
  const auto figures = engine_.statistics(session.id);
  EXPECT_NEAR(figures.jitter_us, 5000, 200);
  EXPECT_GE(figures.jitter_us_max, figures.jitter_us);
}

TEST_F(SessionTest, LeavesHoldOutOfItsFigures) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 10);
  engine_.set_direction(session.id, Direction::SendOnly);
  talk(session, kAlice, source, 10);
  source.sequence = static_cast<std::uint16_t>(source.sequence + 500);
  pass(seconds(20));
  engine_.set_direction(session.id, Direction::SendRecv);
  talk(session, kAlice, source, 10);
  const auto figures = engine_.statistics(session.id);
  EXPECT_EQ(figures.packets_received, 20u);
  EXPECT_EQ(figures.packets_lost, 0u);
  EXPECT_EQ(figures.jitter_us_max, 0u);
}

TEST_F(SessionTest, LosesNothingWhenTheFarSideChangesItsSsrc) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 5);
  Source other{8, 40'000, 7, 0x2222};
  talk(session, kAlice, other, 5);
  EXPECT_EQ(engine_.statistics(session.id).packets_lost, 0u);
}

TEST_F(SessionTest, RelearnsAfterThreeSecondsOfSilence) {
  const auto session = open_to(kAlice);
  engine_.echo(session.id, true);
  Source source;
  talk(session, kAlice, source, 5);
  const char* moved = "198.51.100.7:5555";
  talk(session, moved, source, 5);
  EXPECT_TRUE(sent_to(moved).empty()) << "the lock holds";
  pass(seconds(5));
  talk(session, moved, source, 5);
  EXPECT_EQ(sent_to(moved).size(), 3u) << "the third in a row is taken";
}

TEST_F(SessionTest, RelearnsNothingDuringHold) {
  const auto session = open_to(kAlice);
  Source source;
  talk(session, kAlice, source, 5);
  engine_.set_direction(session.id, Direction::SendOnly);
  pass(seconds(60));
  const char* moved = "198.51.100.7:5555";
  talk(session, moved, source, 5);
  engine_.set_direction(session.id, Direction::SendRecv);
  pass(milliseconds(20));
  EXPECT_EQ(engine_.statistics(session.id).packets_refused, 0u) << "the kernel's lock is still there";
  engine_.echo(session.id, true);
  talk(session, moved, source, 5);
  EXPECT_TRUE(sent_to(moved).empty());
}

TEST_F(SessionTest, LatchesAnewAtAChangedAddress) {
  const auto session = open_to(kAlice);
  engine_.echo(session.id, true);
  Source source;
  talk(session, kAlice, source, 5);
  const char* moved = "198.51.100.8:6000";
  engine_.set_remote(session.id, remote(moved));
  sent_.clear();
  talk(session, kAlice, source, 5);
  EXPECT_TRUE(sent_.empty());
  talk(session, moved, source, 5);
  EXPECT_EQ(sent_to(moved).size(), 5u);
}

TEST_F(SessionTest, KeepsItsLockWhenTheSameAddressComesAgain) {
  const auto session = open_to(kAlice);
  Source source;
  const char* nat = "198.51.100.7:5555";
  talk(session, nat, source, 5);
  engine_.set_remote(session.id, remote(kAlice));
  engine_.echo(session.id, true);
  talk(session, nat, source, 2);
  EXPECT_EQ(sent_to(nat).size(), 2u);
}

TEST_F(SessionTest, SleepsWhenNothingFlows) {
  const auto session = open_to(kAlice);
  EXPECT_EQ(timers_.size(), 0u);
  Source source;
  talk(session, kAlice, source, 5);
  EXPECT_EQ(timers_.size(), 1u);
  pass(seconds(6));
  EXPECT_EQ(timers_.size(), 0u);
}

TEST_F(SessionTest, EchoesPayloadAndNumbersUnderAnSsrcOfItsOwn) {
  const auto session = open_to(kAlice);
  engine_.echo(session.id, true);
  Source source;
  const auto packet = source.next("hello", true);
  engine_.deliver(session.rtp, address(kAlice), packet);
  const auto echoed = sent_to(kAlice);
  ASSERT_EQ(echoed.size(), 1u);
  EXPECT_EQ(echoed[0].from, session.rtp);
  const auto rtp = echoed[0].rtp();
  EXPECT_EQ(rtp.header.sequence, 1000);
  EXPECT_EQ(rtp.header.timestamp, 5000u);
  EXPECT_TRUE(rtp.header.marker);
  EXPECT_NE(rtp.header.ssrc, source.ssrc);
  EXPECT_EQ(echoed[0].bytes.substr(rtp::kHeaderSize), "hello");
  engine_.echo(session.id, false);
  engine_.deliver(session.rtp, address(kAlice), source.next());
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(SessionTest, GivesEvenPortsUntilNoneIsLeft) {
  InlineEngine::Options options = default_options();
  options.first_port = 20'000;
  options.last_port = 20'005;
  InlineEngine engine(runtime::Scheduler{clock_, timers_, rng_}, [](auto&&...) {}, options);
  const auto ip = *IpAddress::parse("192.0.2.1");
  std::vector<SessionId> ids;
  for (const std::uint16_t port : {20'000, 20'002, 20'004}) {
    const auto opened = engine.open(ip, user_, {});
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->rtp.port, port);
    EXPECT_EQ(opened->rtcp.port, port + 1);
    ids.push_back(opened->id);
  }
  const auto refused = engine.open(ip, user_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "no free media port");
  engine.close(ids[1]);
  pass(milliseconds(5));
  EXPECT_EQ(engine.open(ip, user_, {})->rtp.port, 20'002);
}

}  // namespace
}  // namespace xivo::media
