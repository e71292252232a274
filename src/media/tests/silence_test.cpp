// A far side that sends nothing any more.
#include "inline_fixture.hpp"
#include "rtp/rtcp.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";

struct SilenceUser : RecordingUser {
  void on_silent(SessionId, std::chrono::seconds silence) override { silences.push_back(silence); }
  std::vector<std::chrono::seconds> silences;
};

class SilenceTest : public InlineTest {
 protected:
  SilenceTest() : InlineTest(limited()) {}
  static InlineEngine::Options limited() {
    auto options = default_options();
    options.silence = {seconds(30), seconds(90)};
    return options;
  }
  Engine::Opened open_listening(InlineEngine& engine) {
    const auto opened = *engine.open(*IpAddress::parse("192.0.2.1"), listener_, {});
    engine.set_remote(opened.id, remote(kAlice));
    return opened;
  }
  SilenceUser listener_;
};

TEST_F(SilenceTest, IsToldWhenNothingEverCame) {
  open_listening(engine_);
  pass(seconds(29));
  EXPECT_TRUE(listener_.silences.empty());
  pass(seconds(3));
  ASSERT_EQ(listener_.silences.size(), 1u);
  EXPECT_GE(listener_.silences[0], seconds(30));
}

TEST_F(SilenceTest, IsToldAgainAfterTheSameTime) {
  open_listening(engine_);
  pass(seconds(65));
  EXPECT_EQ(listener_.silences.size(), 2u);
}

TEST_F(SilenceTest, IsNotToldWhilePacketsCome) {
  const auto session = open_listening(engine_);
  Source source;
  for (int i = 0; i < 8; ++i) {
    talk(session, kAlice, source, 3);
    pass(seconds(20));
  }
  EXPECT_TRUE(listener_.silences.empty());
}

TEST_F(SilenceTest, IsNotToldWhileOnlyReportsCome) {  // a phone that is muted, and sends nothing then
  const auto session = open_listening(engine_);
  Source source;
  talk(session, kAlice, source, 3);
  for (int i = 0; i < 8; ++i) {
    std::array<std::uint8_t, 128> buffer;
    rtp::RtcpWriter writer(buffer);
    rtp::Report report;
    report.ssrc = source.ssrc;
    writer.report(report);
    engine_.deliver(session.rtcp, address("198.51.100.7:4001"),
                    std::string(writer.written().begin(), writer.written().end()));
    pass(seconds(20));
  }
  EXPECT_TRUE(listener_.silences.empty());
}

TEST_F(SilenceTest, IsNotBrokenByAStranger) {
  const auto session = open_listening(engine_);
  Source source;
  for (int i = 0; i < 8; ++i) {
    talk(session, "203.0.113.66:9", source, 5);
    pass(seconds(5));
  }
  EXPECT_EQ(listener_.silences.size(), 1u);
}

TEST_F(SilenceTest, MayLastLongerOnHold) {
  const auto session = open_listening(engine_);
  engine_.set_direction(session.id, Direction::RecvOnly);
  pass(seconds(85));
  EXPECT_TRUE(listener_.silences.empty());
  pass(seconds(8));
  EXPECT_EQ(listener_.silences.size(), 1u);
}

TEST_F(SilenceTest, BeginsAnewWhenAHoldEnds) {
  const auto session = open_listening(engine_);
  engine_.set_direction(session.id, Direction::Inactive);
  pass(seconds(60));
  engine_.set_direction(session.id, Direction::SendRecv);
  pass(seconds(25));
  EXPECT_TRUE(listener_.silences.empty());
  pass(seconds(8));
  EXPECT_EQ(listener_.silences.size(), 1u);
}

TEST_F(SilenceTest, IsNotAskedOfASessionWithoutFarSide) {
  (void)engine_.open(*IpAddress::parse("192.0.2.1"), listener_, {});
  pass(seconds(120));
  EXPECT_TRUE(listener_.silences.empty());
}

TEST(SilenceLimits, AreOffUnlessSet) {
  EXPECT_EQ(InlineEngine::Options{}.silence.talking, seconds(0));
  EXPECT_EQ(InlineEngine::Options{}.silence.held, seconds(0));
}

}  // namespace
}  // namespace xivo::media
