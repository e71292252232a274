// A leg whose keys are agreed on in its own packets and whose path is found by checks, beside one without.
#include "key_exchange_fixture.hpp"
#include "rtp/demultiplex.hpp"
#include "rtp/rtcp.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";
constexpr const char* kElsewhere = "198.51.100.200:5000";
constexpr const char* kStranger = "192.0.2.66:6666";
constexpr const char* kBob = "203.0.113.9:7000";
constexpr const char* kBobRtcp = "203.0.113.9:7001";
using Role = KeyExchange::Role;

struct KeyUser : RecordingUser {
  void on_keys_agreed(SessionId, std::string_view suite) override { suites.emplace_back(suite); }
  void on_key_exchange_failed(SessionId, std::string_view reason) override { failures.emplace_back(reason); }
  void on_silent(SessionId, std::chrono::seconds) override { ++silences; }
  std::vector<std::string> suites;
  std::vector<std::string> failures;
  int silences = 0;
};

/// Alice is a browser, bob a plain phone.
class KeyExchangeTest : public InlineTest {
 protected:
  KeyExchangeTest() : InlineTest(options()), a_(open_keyed()), b_(open_to(kBob)) {}
  static InlineEngine::Options options() {
    auto options = default_options();
    options.dtls = quick_dtls();
    options.silence = {seconds(60), seconds(120)};
    return options;
  }
  Engine::Opened open_keyed() { return *engine_.open(*IpAddress::parse("192.0.2.1"), keys_, {}); }

  void make_browser(Role ours) {
    browser_ = std::make_unique<Browser>(
        ours == Role::Server ? rtp::DtlsAssociation::Role::Client : rtp::DtlsAssociation::Role::Server,
        engine_.fingerprint().digest);
  }
  /// What a browser describes: no address, one port.
  [[nodiscard]] Remote browsers(Role ours, std::uint32_t generation = 1) const {
    auto far = remote("0.0.0.0:9");
    far.rtcp_mux = true;
    far.key_exchange = KeyExchange{ours, {"sha-256", browser_->context->fingerprint()}, kIce, generation};
    return far;
  }
  void describe_browser(Role ours = Role::Server) {
    make_browser(ours);
    engine_.set_remote(a_.id, browsers(ours));
    engine_.connect(a_.id, b_.id);
  }
  void check(const char* from, bool nominates, std::uint32_t priority = 100) {
    Check check;
    check.nominates = nominates;
    check.priority = priority;
    engine_.deliver(a_.rtp, address(from), check.bytes());
  }
  /// Carries handshake datagrams between the browser at `at` and its session, until none are left.
  void carry(const char* at = kAlice) {
    for (bool any = true; any;) {
      any = false;
      for (const auto& packet : std::exchange(sent_, {})) {
        if (packet.to != address(at) || rtp_first(packet) < 20 || rtp_first(packet) > 63) continue;
        browser_->association->take(as_bytes(packet.bytes));
        any = true;
      }
      for (const auto& datagram : browser_->association->outgoing()) {
        engine_.deliver(a_.rtp, address(at), text_of(datagram));
        any = true;
      }
    }
    browser_->take_keys();
  }
  static int rtp_first(const SentPacket& packet) { return static_cast<unsigned char>(packet.bytes[0]); }
  void handshake(const char* at = kAlice) {
    browser_->association->begin();
    carry(at);
  }
  /// A browser that is connected to bob.
  void talk_ready() {
    describe_browser();
    check(kAlice, true);
    handshake();
    ASSERT_EQ(keys_.suites.size(), 1u);
    sent_.clear();
  }
  static std::string report(std::uint32_t ssrc) {
    rtp::Report report;
    report.ssrc = ssrc;
    report.sender = rtp::SenderFigures{{}, 1, 2, 3};
    std::array<std::uint8_t, 512> buffer;
    rtp::RtcpWriter writer(buffer);
    writer.report(report);
    writer.canonical_name(ssrc, "alice");
    return text_of(writer.written());
  }

