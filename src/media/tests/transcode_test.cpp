// Two sessions that are connected and do not speak the same codec.
#include <memory>

#include "inline_fixture.hpp"
#include "media/codec/audio_codec.hpp"
#include "rtp/rtcp.hpp"
#include "test_signals.hpp"

namespace xivo::media {
namespace {

constexpr const char* kAlice = "198.51.100.7:4000";
constexpr const char* kAliceRtcp = "198.51.100.7:4001";
constexpr const char* kBob = "203.0.113.9:7000";
constexpr const char* kBobRtcp = "203.0.113.9:7001";

Codec pcma() { return {"PCMA", 8000, 1, 8, ""}; }
Codec pcmu() { return {"PCMU", 8000, 1, 0, ""}; }
Codec g722() { return {"G722", 8000, 1, 9, ""}; }
Codec opus(std::uint8_t type = 107, std::string fmtp = {}) {
  return {"opus", 48000, 2, type, std::move(fmtp)};
}
Codec l16() { return {"L16", 16000, 1, 118, ""}; }
Codec noise() { return {"CN", 8000, 1, 13, ""}; }
Codec events(std::uint8_t type = 101, std::uint32_t rate = 8000) {
  return {"telephone-event", rate, 1, type, ""};
}

/// A phone that talks: one tone, encoded by its codec.
class Talker {
 public:
  explicit Talker(const Codec& codec, double hertz = 700, std::uint32_t ssrc = 0xa11ce)
      : kind_(kind_of(codec)),
        rate_(sample_rate(kind_) == 0 ? 16'000 : sample_rate(kind_)),
        encoder_(make_encoder(kind_, rate_, {})),
        sound_(tone(hertz, rate_, rate_)) {
    source.payload_type = codec.payload_type;
    source.ssrc = ssrc;
  }
  std::string next(int ms = 20) {
    const auto length = rate_ / 1000 * static_cast<std::size_t>(ms);
    if (at_ + length > sound_.size()) at_ = 0;
    std::array<std::uint8_t, 2'000> payload;
    const auto size = encoder_->encode(std::span(sound_).subspan(at_, length), payload);
    at_ += length;
    const rtp::Header header{false, source.payload_type, source.sequence++, source.timestamp, source.ssrc};
    source.timestamp += rtp_rate(kind_) / 1000 * static_cast<std::uint32_t>(ms);
    return Source::bytes(header, {payload.begin(), payload.begin() + size});
  }
  Source source;

 private:
  CodecKind kind_;
  std::uint32_t rate_;
  std::unique_ptr<Encoder> encoder_;
  std::vector<std::int16_t> sound_;
  std::size_t at_ = 0;
};

class TranscodeTest : public InlineTest {
 protected:
  static Remote speaking(const char* rtp, const std::vector<Codec>& codecs) {
    auto far = remote(rtp);
    far.codecs = codecs;
    far.payload_types.clear();
    far.telephone_event = 255;
    for (const auto& codec : codecs) {
      far.payload_types.push_back(codec.payload_type);
      if (codec.is_telephone_event()) far.telephone_event = codec.payload_type;
    }
    far.clock_rate = codecs.front().clock_rate;
    return far;
  }
  Engine::Opened phone(const char* rtp, const std::vector<Codec>& codecs) {
    const auto opened = open();
    engine_.set_remote(opened.id, speaking(rtp, codecs));
    return opened;
  }
  void connect(const std::vector<Codec>& alice, const std::vector<Codec>& bob) {
    a_ = phone(kAlice, alice);
    b_ = phone(kBob, bob);
    engine_.connect(a_.id, b_.id);
  }
  void say(Talker& talker, int packets) {
    for (int i = 0; i < packets; ++i) {
      engine_.deliver(a_.rtp, address(kAlice), talker.next());
      pass(milliseconds(20));
    }
  }
  /// What Bob's phone has received, decoded.
  std::vector<std::int16_t> heard(CodecKind kind, const char* by = kBob) const {
    const auto decoder = make_decoder(kind, 16'000);
    std::vector<std::int16_t> sound;
    std::array<std::int16_t, kPacketSamplesMax> samples;
    for (const auto& packet : sent_to(by)) {
      const auto count = decoder->decode(packet.rtp().payload, samples);
      sound.insert(sound.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return sound;
  }

  Engine::Opened a_;
  Engine::Opened b_;
};

TEST_F(TranscodeTest, PassesTheSameCodecByteForByte) {
  connect({pcma(), events()}, {pcma(), events()});
  Talker alice(pcma());
  const auto packet = alice.next();
  engine_.deliver(a_.rtp, address(kAlice), packet);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].bytes, packet);
}

TEST_F(TranscodeTest, OnlyRenumbersTheSameCodecUnderAnotherPayloadType) {
  connect({opus(111)}, {opus(96)});
  Talker alice(opus(111));
  const auto packet = alice.next();
  engine_.deliver(a_.rtp, address(kAlice), packet);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].rtp().header.payload_type, 96);
  EXPECT_EQ(sent_[0].rtp().header.ssrc, 0xa11ceu);
  EXPECT_EQ(sent_[0].bytes.substr(2), packet.substr(2));
}

TEST_F(TranscodeTest, SendsNothingOfACodecThatNobodyNegotiated) {
  connect({pcma()}, {g722()});
  Talker alice(opus());
  say(alice, 10);
  EXPECT_TRUE(sent_to(kBob).empty());
}

TEST_F(TranscodeTest, EveryCodecIsHeardInEveryOther) {
  const std::vector<Codec> all{pcma(), pcmu(), g722(), opus(), l16()};
  int port = 4000;
  for (const auto& from : all) {
    for (const auto& to : all) {
      if (from.same_as(to)) continue;
      SCOPED_TRACE(from.name + " to " + to.name);
      port += 2;
      const auto alice_address = "198.51.100.7:" + std::to_string(port);
      const auto bob_address = "203.0.113.9:" + std::to_string(port);
      a_ = phone(alice_address.c_str(), {from});
      b_ = phone(bob_address.c_str(), {to});
      engine_.connect(a_.id, b_.id);
      sent_.clear();
      Talker alice(from);
      for (int i = 0; i < 50; ++i) {
        engine_.deliver(a_.rtp, address(alice_address.c_str()), alice.next());
        pass(milliseconds(20));
      }
      const auto packets = sent_to(bob_address.c_str());
      ASSERT_NEAR(static_cast<double>(packets.size()), 48, 2);
      const auto kind = kind_of(to);
      const auto rate = sample_rate(kind) == 0 ? 16'000 : sample_rate(kind);
      const auto sound = heard(kind, bob_address.c_str());
      EXPECT_GT(share_of(700, rate, std::span(sound).subspan(sound.size() / 2)), 0.9);
      for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto header = packets[i].rtp().header;
        const auto first = packets[0].rtp().header;
        EXPECT_EQ(header.payload_type, to.payload_type);
        EXPECT_EQ(header.marker, i == 0);
        EXPECT_NE(header.ssrc, 0xa11ceu);
        EXPECT_EQ(header.ssrc, first.ssrc);
        EXPECT_EQ(header.sequence, static_cast<std::uint16_t>(first.sequence + i));
        EXPECT_EQ(header.timestamp, first.timestamp + i * rtp_rate(kind) / 50);
      }
      engine_.close(a_.id);
      engine_.close(b_.id);
      pass(milliseconds(100));
    }
  }
}

TEST_F(TranscodeTest, SendsPacketsOfTheLengthThatTheOtherSideWants) {
  for (const std::uint32_t wanted : {10u, 30u, 60u}) {
    a_ = phone(kAlice, {g722()});
    b_ = open();
    auto far = speaking(kBob, {pcma()});
    far.ptime_ms = wanted;
    engine_.set_remote(b_.id, far);
    engine_.connect(a_.id, b_.id);
    sent_.clear();
    Talker alice(g722());
    say(alice, 30);
    const auto packets = sent_to(kBob);
    ASSERT_GT(packets.size(), 560 / wanted - 3);
    for (const auto& packet : packets) EXPECT_EQ(packet.rtp().payload.size(), wanted * 8);
    EXPECT_EQ(packets[2].rtp().header.timestamp - packets[1].rtp().header.timestamp, wanted * 8);
    engine_.close(a_.id);
    engine_.close(b_.id);
    pass(milliseconds(50));
  }
}

TEST_F(TranscodeTest, TakesPacketsOfAnyLength) {
  for (const int length : {10, 30, 60}) {
    connect({pcma()}, {pcmu()});
    sent_.clear();
    Talker alice(pcma());
    for (int passed = 0; passed < 1'200; passed += length) {
      engine_.deliver(a_.rtp, address(kAlice), alice.next(length));
      pass(milliseconds(length));
    }
    const auto sound = heard(CodecKind::Pcmu);
    EXPECT_NEAR(static_cast<double>(sound.size()), 8 * 1'130, 8 * 60) << length;
    EXPECT_GT(share_of(700, 8'000, std::span(sound).subspan(1'600)), 0.9) << length;
    engine_.close(a_.id);
    engine_.close(b_.id);
    pass(milliseconds(50));
  }
}

TEST_F(TranscodeTest, ConcealsALostPacket) {
  connect({pcma()}, {pcmu()});
  Talker alice(pcma(), 200);
  for (int i = 0; i < 50; ++i) {
    const auto packet = alice.next();
    if (i % 10 != 7) engine_.deliver(a_.rtp, address(kAlice), packet);
    pass(milliseconds(20));
  }
  const auto packets = sent_to(kBob);
  EXPECT_NEAR(static_cast<double>(packets.size()), 48, 2);
  const auto sound = heard(CodecKind::Pcmu);
  for (std::size_t at = 1'600; at + 160 < sound.size(); at += 160) {
    EXPECT_GT(power(std::span(sound).subspan(at, 160)), 5e6) << "a hole at " << at / 8 << " ms";
  }
}

TEST_F(TranscodeTest, TranscodesOnlyWhatTheOtherSideCannotTake) {
  connect({pcma(), g722()}, {pcma()});
  Talker narrow(pcma());
  say(narrow, 5);
  EXPECT_EQ(sent_to(kBob).size(), 5u);
  EXPECT_EQ(sent_to(kBob)[4].rtp().header.ssrc, 0xa11ceu);
  sent_.clear();
  Talker wide(g722());
  wide.source.sequence = narrow.source.sequence;
  wide.source.timestamp = narrow.source.timestamp;
  say(wide, 20);
  const auto packets = sent_to(kBob);
  ASSERT_GT(packets.size(), 15u);
  EXPECT_EQ(packets[0].rtp().header.payload_type, 8);
  EXPECT_NE(packets[0].rtp().header.ssrc, 0xa11ceu);
}

TEST_F(TranscodeTest, FallsSilentWithItsSourceAndComesBackWithAMarker) {
  connect({pcma()}, {opus()});
  Talker alice(pcma());
  say(alice, 20);
  pass(seconds(3));
  const auto before = sent_to(kBob);
  sent_.clear();
  pass(seconds(5));
  EXPECT_TRUE(sent_to(kBob).empty());
  alice.source.timestamp += 8 * 8'000;
  say(alice, 20);
  const auto after = sent_to(kBob);
  ASSERT_GT(after.size(), 15u);
  EXPECT_TRUE(after[0].rtp().header.marker);
  EXPECT_EQ(after[0].rtp().header.sequence,
            static_cast<std::uint16_t>(before.back().rtp().header.sequence + 1));
  const auto gap = (after[0].at - before.back().at).count();
  const auto ticks = after[0].rtp().header.timestamp - before.back().rtp().header.timestamp;
  EXPECT_NEAR(ticks / 48.0, static_cast<double>(gap), 25.0);
}

TEST_F(TranscodeTest, RendersTheBackgroundThatASilentSideDescribes) {
  connect({pcma(), noise()}, {g722()});
  Talker alice(pcma());
  say(alice, 20);
  const rtp::Header header{false, 13, alice.source.sequence++, alice.source.timestamp, alice.source.ssrc};
  engine_.deliver(a_.rtp, address(kAlice), Source::bytes(header, std::string(1, '\x32')));  // -50 dB
  pass(seconds(2));
  sent_.clear();
  pass(seconds(2));
  const auto sound = heard(CodecKind::G722);
  ASSERT_EQ(sound.size(), 32'000u);
  EXPECT_NEAR(10 * std::log10(power(sound) / (32'768.0 * 32'768.0)), -50, 4);
}

TEST_F(TranscodeTest, PassesComfortNoiseWhereItRelays) {
  connect({pcma(), noise()}, {pcma(), noise()});
  Source alice{13, 100, 1000, 0xa11ce};
  engine_.deliver(a_.rtp, address(kAlice), alice.next(std::string(1, '\x32')));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].rtp().header.payload_type, 13);
}

