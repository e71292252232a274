// A leg with SRTP, alone and beside one without.
#include "inline_fixture.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/srtp.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";
constexpr const char* kAliceRtcp = "198.51.100.7:4001";
constexpr const char* kBob = "203.0.113.9:7000";
constexpr const char* kBobRtcp = "203.0.113.9:7001";

std::string octets(std::size_t size, char first) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(first + static_cast<char>(i * 3));
  return text;
}

Protection protection_of(Protection::Suite suite, std::uint32_t generation = 1) {
  const auto size = protection_key_size(suite);
  return {suite, octets(size, static_cast<char>(generation)),
          octets(size, static_cast<char>(64 + generation)), generation};
}

rtp::SrtpKey master(Protection::Suite suite, const std::string& text) {
  rtp::SrtpKey key;
  key.suite = static_cast<rtp::SrtpSuite>(suite);
  const auto split = static_cast<std::ptrdiff_t>(rtp::srtp_key_size(key.suite));
  std::copy(text.begin(), text.begin() + split, key.key.begin());
  std::copy(text.begin() + split, text.end(), key.salt.begin());
  return key;
}

/// What the phone at the other end of a protected leg does.
struct SecurePhone {
  explicit SecurePhone(const Protection& ours)
      : out(*rtp::SrtpProtector::make(master(ours.suite, ours.receive_key))),
        in(*rtp::SrtpUnprotector::make(master(ours.suite, ours.send_key))) {}

  std::string seal(std::string packet, bool rtcp = false) {
    std::vector<std::uint8_t> bytes(packet.begin(), packet.end());
    bytes.resize(packet.size() + rtp::kSrtpOverheadMax);
    const auto size = rtcp ? out.protect_rtcp(bytes, packet.size()) : out.protect_rtp(bytes, packet.size());
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size)};
  }
  /// Empty when it is not authentic.
  std::string open(const std::string& packet, bool rtcp = false) {
    std::vector<std::uint8_t> bytes(packet.begin(), packet.end());
    const auto size = rtcp ? in.unprotect_rtcp(bytes) : in.unprotect_rtp(bytes);
    return size ? std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size))
                : std::string();
  }

  rtp::SrtpProtector out;
  rtp::SrtpUnprotector in;
};

/// Alice's leg is protected, bob's is not.
class SrtpRelayTest : public InlineTest, public testing::WithParamInterface<Protection::Suite> {
 protected:
  SrtpRelayTest() : a_(open()), b_(open_to(kBob)) {
    protect_alice(protection_of(GetParam()));
    engine_.connect(a_.id, b_.id);
  }
  void protect_alice(const Protection& protection) {
    auto far = remote(kAlice);
    far.protection = protection;
    engine_.set_remote(a_.id, far);
  }
  static std::string report(std::uint32_t ssrc) {
    rtp::Report report;
    report.ssrc = ssrc;
    report.sender = rtp::SenderFigures{{}, 1, 2, 3};
    std::array<std::uint8_t, 512> buffer;
    rtp::RtcpWriter writer(buffer);
    writer.report(report);
    writer.canonical_name(ssrc, "alice");
    return {writer.written().begin(), writer.written().end()};
  }

  Source alice_{8, 100, 1000, 0xa11ce};
  Source bob_{8, 5000, 9000, 0xb0b};
  Engine::Opened a_;
  Engine::Opened b_;
  SecurePhone phone_{protection_of(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(Suites, SrtpRelayTest,
                         testing::Values(Protection::Suite::AesCm128HmacSha1_80,
                                         Protection::Suite::AesCm128HmacSha1_32,
                                         Protection::Suite::AeadAes128Gcm, Protection::Suite::AeadAes256Gcm));

TEST_P(SrtpRelayTest, TakesNoPlainPacket) {
  for (int i = 0; i < 5; ++i) engine_.deliver(a_.rtp, address(kAlice), alice_.next());
  engine_.deliver(a_.rtcp, address(kAliceRtcp), report(1));
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(engine_.statistics(a_.id).packets_refused, 6u);
  EXPECT_EQ(engine_.statistics(a_.id).packets_received, 0u);
}

TEST_P(SrtpRelayTest, PassesToThePlainSideWhatTheSecureSideSaid) {
  const auto plain = alice_.next("hello bob");
  engine_.deliver(a_.rtp, address(kAlice), phone_.seal(plain));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kBob));
  EXPECT_EQ(sent_[0].bytes, plain);
  EXPECT_EQ(engine_.statistics(a_.id).bytes_received, 9u) << "payload is counted without the tag";
}

TEST_P(SrtpRelayTest, SealsForTheSecureSideWhatThePlainSideSaid) {
  const auto plain = bob_.next("hello alice");
  engine_.deliver(b_.rtp, address(kBob), plain);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kAlice));
  EXPECT_EQ(sent_[0].bytes.find("hello"), std::string::npos);
  EXPECT_EQ(phone_.open(sent_[0].bytes), plain);
}