  struct Heard {
    rtp::Header header;
    std::string payload;
  };
  /// What the browser makes of a packet that was sent to it.
  Heard heard(const SentPacket& packet) const {
    const auto opened = browser_->open(packet.bytes);
    const auto parsed = rtp::parse(as_bytes(opened));
    EXPECT_TRUE(parsed);
    return parsed ? Heard{parsed->header, text_of(parsed->payload)} : Heard{};
  }

  /// All that was sent to alice, in order. A packet opens once.
  std::vector<Heard> heard_by_alice() const {
    std::vector<Heard> all;
    for (const auto& packet : sent_to(kAlice)) all.push_back(heard(packet));
    return all;
  }

  KeyUser keys_;
  Source alice_{8, 100, 1000, 0xa11ce};
  Source bob_{8, 5000, 9000, 0xb0b};
  Engine::Opened a_;
  Engine::Opened b_;
  std::unique_ptr<Browser> browser_;
};

// ------------------------------------------------------------------------------------------------ who is not answered

TEST_F(KeyExchangeTest, APlainLegAnswersNeitherChecksNorHandshakes) {
  make_browser(Role::Server);
  browser_->association->begin();
  engine_.deliver(b_.rtp, address(kBob), Check().bytes());
  for (const auto& datagram : browser_->association->outgoing())
    engine_.deliver(b_.rtp, address(kBob), text_of(datagram));
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(b_.id).packets_refused, 2u);
}

TEST_F(KeyExchangeTest, AnswersNoCheckOnThePortOfReports) {
  describe_browser();
  engine_.deliver(a_.rtcp, address(kAlice), Check().bytes());
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, AnswersNoCheckWithAnotherPassword) {
  describe_browser();
  auto check = Check();
  check.password = "guessed";
  engine_.deliver(a_.rtp, address(kStranger), check.bytes());
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(a_.id).packets_refused, 1u);
}

TEST_F(KeyExchangeTest, AnswersNoCheckWithoutIce) {
  make_browser(Role::Server);
  auto far = browsers(Role::Server);
  far.key_exchange->ice.reset();
  far.rtp = address(kAlice);
  engine_.set_remote(a_.id, far);
  check(kAlice, true);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, ShakesHandsOnlyWithWhomPassedACheck) {
  describe_browser();
  handshake();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(browser_->association->state(), rtp::DtlsAssociation::State::Handshaking);
}

TEST_F(KeyExchangeTest, IsNotDisturbedByJunk) {
  describe_browser();
  check(kAlice, true);
  sent_.clear();
  for (int i = 0; i < 40; ++i) {
    std::string junk(static_cast<std::size_t>(i), static_cast<char>(i * 7));
    for (const char first : {'\x00', '\x01', '\x14', '\x16', '\x17', '\x3f', '\x40', '\x80'}) {
      if (!junk.empty()) junk[0] = first;
      engine_.deliver(a_.rtp, address(kAlice), junk);
    }
  }
  EXPECT_TRUE(sent_.empty());
  pass(seconds(2));
  handshake();
  EXPECT_EQ(keys_.suites.size(), 1u);
}

// ------------------------------------------------------------------------------------------------ before there are keys

