#include "sdp/parse.hpp"

#include <gtest/gtest.h>

#include <string>

#include "samples.hpp"

namespace xivo::sdp {
namespace {

using samples::with_media;

std::string_view refusal(std::string_view text) {
  const auto session = parse(text);
  return session ? std::string_view("accepted") : session.error().what;
}

TEST(SdpParse, RefusesWhatIsNotVersionZero) {
  EXPECT_EQ(refusal(""), "description is empty");
  EXPECT_EQ(refusal("v=1\r\no=- 1 1 IN IP4 1.2.3.4\r\n"), "version is not 0");
  EXPECT_EQ(refusal("o=- 1 1 IN IP4 1.2.3.4\r\nv=0\r\n"), "version is not 0");
  EXPECT_EQ(refusal("\r\nv=0\r\n"), "description starts with an empty line");
}

TEST(SdpParse, RefusesAnOriginWithoutItsSixFields) {
  EXPECT_EQ(refusal("v=0\r\ns=-\r\n"), "origin is missing");
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4\r\n"), "origin is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- x 1 IN IP4 1.2.3.4\r\n"), "origin is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- 1 -1 IN IP4 1.2.3.4\r\n"), "origin is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4 1.2.3.4 more\r\n"), "origin is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4 a\r\no=- 1 1 IN IP4 a\r\n"), "origin is repeated or misplaced");
}

TEST(SdpParse, RefusesMediaLinesThatAreNotOfTheGrammar) {
  EXPECT_EQ(refusal(with_media("m=audio\r\n")), "media line is incomplete");
  EXPECT_EQ(refusal(with_media("m=audio 65536 RTP/AVP 0\r\n")), "port is malformed");
  EXPECT_EQ(refusal(with_media("m=audio -1 RTP/AVP 0\r\n")), "port is malformed");
  EXPECT_EQ(refusal(with_media("m=audio 5000/0 RTP/AVP 0\r\n")), "port count is malformed");
  EXPECT_EQ(refusal(with_media("m=audio 5000 RTP/AVP\r\n")), "media has no format");
  EXPECT_EQ(refusal(with_media("m=audio 5000 RTP/AVP 128\r\n")), "formats are malformed or too many");
  EXPECT_EQ(refusal(with_media("m=audio 5000 RTP/AVP PCMU\r\n")), "formats are malformed or too many");
}

TEST(SdpParse, RefusesConnectionsItCannotSendTo) {
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 300.1.1.1\r\n"), "connection is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4 a\r\nc=ATM NSAP x\r\n"), "connection is malformed");
  EXPECT_EQ(refusal("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 5000 RTP/AVP 0\r\n"), "media has no connection");
}

TEST(SdpParse, RefusesControlCharactersAndLinesWithoutAType) {
  EXPECT_EQ(refusal(with_media(std::string("a=x\0y\r\n", 7))), "control character in a line");
  EXPECT_EQ(refusal(with_media("a=x\ry\r\n")), "control character in a line");
  EXPECT_EQ(refusal(with_media("hello\r\n")), "line is not of the form x=value");
}

TEST(SdpParse, SaysWhichLineIsWrong) {
  const auto session = parse("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 300.1.1.1\r\n");
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().detail, 23);
}

TEST(SdpParse, HoldsEveryBound) {
  EXPECT_EQ(refusal(std::string(kBytesMax + 1, 'v')), "description is too long");
  EXPECT_EQ(refusal(with_media("a=" + std::string(kLineMax, 'x') + "\r\n")), "line is too long");
  std::string medias;
  for (std::size_t i = 0; i <= kMediasMax; ++i) medias += "m=audio 0 RTP/AVP 0\r\n";
  EXPECT_EQ(refusal(with_media(medias)), "too many medias");
  std::string formats = "m=audio 5000 RTP/AVP";
  for (std::size_t i = 0; i <= kFormatsMax; ++i) formats += " " + std::to_string(i);
  EXPECT_EQ(refusal(with_media(formats + "\r\n")), "formats are malformed or too many");
  std::string attributes;
  for (std::size_t i = 0; i <= kAttributesMax; ++i) attributes += "a=x\r\n";
  EXPECT_EQ(refusal(with_media(attributes)), "too many attributes");
}

TEST(SdpParse, ReadsADeskPhonesOffer) {
  const auto session = parse(samples::kDeskPhone);
  ASSERT_TRUE(session) << session.error().what;
  EXPECT_EQ(session->origin.session_id, 20518u);
  EXPECT_EQ(session->name, "Phone Call");
  ASSERT_EQ(session->medias.size(), 1u);
  const Media& media = session->medias[0];
  EXPECT_EQ(media.port, 11784);
  EXPECT_EQ(media.ptime_ms, 20u);
  ASSERT_EQ(media.formats.size(), 5u);
  EXPECT_EQ(media.formats[0].name, "G722");
  EXPECT_EQ(media.formats[3].fmtp, "annexb=no");
  EXPECT_TRUE(media.formats[4].is_telephone_event());
  EXPECT_EQ(session->rtp_address_of(media), SocketAddress::parse("192.0.2.10:11784"));
  EXPECT_EQ(session->rtcp_address_of(media), SocketAddress::parse("192.0.2.10:11785"));
}

TEST(SdpParse, KnowsStaticPayloadTypesWithoutRtpmap) {
  const auto session = parse(with_media("m=audio 5000 RTP/AVP 0 3 4 8 9 18 96\r\n"));
  ASSERT_TRUE(session);
  const Media& media = session->medias[0];
  const char* names[] = {"PCMU", "GSM", "G723", "PCMA", "G722", "G729", ""};
  for (std::size_t i = 0; i < media.formats.size(); ++i) EXPECT_EQ(media.formats[i].name, names[i]);
  EXPECT_EQ(media.format(8)->clock_rate, 8000u);
}

TEST(SdpParse, KeepsTheFirstOfARepeatedFormatAndRtpmap) {
  const auto session =
      parse(with_media("m=audio 5000 RTP/AVP 96 96\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:96 "
                       "speex/8000\r\na=rtpmap:97 x/1\r\n"));
  ASSERT_TRUE(session);
  ASSERT_EQ(session->medias[0].formats.size(), 1u);
  EXPECT_EQ(session->medias[0].formats[0].name, "opus");
  EXPECT_EQ(session->medias[0].formats[0].channels, 2);
}

TEST(SdpParse, IgnoresAnRtpmapThatMakesNoSense) {
  const auto session =
      parse(with_media("m=audio 5000 RTP/AVP 8\r\na=rtpmap:8 PCMA\r\na=rtpmap:8 PCMA/0\r\na=rtpmap:8 "
                       "/8000\r\na=rtpmap:8 a b/8000\r\n"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->medias[0].formats[0].name, "PCMA");
  EXPECT_EQ(session->medias[0].formats[0].clock_rate, 8000u);
}

TEST(SdpParse, InheritsConnectionAndDirectionFromTheSession) {
  const auto session = parse(
      "v=0\no=- 1 1 IN IP4 a\nc=IN IP4 192.0.2.1\na=sendonly\n"
      "m=audio 5000 RTP/AVP 0\n"
      "m=audio 6000 RTP/AVP 0\nc=IN IP4 192.0.2.2\na=inactive\n");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->direction_of(session->medias[0]), Direction::SendOnly);
  EXPECT_EQ(session->rtp_address_of(session->medias[0]), SocketAddress::parse("192.0.2.1:5000"));
  EXPECT_EQ(session->direction_of(session->medias[1]), Direction::Inactive);
  EXPECT_EQ(session->rtp_address_of(session->medias[1]), SocketAddress::parse("192.0.2.2:6000"));
}

TEST(SdpParse, TakesTheUnspecifiedAddressAsHold) {
  const auto session = parse(with_media("m=audio 5000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->direction_of(session->medias[0]), Direction::SendOnly);
  EXPECT_FALSE(session->rtp_address_of(session->medias[0]));
}

TEST(SdpParse, ReadsRtcpPortsAndMux) {
  const auto session =
      parse(with_media("m=audio 5000 RTP/AVP 0\r\na=rtcp:5555\r\n"
                       "m=audio 5000 RTP/AVP 0\r\na=rtcp:5555 IN IP6 2001:db8::9\r\n"
                       "m=audio 5000 RTP/AVP 0\r\na=rtcp:5555\r\na=rtcp-mux\r\n"
                       "m=audio 65535 RTP/AVP 0\r\n"));
  ASSERT_TRUE(session);
  const auto& m = session->medias;
  EXPECT_EQ(session->rtcp_address_of(m[0]), SocketAddress::parse("192.0.2.1:5555"));
  EXPECT_EQ(session->rtcp_address_of(m[1]), SocketAddress::parse("[2001:db8::9]:5555"));
  EXPECT_EQ(session->rtcp_address_of(m[2]), SocketAddress::parse("192.0.2.1:5000"));
  EXPECT_FALSE(session->rtcp_address_of(m[3]));
}

TEST(SdpParse, KeepsOtherAttributesVerbatimAndInOrder) {
  const auto session =
      parse(with_media("m=audio 5000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                       "inline:abc=|2^20\r\na=setup:actpass\r\na=end-of-candidates\r\n"));
  ASSERT_TRUE(session);
  const Media& media = session->medias[0];
  ASSERT_EQ(media.attributes.size(), 3u);
  EXPECT_EQ(media.attributes[0].value, "1 AES_CM_128_HMAC_SHA1_80 inline:abc=|2^20");
  EXPECT_EQ(media.attribute("setup")->value, "actpass");
  EXPECT_FALSE(media.attribute("end-of-candidates")->value);
}

TEST(SdpParse, IsMildWhereNothingIsLost) {
  const auto session = parse(
      "v=0\no=-  7  8  IN IP4 host.example\nz=0\nt=0 0\ns=\na=ptime:30\nc=IN IP4 media-1.example.com\n"
      "m=audio  5000/2  RTP/AVP  8\na=ptime:20.0\n\na=maxptime:abc");
  ASSERT_TRUE(session) << session.error().what;
  EXPECT_EQ(session->name, "-");
  EXPECT_EQ(session->medias[0].port_count, 2u);
  EXPECT_EQ(session->medias[0].ptime_ms, 20u);
  EXPECT_EQ(session->connection->host, "media-1.example.com");
  EXPECT_FALSE(session->rtp_address_of(session->medias[0]));
}

TEST(SdpParse, ReadsMediasThatAreNotRtp) {
  const auto session = parse(with_media("m=image 5100 udptl t38\r\na=T38FaxVersion:0\r\n"));
  ASSERT_TRUE(session);
  EXPECT_FALSE(session->medias[0].is_rtp());
  EXPECT_EQ(session->medias[0].formats[0].token, "t38");
  EXPECT_EQ(session->medias[0].format(0), nullptr);
}

}  // namespace
}  // namespace xivo::sdp