TEST_F(TranscodeTest, PassesAKeyPressIntoAnotherClock) {
  connect({opus(), events(101, 48'000)}, {pcma(), events(96)});
  Talker alice(opus());
  say(alice, 20);
  const auto sound = sent_to(kBob);
  sent_.clear();
  const auto begin = alice.source.timestamp;
  for (int i = 1; i <= 5; ++i) {
    engine_.deliver(a_.rtp, address(kAlice),
                    alice.source.event(7, begin, static_cast<std::uint16_t>(i * 960), i == 5));
    pass(milliseconds(20));
  }
  EXPECT_EQ(user_.digits, "7");
  std::vector<rtp::Packet> presses;
  const auto all = sent_to(kBob);
  for (const auto& packet : all) {
    if (packet.rtp().header.payload_type == 96) presses.push_back(packet.rtp());
  }
  ASSERT_EQ(presses.size(), 5u);
  EXPECT_TRUE(presses[0].header.marker);
  for (std::size_t i = 0; i < 5; ++i) {
    const auto event = rtp::parse_telephone_event(presses[i].payload);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->event, 7);
    EXPECT_EQ(event->duration, (i + 1) * 160);
    EXPECT_EQ(event->end, i == 4);
    EXPECT_EQ(presses[i].header.timestamp, presses[0].header.timestamp);
    EXPECT_EQ(presses[i].header.ssrc, sound.back().rtp().header.ssrc);
  }
  const auto since = presses[0].header.timestamp - sound.back().rtp().header.timestamp;
  EXPECT_GE(since, 160u);
  EXPECT_LE(since, 480u);
}

TEST_F(TranscodeTest, NumbersKeyPressesAndSoundInOneSequence) {
  connect({g722(), events()}, {pcma(), events()});
  Talker alice(g722());
  say(alice, 10);
  const auto begin = alice.source.timestamp;
  for (int i = 1; i <= 3; ++i) {
    engine_.deliver(a_.rtp, address(kAlice),
                    alice.source.event(5, begin, static_cast<std::uint16_t>(i * 160), i == 3));
    pass(milliseconds(20));
  }
  say(alice, 10);
  const auto packets = sent_to(kBob);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].rtp().header.sequence,
              static_cast<std::uint16_t>(packets[0].rtp().header.sequence + i));
  }
}

