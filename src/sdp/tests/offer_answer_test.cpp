#include "sdp/offer_answer.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"
#include "sdp/parse.hpp"

namespace xivo::sdp {
namespace {

Session offered(std::string_view text) {
  auto session = parse(text);
  EXPECT_TRUE(session) << session.error().what;
  return *session;
}

Capabilities office() {
  Capabilities local;
  local.rtp = *SocketAddress::parse("192.0.2.200:20000");
  local.formats = {make_format(0, "PCMU", 8000), make_format(8, "PCMA", 8000),
                   make_format(107, "opus", 48'000, 2, "useinbandfec=1"),
                   make_format(101, "telephone-event", 8000, 1, "0-16"),
                   make_format(102, "telephone-event", 48'000, 1, "0-16")};
  return local;
}

std::vector<int> numbers(const Media& media) {
  std::vector<int> list;
  for (const Format& f : media.formats) list.push_back(f.payload_type);
  return list;
}

TEST(SdpAnswer, RefusesAnOfferWithoutAudio) {
  EXPECT_EQ(answer(offered(samples::with_media("m=image 5100 udptl t38\r\n")), office(), {}).error().what,
            "no audio offered");
  EXPECT_EQ(answer(offered(samples::with_media("")), office(), {}).error().what, "no audio offered");
}

TEST(SdpAnswer, RefusesAnOfferWithNoCodecInCommon) {
  const auto text =
      samples::with_media("m=audio 5000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n");
  EXPECT_EQ(answer(offered(text), office(), {}).error().what, "no codec in common");
}

TEST(SdpAnswer, DoesNotTakePlainForSecure) {
  EXPECT_EQ(answer(offered(samples::with_media("m=audio 5000 RTP/SAVP 8\r\n")), office(), {}).error().what,
            "no codec in common");
}

TEST(SdpAnswer, KeepsTheOffersOrderAndTelephoneEvent) {
  const auto session = answer(offered(samples::kDeskPhone), office(), {});
  ASSERT_TRUE(session);
  EXPECT_EQ(numbers(session->medias[0]), (std::vector<int>{8, 0, 101}));
  EXPECT_EQ(session->medias[0].format(101)->fmtp, "0-16");
  EXPECT_EQ(session->rtp_address_of(session->medias[0]), office().rtp);
}

TEST(SdpAnswer, KeepsTheOffersPayloadTypesAndRefusesTheOtherMedias) {
  const auto session = answer(offered(samples::kSoftPhone), office(), {});
  ASSERT_TRUE(session);
  ASSERT_EQ(session->medias.size(), 2u);
  EXPECT_EQ(numbers(session->medias[0]), (std::vector<int>{96, 0, 98, 101}));
  EXPECT_EQ(session->medias[0].protocol, "RTP/AVPF");
  EXPECT_EQ(session->medias[1].type, "video");
  EXPECT_EQ(session->medias[1].port, 0);
  EXPECT_EQ(numbers(session->medias[1]), (std::vector<int>{100}));
}

TEST(SdpAnswer, DropsATelephoneEventOfARateNoCodecHas) {
  Capabilities local = office();
  std::erase_if(local.formats, [](const Format& f) { return f.name == "opus"; });
  const auto session = answer(offered(samples::kSoftPhone), local, {});
  ASSERT_TRUE(session);
  EXPECT_EQ(numbers(session->medias[0]), (std::vector<int>{0, 101}));
}

TEST(SdpAnswer, KeepsATelephoneEventOfAnotherRateWhenItIsTheOnlyOne) {
  const auto text = samples::with_media(
      "m=audio 5000 RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n");
  const auto session = answer(offered(text), office(), {});
  ASSERT_TRUE(session);
  EXPECT_EQ(numbers(session->medias[0]), (std::vector<int>{96, 101}));
}

TEST(SdpAnswer, ReversesTheDirectionAndCutsItDownToItsOwn) {
  struct Case {
    const char* offer;
    Direction local;
    Direction answer;
  };
  const Case cases[] = {
      {"a=sendrecv", Direction::SendRecv, Direction::SendRecv},
      {"a=sendonly", Direction::SendRecv, Direction::RecvOnly},
      {"a=recvonly", Direction::SendRecv, Direction::SendOnly},
      {"a=inactive", Direction::SendRecv, Direction::Inactive},
      {"a=sendrecv", Direction::SendOnly, Direction::SendOnly},
      {"a=sendonly", Direction::SendOnly, Direction::Inactive},
      {"c=IN IP4 0.0.0.0", Direction::SendRecv, Direction::RecvOnly},
  };
  for (const Case& c : cases) {
    Capabilities local = office();
    local.direction = c.local;
    const auto text = samples::with_media("m=audio 5000 RTP/AVP 8\r\n" + std::string(c.offer) + "\r\n");
    const auto session = answer(offered(text), local, {});
    ASSERT_TRUE(session);
    EXPECT_EQ(session->medias[0].direction, c.answer) << c.offer;
  }
}

TEST(SdpAnswer, AcceptsMuxOnlyWhenBothWantIt) {
  Capabilities local = office();
  EXPECT_FALSE(answer(offered(samples::kSoftPhone), local, {})->medias[0].rtcp_mux);
  local.rtcp_mux = true;
  EXPECT_TRUE(answer(offered(samples::kSoftPhone), local, {})->medias[0].rtcp_mux);
  EXPECT_FALSE(answer(offered(samples::kDeskPhone), local, {})->medias[0].rtcp_mux);
}

TEST(SdpAgreed, ReadsOurOwnAnswer) {
  const Session theirs = offered(samples::kSoftPhone);
  const auto agreed = accept_offer(theirs, *answer(theirs, office(), {}));
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->formats[0].payload_type, 96);
  EXPECT_EQ(agreed->rtp, SocketAddress::parse("[2001:db8::5]:7078"));
  EXPECT_FALSE(agreed->rtcp_mux);
  EXPECT_EQ(agreed->rtcp, SocketAddress::parse("[2001:db8::5]:7079"));
}

TEST(SdpAgreed, RefusesAnswersThatDoNotFitTheOffer) {
  const Session ours = offer(office(), {});
  EXPECT_EQ(accept_answer(ours, offered(samples::with_media(""))).error().what,
            "answer has another number of medias");
  EXPECT_EQ(accept_answer(ours, offered(samples::with_media("m=audio 0 RTP/AVP 8\r\n"))).error().what,
            "media was refused");
  EXPECT_EQ(accept_answer(ours, offered(samples::with_media("m=audio 5000 RTP/AVP 18\r\n"))).error().what,
            "answer takes a codec that was not offered");
}

TEST(SdpAgreed, ReadsAPeersAnswerWithItsPayloadTypes) {
  const Session ours = offer(office(), {});
  const auto agreed = accept_answer(
      ours, offered(samples::with_media(
                "m=audio 5000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=ptime:30\r\n"
                "a=sendonly\r\n")));
  ASSERT_TRUE(agreed);
  ASSERT_EQ(agreed->formats.size(), 2u);
  EXPECT_EQ(agreed->formats[1].payload_type, 96);
  EXPECT_EQ(agreed->direction, Direction::RecvOnly);
  EXPECT_EQ(agreed->ptime_ms, 30u);
}

TEST(SdpAgreed, UnderstandsADynamicNumberWithoutRtpmapAsTheOfferedOne) {
  const auto agreed =
      accept_answer(offer(office(), {}), offered(samples::with_media("m=audio 5000 RTP/AVP 107 101\r\n")));
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->formats[0].name, "opus");
  EXPECT_TRUE(agreed->formats[1].is_telephone_event());
}

}  // namespace
}  // namespace xivo::sdp