TEST_F(KeyExchangeTest, SendsNothingBeforeThePathIsKnown) {
  describe_browser(Role::Client);
  engine_.play(a_.id, {"hello", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  pass(seconds(3));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, PassesNoPacketBeforeThereAreKeys) {
  describe_browser();
  check(kAlice, true);
  sent_.clear();
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  pass(seconds(6));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, TellsOfAnotherCertificateAndPassesNothing) {
  make_browser(Role::Server);
  auto far = browsers(Role::Server);
  far.key_exchange->theirs.digest[5] ^= 1;
  engine_.set_remote(a_.id, far);
  engine_.connect(a_.id, b_.id);
  check(kAlice, true);
  handshake();
  ASSERT_EQ(keys_.failures.size(), 1u);
  EXPECT_EQ(keys_.failures[0], "fingerprint does not match");
  EXPECT_TRUE(keys_.suites.empty());
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, TellsOfAHashThatItDoesNotKnow) {
  make_browser(Role::Client);
  auto far = browsers(Role::Client);
  far.key_exchange->theirs = {"md5", std::string(16, 'x')};
  engine_.set_remote(a_.id, far);
  check(kAlice, true);
  pass(milliseconds(1));
  ASSERT_EQ(keys_.failures.size(), 1u);
  EXPECT_EQ(keys_.failures[0], "fingerprint hash is not known");
}

TEST_F(KeyExchangeTest, GivesUpAHandshakeThatNobodyAnswers) {
  describe_browser(Role::Client);
  check(kAlice, true);
  pass(seconds(29));
  EXPECT_TRUE(keys_.failures.empty());
  pass(seconds(2));
  ASSERT_EQ(keys_.failures.size(), 1u);
  EXPECT_EQ(keys_.failures[0], "handshake took too long");
}

TEST_F(KeyExchangeTest, NoticesABrowserThatNeverFindsAPath) {
  describe_browser();
  pass(seconds(62));
  EXPECT_EQ(keys_.silences, 1);
}

// ------------------------------------------------------------------------------------------------ keys and packets

TEST_F(KeyExchangeTest, AgreesOnKeysAsTheServer) {
  describe_browser();
  check(kAlice, true);
  handshake();
  EXPECT_EQ(keys_.suites, std::vector<std::string>{"AEAD_AES_128_GCM"});
  EXPECT_TRUE(browser_->out);
}

TEST_F(KeyExchangeTest, AgreesOnKeysAsTheClientOnceAPathIsChecked) {
  describe_browser(Role::Client);
  EXPECT_TRUE(sent_.empty());
  check(kAlice, false);
  carry();
  EXPECT_EQ(keys_.suites.size(), 1u);
}

TEST_F(KeyExchangeTest, RelaysBothWays) {
  talk_ready();
  const auto from_alice = alice_.next("hello bob");
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(from_alice));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kBob));
  EXPECT_EQ(sent_[0].bytes, from_alice);
  const auto from_bob = bob_.next("hello alice");
  engine_.deliver(b_.rtp, address(kBob), from_bob);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_[1].to, address(kAlice));
  EXPECT_EQ(sent_[1].bytes.find("hello"), std::string::npos);
  EXPECT_EQ(heard(sent_[1]).payload, "hello alice");
}

TEST_F(KeyExchangeTest, IsOneSourceToABrowserBeforeWithinAndAfterAPrompt) {
  talk_ready();
  const auto talk = [&](int packets) {
    for (int i = 0; i < packets; ++i) {
      engine_.deliver(b_.rtp, address(kBob), bob_.next());
      pass(milliseconds(20));
    }
  };
  talk(3);
  engine_.play(a_.id, {"hello", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  pass(milliseconds(100));
  ASSERT_EQ(keys_.plays_ended.size(), 1u);
  talk(3);
  const auto packets = heard_by_alice();
  ASSERT_EQ(packets.size(), 8u);
  const auto first = packets.front();
  auto last = first;
  for (std::size_t i = 1; i < packets.size(); ++i) {
    const auto& packet = packets[i];
    EXPECT_EQ(packet.header.ssrc, first.header.ssrc);
    EXPECT_EQ(packet.header.sequence, static_cast<std::uint16_t>(first.header.sequence + i));
    const auto step = packet.header.timestamp - last.header.timestamp;
    EXPECT_GE(step, 160u) << i;
    EXPECT_LT(step, 1'600u) << i;
    last = packet;
  }
  EXPECT_NE(first.header.ssrc, 0xb0bu);
  EXPECT_TRUE(packets[5].header.marker) << "bob's first after the prompt";
}

TEST_F(KeyExchangeTest, KeepsTheOrderOfWhatComesOutOfOrder) {
  talk_ready();
  const auto one = bob_.next("one");
  const auto two = bob_.next("two");
  const auto three = bob_.next("three");
  for (const auto& packet : {one, three, two}) engine_.deliver(b_.rtp, address(kBob), packet);
  const auto packets = heard_by_alice();
  ASSERT_EQ(packets.size(), 3u);
  const auto base = packets[0].header.sequence;
  EXPECT_EQ(packets[1].header.sequence, static_cast<std::uint16_t>(base + 2));
  EXPECT_EQ(packets[2].header.sequence, static_cast<std::uint16_t>(base + 1));
  EXPECT_EQ(packets[2].payload, "two");
}

TEST_F(KeyExchangeTest, LeavesOutWhatIsOlderThanThePromptThatWasPlayed) {
  talk_ready();
  const auto late = bob_.next("late");
  engine_.play(a_.id, {"hello", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  pass(milliseconds(100));
  engine_.deliver(b_.rtp, address(kBob), bob_.next("in time"));
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), late);
  EXPECT_TRUE(sent_to(kAlice).empty());
  engine_.deliver(b_.rtp, address(kBob), bob_.next("next"));
  EXPECT_EQ(sent_to(kAlice).size(), 1u);
}

TEST_F(KeyExchangeTest, EchoesUnderTheSameSource) {
  talk_ready();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  engine_.disconnect(a_.id);
  engine_.echo(a_.id, true);
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next("echo")));
  const auto packets = heard_by_alice();
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[1].header.ssrc, packets[0].header.ssrc);
  EXPECT_EQ(packets[1].payload, "echo");
}

