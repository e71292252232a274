// RFC 8489 with the test vectors of RFC 5769, and messages that are not to be believed.
#include "rtp/stun.hpp"

#include <gtest/gtest.h>

#include "srtp_samples.hpp"

namespace xivo::rtp {
namespace {

using samples::hex;
using samples::Octets;

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
const SocketAddress kMapped4 = *SocketAddress::parse("192.0.2.1:32853");
const SocketAddress kMapped6 = *SocketAddress::parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853");

Octets sample_request() {  // RFC 5769 §2.1
  return hex(
      "00010058 2112a442 b7e7a701bc34d686fa87dfae"
      "80220010 5354554e207465737420636c69656e74"
      "00240004 6e0001ff"
      "80290008 932ff9b151263b36"
      "00060009 6576746a3a68367659202020"
      "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
      "80280004 e57a3bcf");
}
Octets sample_answer4() {  // RFC 5769 §2.2
  return hex(
      "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
      "8022000b 7465737420766563746f7220"
      "00200008 0001a147e112a643"
      "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
      "80280004 c07d4c96");
}
Octets sample_answer6() {  // RFC 5769 §2.3
  return hex(
      "01010048 2112a442 b7e7a701bc34d686fa87dfae"
      "8022000b 7465737420766563746f7220"
      "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
      "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41"
      "80280004 c8fb0b4c");
}
const Octets kTransaction = hex("b7e7a701bc34d686fa87dfae");

/// A request made by `write`, protected and with its fingerprint.
template <class Write>
Octets request(Write&& write) {
  std::array<std::uint8_t, 256> out;
  StunWriter writer(out, StunClass::Request, kTransaction);
  write(writer);
  writer.integrity(kPassword);
  writer.fingerprint();
  return {writer.written().begin(), writer.written().end()};
}

TEST(Stun, RefusesWhatIsNoStun) {
  EXPECT_FALSE(parse_stun({}));
  EXPECT_FALSE(parse_stun(hex("00010000 2112a442 b7e7a701bc34d686fa87df"))) << "a header that is cut";
  EXPECT_FALSE(parse_stun(hex("00010000 2112a443 b7e7a701bc34d686fa87dfae"))) << "another cookie";
  EXPECT_FALSE(parse_stun(hex("80010000 2112a442 b7e7a701bc34d686fa87dfae"))) << "RTP";
}

TEST(Stun, RefusesLengthsThatDoNotFit) {
  EXPECT_FALSE(parse_stun(hex("00010004 2112a442 b7e7a701bc34d686fa87dfae")));
  EXPECT_FALSE(parse_stun(hex("00010008 2112a442 b7e7a701bc34d686fa87dfae 00240008 6e0001ff")));
  EXPECT_FALSE(parse_stun(hex("00010008 2112a442 b7e7a701bc34d686fa87dfae 00240003 6e0001ff")))
      << "a priority has four octets";
  EXPECT_FALSE(parse_stun(hex("00010004 2112a442 b7e7a701bc34d686fa87dfae 00060000"))) << "an empty name";
}

TEST(Stun, RefusesAFingerprintThatIsWrongOrNotLast) {
  auto message = sample_request();
  message.back() ^= 1;
  EXPECT_FALSE(parse_stun(message));
  message = sample_request();
  message.insert(message.end(), {0x80, 0x22, 0, 0});
  message[3] += 4;
  EXPECT_FALSE(parse_stun(message));
}

TEST(Stun, BelievesNoOtherPassword) {
  const auto bytes = sample_request();
  const auto message = parse_stun(bytes);
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->authentic("VOkJxbRl1RmTxUk/WvJxBT"));
  EXPECT_FALSE(message->authentic(""));
}

TEST(Stun, BelievesNothingWithoutIntegrity) {
  const auto bytes = hex("00010000 2112a442 b7e7a701bc34d686fa87dfae");
  const auto message = parse_stun(bytes);
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->authentic(kPassword));
}

