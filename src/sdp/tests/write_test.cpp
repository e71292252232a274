#include "sdp/write.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "samples.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/parse.hpp"

namespace xivo::sdp {
namespace {

/// SplitMix64: sdp sees base only, so runtime's generator is out of reach.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % bound;
  }
  bool coin() { return below(2) == 0; }

 private:
  std::uint64_t state_;
};

Connection random_connection(Random& random) {
  if (random.coin())
    return Connection::of(IpAddress::v4(static_cast<std::uint32_t>(random.below(1ull << 32))));
  if (random.coin())
    return Connection::of(*IpAddress::parse("2001:db8::" + std::to_string(random.below(9999))));
  return {"host" + std::to_string(random.below(99)) + ".example", std::nullopt};
}

std::optional<Direction> random_direction(Random& random) {
  if (random.coin()) return std::nullopt;
  return static_cast<Direction>(random.below(4));
}

std::vector<Attribute> random_attributes(Random& random) {
  std::vector<Attribute> attributes;
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    Attribute a{"x-" + std::to_string(random.below(9)), std::nullopt};
    if (random.coin()) a.value = "one:two " + std::to_string(random.below(9));
    attributes.push_back(a);
  }
  return attributes;
}

Media random_media(Random& random) {
  Media media;
  media.port = static_cast<std::uint16_t>(random.below(65'536));
  media.port_count = 1 + static_cast<std::uint32_t>(random.below(2));
  if (random.below(5) == 0) {
    media.type = "image";
    media.protocol = "udptl";
    media.formats.push_back({"t38", 0, "", 0, 1, ""});
  } else {
    for (std::uint8_t type = 0; type < 128; type = static_cast<std::uint8_t>(type + 1 + random.below(30))) {
      Format format = make_format(type, "", 0);
      if (auto known = static_format(type)) format = *known;
      if (random.coin()) format = make_format(type, "codec" + std::to_string(type), 16'000, 2, "a=1;b=2");
      media.formats.push_back(format);
    }
  }
  if (random.coin()) media.connection = random_connection(random);
  if (random.coin()) media.bandwidths.push_back({"AS", random.below(1000)});
  media.direction = random_direction(random);
  media.ptime_ms = static_cast<std::uint32_t>(random.below(3) * 20);
  media.maxptime_ms = static_cast<std::uint32_t>(random.below(2) * 60);
  if (random.coin()) media.rtcp = RtcpPort{static_cast<std::uint16_t>(random.below(65'536)), std::nullopt};
  if (media.rtcp && random.coin()) media.rtcp->connection = random_connection(random);
  media.rtcp_mux = random.coin();
  media.attributes = random_attributes(random);
  return media;
}

Session random_session(Random& random) {
  Session session;
  session.origin.session_id = random.below(~0ull);
  session.origin.version = random.below(1000);
  session.connection = random_connection(random);
  session.direction = random_direction(random);
  session.attributes = random_attributes(random);
  for (std::uint64_t i = random.below(4); i > 0; --i) session.medias.push_back(random_media(random));
  return session;
}

TEST(SdpWrite, IsUndoneByParseForAnySession) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random(seed);
    const Session session = random_session(random);
    const std::string text = write(session);
    const auto again = parse(text);
    ASSERT_TRUE(again) << "seed " << seed << ": " << again.error().what << "\n" << text;
    ASSERT_EQ(*again, session) << "seed " << seed << "\n" << text;
  }
}

TEST(SdpWrite, IsUndoneByParseForRealOffers) {
  for (const auto text : {samples::kDeskPhone, samples::kSoftPhone}) {
    const auto session = parse(text);
    ASSERT_TRUE(session);
    EXPECT_EQ(*parse(write(*session)), *session);
  }
}

TEST(SdpWrite, WritesTheLinesInTheOrderOfTheStandard) {
  Capabilities local;
  local.rtp = *SocketAddress::parse("192.0.2.1:4000");
  local.formats = {make_format(8, "PCMA", 8000), make_format(101, "telephone-event", 8000, 1, "0-16")};
  EXPECT_EQ(write(offer(local, {"-", 7, 1, "IN", "IP4", ""})),
            "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
            "a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n");
}

TEST(SdpWrite, LetsNoValueAddALineOfItsOwn) {
  Session session;
  session.name = "x\r\nm=audio 1 RTP/AVP 0";
  session.attributes.push_back({"a", "b\nc=IN IP4 1.1.1.1"});
  const std::string text = write(session);
  EXPECT_EQ(text.find("\nm="), std::string::npos);
  EXPECT_EQ(text.find("\nc="), std::string::npos);
}

TEST(SdpWrite, RaisesTheVersionOnlyWhenSomethingChanged) {
  const auto first = parse(samples::kDeskPhone);
  Session next = *first;
  next.origin = Origin{};
  continue_session(next, *first);
  EXPECT_EQ(next.origin, first->origin);
  next.medias[0].port = 5000;
  continue_session(next, *first);
  EXPECT_EQ(next.origin.version, first->origin.version + 1);
}

}  // namespace
}  // namespace xivo::sdp