// Bob's own reports would be about a source that the browser never sees.
TEST_F(KeyExchangeTest, ReportsAboutTheOneSourceOnTheOnePort) {
  talk_ready();
  const auto talk = [&](seconds time) {
    for (milliseconds passed(0); passed < time; passed += milliseconds(20)) {
      engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
      engine_.deliver(b_.rtp, address(kBob), bob_.next());
      pass(milliseconds(20));
    }
  };
  talk(seconds(1));
  const auto source = heard(sent_to(kAlice).front()).header.ssrc;
  sent_.clear();
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(report(0xa11ce), true));
  engine_.deliver(b_.rtcp, address(kBobRtcp), report(0xb0b));
  EXPECT_TRUE(sent_.empty()) << "neither goes on";
  talk(seconds(6));
  int reports = 0;
  for (const auto& packet : sent_to(kAlice)) {
    if (rtp::classify(as_bytes(packet.bytes)) != rtp::DatagramKind::Rtcp) continue;
    const auto opened = browser_->open(packet.bytes, true);
    const auto compound = rtp::parse_compound(as_bytes(opened));
    ASSERT_TRUE(compound);
    const auto own = rtp::parse_report(*compound->begin());
    ASSERT_TRUE(own);
    EXPECT_EQ(own->ssrc, source);
    EXPECT_TRUE(own->sender) << "it tells what time its packets are of";
    EXPECT_EQ(own->block_count, 1);
    ++reports;
  }
  EXPECT_GE(reports, 1);
  EXPECT_FALSE(sent_to(kBobRtcp).empty());
}

TEST_F(KeyExchangeTest, RelaysFeedbackOfPicturesThatComesAlone) {  // RFC 5506, RFC 4585
  make_browser(Role::Server);
  auto far = browsers(Role::Server);
  far.video = true;
  engine_.set_remote(a_.id, far);
  auto bobs = remote(kBob);
  bobs.video = true;
  engine_.set_remote(b_.id, bobs);
  engine_.connect(a_.id, b_.id);
  check(kAlice, true);
  handshake();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  sent_.clear();
  const std::string picture_lost("\x81\xce\x00\x02\x00\x00\x00\x01\x00\x00\x0b\x0b", 12);
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(picture_lost, true));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kBobRtcp));
  EXPECT_EQ(sent_[0].bytes, picture_lost);
  engine_.deliver(b_.rtcp, address(kBobRtcp), picture_lost);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(browser_->open(sent_[1].bytes, true), picture_lost);
}