TEST_P(SrtpRelayTest, BridgesTwoSecureSidesWithKeysOfTheirOwn) {
  auto far = remote(kBob);
  far.protection = protection_of(Protection::Suite::AesCm128HmacSha1_80, 9);
  engine_.set_remote(b_.id, far);
  SecurePhone bob(*far.protection);
  const auto plain = alice_.next("hello bob");
  const auto sealed = phone_.seal(plain);
  engine_.deliver(a_.rtp, address(kAlice), sealed);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_NE(sent_[0].bytes, sealed);
  EXPECT_EQ(bob.open(sent_[0].bytes), plain);
}

TEST_P(SrtpRelayTest, DoesNotRelayAReplay) {
  const auto packet = phone_.seal(alice_.next());
  engine_.deliver(a_.rtp, address(kAlice), packet);
  engine_.deliver(a_.rtp, address(kAlice), packet);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_P(SrtpRelayTest, LearnsNoSourceFromForgedPackets) {
  for (int i = 0; i < 10; ++i)  // the described host, another port: three in a row would do on a plain leg
    engine_.deliver(a_.rtp, address("198.51.100.7:6666"), alice_.next() + std::string(16, 'x'));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kAlice));
}

TEST_P(SrtpRelayTest, LearnsASourceFromAuthenticPackets) {
  for (int i = 0; i < 3; ++i)
    engine_.deliver(a_.rtp, address("198.51.100.7:6666"), phone_.seal(alice_.next()));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  EXPECT_EQ(sent_.back().to, address("198.51.100.7:6666"));
}

TEST_P(SrtpRelayTest, SealsAndOpensReports) {
  engine_.deliver(a_.rtp, address(kAlice), phone_.seal(alice_.next()));
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  sent_.clear();
  engine_.deliver(a_.rtcp, address(kAliceRtcp), phone_.seal(report(0xa11ce), true));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].to, address(kBobRtcp));
  EXPECT_TRUE(rtp::parse_compound(as_bytes(sent_[0].bytes)));
  engine_.deliver(b_.rtcp, address(kBobRtcp), report(0xb0b));
  ASSERT_EQ(sent_.size(), 2u);
  const auto opened = phone_.open(sent_[1].bytes, true);
  ASSERT_FALSE(opened.empty());
  EXPECT_TRUE(rtp::parse_compound(as_bytes(opened)));
}

TEST_P(SrtpRelayTest, SealsWhatItPlays) {
  engine_.play(a_.id, {"hello", "fr_FR", false, {"PCMA", 8000, 1, 8, ""}});
  pass(milliseconds(100));
  ASSERT_FALSE(sent_.empty());
  for (const auto& packet : sent_) EXPECT_FALSE(phone_.open(packet.bytes).empty());
}

TEST_P(SrtpRelayTest, GoesOnWithTheSameKeysAcrossAnotherDescription) {
  const auto packet = phone_.seal(alice_.next());
  engine_.deliver(a_.rtp, address(kAlice), packet);
  protect_alice(protection_of(GetParam()));  // a hold, say
  engine_.deliver(a_.rtp, address(kAlice), packet);
  EXPECT_EQ(sent_.size(), 1u) << "the replay window is still there";
  engine_.deliver(a_.rtp, address(kAlice), phone_.seal(alice_.next()));
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_P(SrtpRelayTest, TakesOnlyTheNewKeysAfterAChange) {
  const auto changed = protection_of(GetParam(), 2);
  protect_alice(changed);
  engine_.deliver(a_.rtp, address(kAlice), phone_.seal(alice_.next()));
  EXPECT_TRUE(sent_.empty());
  SecurePhone renewed(changed);
  engine_.deliver(a_.rtp, address(kAlice), renewed.seal(alice_.next()));
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_P(SrtpRelayTest, SendsNothingWhenTheKeysCannotBeUsed) {
  auto broken = protection_of(GetParam(), 3);
  broken.send_key.pop_back();
  protect_alice(broken);
  engine_.deliver(b_.rtp, address(kBob), bob_.next());
  engine_.deliver(a_.rtp, address(kAlice), phone_.seal(alice_.next()));
  EXPECT_TRUE(sent_.empty());
}

}  // namespace
}  // namespace xivo::media