TEST_F(TranscodeTest, SendsNoKeyPressToWhoHasNotNegotiatedAny) {
  connect({g722(), events()}, {pcma()});
  Talker alice(g722());
  engine_.deliver(a_.rtp, address(kAlice), alice.source.event(5, 1'000, 160));
  EXPECT_TRUE(sent_to(kBob).empty());
  EXPECT_EQ(user_.digits, "5");
}

TEST_F(TranscodeTest, TellsBothSidesAboutOurOwnPacketsInReports) {
  connect({pcma()}, {opus()});
  Talker alice(pcma());
  rtp::Report report;
  report.ssrc = 0xa11ce;
  report.sender = rtp::SenderFigures{1, 2, 3, 4};
  std::array<std::uint8_t, 256> buffer;
  rtp::RtcpWriter writer(buffer);
  writer.report(report);
  say(alice, 100);
  engine_.deliver(a_.rtcp, address(kAliceRtcp),
                  {reinterpret_cast<const char*>(buffer.data()), writer.written().size()});
  say(alice, 300);
  const auto reports = sent_to(kBobRtcp);
  ASSERT_FALSE(reports.empty());
  for (const auto& sent : reports) {
    const auto read = *rtp::parse_report(rtp::parse_compound(as_bytes(sent.bytes))->parts[0]);
    EXPECT_EQ(read.ssrc, sent_to(kBob)[0].rtp().header.ssrc);
    ASSERT_TRUE(read.sender);
    EXPECT_GT(read.sender->packets, 40u);
  }
}

TEST_F(TranscodeTest, GivesWayToMusicAndComesBack) {
  connect({pcma()}, {g722()});
  Talker alice(pcma());
  say(alice, 10);
  engine_.play(b_.id, {"moh:default", "en_US", false, g722()});
  sent_.clear();
  say(alice, 10);
  const auto music = sent_to(kBob);
  ASSERT_NEAR(static_cast<double>(music.size()), 10, 1) << "one of the two at a time";
  engine_.stop_playing(b_.id);
  sent_.clear();
  say(alice, 10);
  const auto back = sent_to(kBob);
  ASSERT_GT(back.size(), 7u);
  EXPECT_TRUE(back[0].rtp().header.marker);
  EXPECT_EQ(back[0].rtp().header.sequence,
            static_cast<std::uint16_t>(music.back().rtp().header.sequence + 1));
}

TEST_F(TranscodeTest, KeepsNothingOfSessionsThatAreOver) {
  connect({pcma()}, {g722()});
  Talker alice(pcma());
  say(alice, 10);
  engine_.close(b_.id);
  sent_.clear();
  say(alice, 10);
  EXPECT_TRUE(sent_.empty());
  engine_.close(a_.id);
  pass(milliseconds(50));
  EXPECT_EQ(user_.closed.size(), 2u);
}

TEST_F(TranscodeTest, FollowsANewCodecInTheMiddleOfACall) {
  connect({pcma()}, {g722()});
  Talker alice(pcma());
  say(alice, 10);
  engine_.set_remote(b_.id, speaking(kBob, {pcma()}));
  sent_.clear();
  say(alice, 5);
  ASSERT_EQ(sent_to(kBob).size(), 5u);
  EXPECT_EQ(sent_to(kBob)[0].rtp().header.ssrc, 0xa11ceu);
}

// ------------------------------------------------------------------------------------------------ tones

std::vector<std::int16_t> five(std::uint32_t rate, int ms) {
  const auto samples = rate / 1000 * static_cast<std::size_t>(ms);
  auto out = tone(770, rate, samples, 5'000);
  const auto high = tone(1336, rate, samples, 5'000);
  for (std::size_t i = 0; i < samples; ++i) out[i] = static_cast<std::int16_t>(out[i] + high[i]);
  return out;
}

class ToneTest : public TranscodeTest {
 protected:
  /// A press of 100 ms between silence, encoded by `codec`, into Alice's session.
  void press(const Codec& codec) {
    const auto kind = kind_of(codec);
    const auto rate = sample_rate(kind) == 0 ? 16'000 : sample_rate(kind);
    const auto encoder = make_encoder(kind, rate, {});
    std::vector<std::int16_t> sound(rate / 5);
    const auto key = five(rate, 100);
    sound.insert(sound.end(), key.begin(), key.end());
    sound.resize(sound.size() + rate / 2);
    Source source{codec.payload_type, 10, 0, 0xa11ce};
    std::array<std::uint8_t, 2'000> payload;
    for (std::size_t at = 0; at + rate / 50 <= sound.size(); at += rate / 50) {
      const auto size = encoder->encode(std::span(sound).subspan(at, rate / 50), payload);
      const rtp::Header header{false, codec.payload_type, source.sequence++, source.timestamp, source.ssrc};
      source.timestamp += rtp_rate(kind) / 50;
      engine_.deliver(a_.rtp, address(kAlice),
                      Source::bytes(header, {payload.begin(), payload.begin() + size}));
      pass(milliseconds(20));
    }
    pass(milliseconds(200));
  }
  void listen(const Codec& codec) {
    a_ = open();
    auto far = speaking(kAlice, {codec});
    far.detect_tones = true;
    engine_.set_remote(a_.id, far);
  }
};

TEST_F(ToneTest, AreNotLookedForUnasked) {
  a_ = phone(kAlice, {pcma()});
  press(pcma());
  EXPECT_EQ(user_.digits, "");
}

TEST_F(ToneTest, AreToldOncePerPressInEachCodec) {
  for (const auto& codec : {pcma(), pcmu(), g722(), opus()}) {
    user_.digits.clear();
    listen(codec);
    press(codec);
    EXPECT_EQ(user_.digits, "5") << codec.name;
    engine_.close(a_.id);
    pass(milliseconds(50));
  }
}

TEST_F(ToneTest, AreToldWhileTheSoundIsRelayed) {
  listen(pcma());
  b_ = phone(kBob, {pcma()});
  engine_.connect(a_.id, b_.id);
  press(pcma());
  EXPECT_EQ(user_.digits, "5");
  const auto relayed = sent_to(kBob);
  EXPECT_EQ(relayed.size(), 40u);
  EXPECT_EQ(relayed[0].rtp().header.ssrc, 0xa11ceu);
}

TEST_F(ToneTest, AreToldWhileTheSoundIsTranscoded) {
  listen(opus());
  b_ = phone(kBob, {pcma()});
  engine_.connect(a_.id, b_.id);
  press(opus());
  EXPECT_EQ(user_.digits, "5");
}

TEST_F(ToneTest, AreToldDuringTheEchoTest) {
  listen(g722());
  engine_.echo(a_.id, true);
  press(g722());
  EXPECT_EQ(user_.digits, "5");
  EXPECT_EQ(sent_to(kAlice).size(), 40u);
}

}  // namespace
}  // namespace xivo::media