TEST_F(KeyExchangeTest, PlaysFromTheFirstFrameOnceThereAreKeys) {
  describe_browser();
  engine_.play(a_.id, {"hello", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  pass(milliseconds(500));
  EXPECT_TRUE(keys_.plays_ended.empty()) << "it waits";
  check(kAlice, true);
  handshake();
  pass(milliseconds(100));
  int frames = 0;
  for (const auto& packet : sent_to(kAlice)) frames += browser_->open(packet.bytes).empty() ? 0 : 1;
  EXPECT_EQ(frames, 2);
  EXPECT_EQ(keys_.plays_ended, std::vector<bool>{true});
}

TEST_F(KeyExchangeTest, SendsAFlightAgainThatWasLost) {
  describe_browser(Role::Client);
  check(kAlice, true);
  sent_.clear();  // its ClientHello is lost
  const auto end = std::chrono::steady_clock::now() + seconds(4);
  while (sent_.empty() && std::chrono::steady_clock::now() < end) pass(milliseconds(1));
  ASSERT_FALSE(sent_.empty());
  carry();
  EXPECT_EQ(keys_.suites.size(), 1u);
  sent_.clear();
  pass(seconds(4));
  EXPECT_TRUE(sent_.empty()) << "nothing is sent again afterwards";
}

TEST_F(KeyExchangeTest, EndsSomeTimeAfterTheAssociationDoes) {
  talk_ready();
  browser_->association->close();
  carry();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_TRUE(sent_.empty());
  pass(milliseconds(1500));
  EXPECT_TRUE(keys_.failures.empty()) << "BYE is under way";
  pass(seconds(1));
  ASSERT_EQ(keys_.failures.size(), 1u);
  EXPECT_EQ(keys_.failures[0], "association was ended by the far side");
}

// ------------------------------------------------------------------------------------------------ the path

TEST_F(KeyExchangeTest, SendsToWhatIsNominated) {
  talk_ready();
  check(kElsewhere, false, 200);
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_EQ(sent_.back().to, address(kAlice));
  check(kElsewhere, true, 200);
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_EQ(sent_.back().to, address(kElsewhere));
  const auto packet = alice_.next();
  engine_.deliver(a_.rtp, address(kElsewhere), browser_->seal(packet));
  EXPECT_EQ(sent_.back().bytes, packet);
}

TEST_F(KeyExchangeTest, TakesNoPacketFromWhomNeverPassedACheck) {
  talk_ready();
  const auto packet = browser_->seal(alice_.next());
  engine_.deliver(a_.rtp, address(kStranger), packet);
  EXPECT_TRUE(sent_.empty());
  engine_.deliver(a_.rtp, address(kAlice), packet);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(KeyExchangeTest, KeepsThePathThroughASilence) {
  talk_ready();
  for (int i = 0; i < 4; ++i) {
    engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
    pass(milliseconds(20));
  }
  pass(seconds(10));
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  ASSERT_FALSE(sent_.empty());
  EXPECT_EQ(sent_.back().to, address(kAlice));
}

TEST_F(KeyExchangeTest, SendsNothingToWhomChecksNoMore) {  // RFC 7675
  talk_ready();
  pass(seconds(29));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_FALSE(sent_.empty());
  pass(seconds(3));
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_TRUE(sent_.empty());
  check(kAlice, false);
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kAlice));
}

TEST_F(KeyExchangeTest, CountsAsAliveWhoStillChecks) {
  talk_ready();
  for (int i = 0; i < 100; ++i) {
    pass(seconds(1));
    check(kAlice, false);
  }
  EXPECT_EQ(keys_.silences, 0);
  pass(seconds(62));
  EXPECT_EQ(keys_.silences, 1);
}

// ------------------------------------------------------------------------------------------------ described again

TEST_F(KeyExchangeTest, GoesOnWithTheSameKeysAcrossAnotherDescription) {
  talk_ready();
  const auto packet = browser_->seal(alice_.next());
  engine_.deliver(a_.rtp, address(kAlice), packet);
  engine_.set_remote(a_.id, browsers(Role::Server));  // a hold, say
  engine_.deliver(a_.rtp, address(kAlice), packet);
  EXPECT_EQ(sent_.size(), 1u) << "the replay window is still there";
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_F(KeyExchangeTest, TakesNewCredentialsWithTheSameKeys) {
  talk_ready();
  auto far = browsers(Role::Server);
  far.key_exchange->ice->theirs.fragment = "renewed";
  engine_.set_remote(a_.id, far);
  check(kElsewhere, true);
  EXPECT_TRUE(sent_.empty()) << "the old name is answered no more";
  Check renewed;
  renewed.name = "ours:renewed";
  renewed.nominates = true;
  engine_.deliver(a_.rtp, address(kElsewhere), renewed.bytes());
  sent_.clear();
  engine_.deliver(b_.rtp, address(kBob), bob_.next("hello"));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kElsewhere));
  EXPECT_EQ(heard(sent_[0]).payload, "hello");
}