TEST(Stun, DoesNotReadWhatFollowsTheIntegrity) {
  std::array<std::uint8_t, 256> out;
  StunWriter writer(out, StunClass::Request, kTransaction);
  writer.username("a:b");
  writer.integrity(kPassword);
  writer.use_candidate();
  const auto message = parse_stun(writer.written());
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->authentic(kPassword));
  EXPECT_FALSE(message->use_candidate);
}

TEST(Stun, TellsWhatHadToBeUnderstood) {
  const auto bytes = request([](StunWriter& writer) {
    writer.attribute(0x7ff0, {});
    writer.attribute(0xc057, kTransaction);  // one that need not be
  });
  const auto message = parse_stun(bytes);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->unknown_count, 1u);
  EXPECT_EQ(message->unknown[0], 0x7ff0);
  std::array<std::uint8_t, kStunAnswerMax> out;
  const auto answer = write_binding_error(out, *message, 420, kPassword);
  const auto read = parse_stun(answer);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_binding(StunClass::Error));
  EXPECT_EQ(read->error, 420);
  EXPECT_TRUE(read->authentic(kPassword));
}

TEST(Stun, RefusesWithoutIntegrityWhereThereIsNoPassword) {
  const auto bytes = sample_request();
  std::array<std::uint8_t, kStunAnswerMax> out;
  const auto read = parse_stun(write_binding_error(out, *parse_stun(bytes), 401, {}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->error, 401);
  EXPECT_EQ(read->integrity_at, 0u);
}

TEST(Stun, WritesNothingWhereThereIsNoRoom) {
  const auto bytes = sample_request();
  std::array<std::uint8_t, 40> small;
  EXPECT_TRUE(write_binding_success(small, *parse_stun(bytes), kMapped6, kPassword).empty());
}

TEST(Stun, ReadsTheSampleRequest) {
  const auto bytes = sample_request();
  const auto message = parse_stun(bytes);
  ASSERT_TRUE(message) << message.error().what;
  EXPECT_TRUE(message->is_binding(StunClass::Request));
  EXPECT_EQ(Octets(message->transaction.begin(), message->transaction.end()), kTransaction);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(message->priority, 0x6e0001ffu);
  EXPECT_EQ(message->controlled, 0x932ff9b151263b36u);
  EXPECT_FALSE(message->controlling);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_EQ(message->unknown_count, 0u);
  EXPECT_TRUE(message->authentic(kPassword));
}

TEST(Stun, ReadsTheSampleAnswers) {
  for (const auto& [bytes, mapped] :
       {std::pair(sample_answer4(), kMapped4), std::pair(sample_answer6(), kMapped6)}) {
    const auto message = parse_stun(bytes);
    ASSERT_TRUE(message) << message.error().what;
    EXPECT_TRUE(message->is_binding(StunClass::Success));
    EXPECT_EQ(message->mapped, mapped);
    EXPECT_TRUE(message->authentic(kPassword));
  }
}

TEST(Stun, WritesAnAnswerForEachFamily) {
  const auto bytes = sample_request();
  for (const auto& mapped : {kMapped4, kMapped6}) {
    std::array<std::uint8_t, kStunAnswerMax> out;
    const auto message = parse_stun(write_binding_success(out, *parse_stun(bytes), mapped, kPassword));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->mapped, mapped);
    EXPECT_EQ(Octets(message->transaction.begin(), message->transaction.end()), kTransaction);
    EXPECT_TRUE(message->authentic(kPassword));
  }
}

TEST(Stun, ReadsBackACheckThatItWrote) {
  const auto bytes = request([](StunWriter& writer) {
    writer.username("ours:theirs");
    writer.priority(7);
    writer.controlling(99);
    writer.use_candidate();
  });
  const auto message = parse_stun(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->username, "ours:theirs");
  EXPECT_EQ(message->priority, 7u);
  EXPECT_EQ(message->controlling, 99u);
  EXPECT_TRUE(message->use_candidate);
}

}  // namespace
}  // namespace xivo::rtp