TEST_F(KeyExchangeTest, BeginsAnewWithANewAssociation) {
  talk_ready();
  auto old = std::move(browser_);
  make_browser(Role::Server);
  engine_.set_remote(a_.id, browsers(Role::Server, 2));
  engine_.deliver(a_.rtp, address(kAlice), old->seal(alice_.next()));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_TRUE(sent_.empty()) << "the old keys are gone, the new ones not there";
  handshake();
  EXPECT_EQ(keys_.suites.size(), 2u);
  sent_.clear();
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(KeyExchangeTest, SendsNothingOnTheOldPathWhereTheStreamIsRefused) {
  talk_ready();
  engine_.set_remote(a_.id, remote("0.0.0.0:0"));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyExchangeTest, TurnsToKeysOfSignallingAtOnce) {
  talk_ready();
  auto far = remote(kAlice);
  const std::string key(30, 'k');
  far.protection = Protection{Protection::Suite::AesCm128HmacSha1_80, key, key, 1};
  engine_.set_remote(a_.id, far);
  engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  EXPECT_TRUE(sent_.empty());
  check(kAlice, true);
  EXPECT_TRUE(sent_.empty());
}

// ------------------------------------------------------------------------------------------------ without ICE, one port without keys

TEST_F(KeyExchangeTest, NeedsNoIceWhereAnAddressIsDescribed) {
  make_browser(Role::Client);
  auto far = browsers(Role::Client);
  far.key_exchange->ice.reset();
  far.rtp = address(kAlice);
  engine_.set_remote(a_.id, far);
  engine_.connect(a_.id, b_.id);
  carry();
  ASSERT_EQ(keys_.suites.size(), 1u);
  const auto packet = alice_.next();
  for (int i = 0; i < 5; ++i) engine_.deliver(a_.rtp, address(kAlice), browser_->seal(alice_.next()));
  EXPECT_EQ(sent_to(kBob).size(), 5u);
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_EQ(sent_.back().to, address(kAlice));
}

TEST_F(KeyExchangeTest, SendsToWhereTheHandshakeCameFrom) {
  make_browser(Role::Server);
  auto far = browsers(Role::Server);
  far.key_exchange->ice.reset();
  far.rtp = address("10.0.0.7:4000");
  far.signalling = address(kAlice).ip;
  far.nat_suspect = true;
  engine_.set_remote(a_.id, far);
  engine_.connect(a_.id, b_.id);
  pass(seconds(6));  // the time for anybody to prove himself is over
  engine_.deliver(a_.rtp, address(kStranger), std::string("\x16\xfe\xfd", 3));
  handshake();
  ASSERT_EQ(keys_.suites.size(), 1u);
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_EQ(sent_.back().to, address(kAlice));
}

TEST_F(KeyExchangeTest, HasOnePortForBothWithoutKeys) {
  auto far = remote(kAlice);
  far.rtcp_mux = true;
  engine_.set_remote(a_.id, far);
  engine_.connect(a_.id, b_.id);
  engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  sent_.clear();
  engine_.deliver(a_.rtp, address(kAlice), report(0xa11ce));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kBobRtcp));
  engine_.deliver(b_.rtcp, address(kBobRtcp), report(0xb0b));
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_[1].from, a_.rtp);
  EXPECT_EQ(sent_[1].to, address(kAlice));
}

}  // namespace
}  // namespace xivo::media
