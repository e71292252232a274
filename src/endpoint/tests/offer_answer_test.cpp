#include "endpoint/offer_answer.hpp"

#include <gtest/gtest.h>

#include "call/negotiation.hpp"
#include "machine_fixture.hpp"
#include "media/inline_engine.hpp"
#include "sdp/parse.hpp"

namespace xivo::endpoint {
namespace {

class Nobody final : public media::SessionUser {
 public:
  void on_play_ended(media::SessionId, bool) override {}
  void on_digit(media::SessionId, char, std::chrono::milliseconds) override {}
  void on_closed(media::SessionId, const media::Statistics&) override {}
};

std::string description(std::string_view formats, std::string_view direction = "sendrecv",
                        std::string_view more = {}) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP " +
         std::string(formats) + "\r\na=" + std::string(direction) + "\r\n" + std::string(more);
}

class OfferAnswerTest : public testing::Test {
 protected:
  OfferAnswerTest() {
    EXPECT_TRUE(offers_.open(*IpAddress::parse("192.0.2.1"), nobody_, {}, time_.rng));
    offers_.set_signalling(*IpAddress::parse("192.0.2.7"));
  }
  bool take_offer(const std::string& text) {
    return offers_.take_offer(*sdp::parse(text), {"alaw", "ulaw"}).has_value();
  }
  static std::uint64_t version(const std::string& text) { return sdp::parse(text)->origin.version; }

  ByHand time_;
  Nobody nobody_;
  media::InlineEngine media_{
      time_.scheduler, [](const SocketAddress&, const SocketAddress&, std::string_view) {}, {}};
  OfferAnswer offers_{media_};
};

TEST_F(OfferAnswerTest, an_offer_without_a_codec_of_the_line_is_refused_and_changes_nothing) {
  EXPECT_FALSE(take_offer(description("9")));
  EXPECT_EQ(offers_.pending(), OfferAnswer::Pending::Nothing);
  EXPECT_FALSE(offers_.agreed());
}

TEST_F(OfferAnswerTest, an_answer_that_takes_nothing_offered_changes_nothing) {
  const auto ours = offers_.offer(call::offer_of({"alaw"}));
  EXPECT_FALSE(offers_.take_answer("no description"));
  EXPECT_FALSE(offers_.take_answer(description("9")));
  EXPECT_EQ(offers_.pending(), OfferAnswer::Pending::Ours);
  EXPECT_TRUE(offers_.negotiated().empty());
  EXPECT_TRUE(offers_.take_answer(description("8")));
  EXPECT_EQ(offers_.negotiated().size(), 1u);
}

TEST_F(OfferAnswerTest, a_refused_change_leaves_what_was_agreed) {
  ASSERT_TRUE(take_offer(description("8")));
  ASSERT_FALSE(offers_.answer(call::offer_of({"alaw"})).empty());
  ASSERT_TRUE(take_offer(description("0", "sendonly")));
  EXPECT_FALSE(offers_.held());
  EXPECT_EQ(offers_.negotiated().front().name, "PCMA");
  EXPECT_TRUE(offers_.answer(call::offer_of({"alaw"})).empty()) << "nothing fits";
  EXPECT_EQ(offers_.pending(), OfferAnswer::Pending::Nothing);
  EXPECT_FALSE(offers_.held());
  EXPECT_EQ(offers_.negotiated().front().name, "PCMA");
}

TEST_F(OfferAnswerTest, a_new_offer_keeps_the_refused_lines_of_the_old_description) {
  ASSERT_TRUE(
      take_offer(description("8 0", "sendrecv", "m=video 5000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n")));
  const auto answer = offers_.answer(call::offer_of({"alaw", "ulaw"}));
  const auto offer = sdp::parse(offers_.offer(call::offer_of({"ulaw"})));
  ASSERT_TRUE(offer);
  ASSERT_EQ(offer->medias.size(), 2u);
  EXPECT_EQ(offer->medias[0].formats.front().payload_type, 0);
  EXPECT_EQ(offer->medias[1].port, 0);
  EXPECT_GT(offer->origin.version, version(answer));
}

const std::string kVideo =
    "m=video 5000 RTP/AVPF 96 97\r\nb=AS:512\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 H264/90000\r\n"
    "a=fmtp:97 profile-level-id=42e01f\r\na=rtcp-fb:96 nack pli\r\na=sendonly\r\n";

TEST_F(OfferAnswerTest, video_is_answered_as_the_other_party_takes_it) {
  ASSERT_TRUE(take_offer(description("8", "sendrecv", kVideo)));
  auto video = offers_.offered().video;
  ASSERT_TRUE(video);
  EXPECT_EQ(video->codecs.size(), 2u);
  EXPECT_EQ(video->attributes, std::vector<std::string>{"rtcp-fb:96 nack pli"});
  video->codecs.erase(video->codecs.begin());
  video->direction = media::Direction::RecvOnly;
  const auto answer = sdp::parse(offers_.answer(call::offer_of({"alaw"}), video));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->medias.size(), 2u);
  const auto& said = answer->medias[1];
  EXPECT_NE(said.port, 0);
  EXPECT_EQ(said.protocol, "RTP/AVPF");
  ASSERT_EQ(said.formats.size(), 1u);
  EXPECT_EQ(said.formats[0].payload_type, 97);
  EXPECT_EQ(said.formats[0].fmtp, "profile-level-id=42e01f");
  EXPECT_EQ(said.direction, sdp::Direction::RecvOnly);
  EXPECT_TRUE(offers_.video());
  EXPECT_EQ(media_.open_count(), 2u);
}

TEST_F(OfferAnswerTest, video_that_nobody_takes_costs_no_port) {
  ASSERT_TRUE(take_offer(description("8", "sendrecv", kVideo)));
  const auto answer = sdp::parse(offers_.answer(call::offer_of({"alaw"})));
  EXPECT_EQ(answer->medias[1].port, 0);
  EXPECT_FALSE(offers_.video());
  EXPECT_FALSE(offers_.remote().video);
  EXPECT_EQ(media_.open_count(), 1u);
}

TEST_F(OfferAnswerTest, video_that_is_declined_gives_its_port_back) {
  media::Video video;
  video.codecs = {{"VP8", 90000, 1, 96, {}}};
  video.feedback = true;
  const auto offer = sdp::parse(offers_.offer(call::offer_of({"alaw"}), video));
  ASSERT_EQ(offer->medias.size(), 2u);
  EXPECT_EQ(offer->medias[1].type, "video");
  EXPECT_EQ(offer->medias[1].protocol, "RTP/AVPF");
  EXPECT_EQ(media_.open_count(), 2u);
  ASSERT_TRUE(offers_.take_answer(description("8", "sendrecv", "m=video 0 RTP/AVPF 96\r\n")));
  EXPECT_FALSE(offers_.video());
  EXPECT_EQ(media_.open_count(), 1u);
}

TEST_F(OfferAnswerTest, an_answer_that_leaves_the_line_of_the_video_out_refuses_it) {
  media::Video video;
  video.codecs = {{"VP8", 90000, 1, 96, {}}};
  ASSERT_FALSE(offers_.offer(call::offer_of({"alaw"}), video).empty());
  ASSERT_TRUE(offers_.take_answer(description("8")));
  EXPECT_FALSE(offers_.video());
  EXPECT_EQ(media_.open_count(), 1u);
}

TEST_F(OfferAnswerTest, an_answer_with_more_lines_than_were_offered_is_none) {
  ASSERT_FALSE(offers_.offer(call::offer_of({"alaw"})).empty());
  EXPECT_FALSE(offers_.take_answer(description("8", "sendrecv", kVideo)));
}

TEST_F(OfferAnswerTest, an_offer_without_video_keeps_its_line_refused) {
  ASSERT_TRUE(take_offer(description("8", "sendrecv", kVideo)));
  const auto video = offers_.offered().video;
  ASSERT_FALSE(offers_.answer(call::offer_of({"alaw"}), video).empty());
  const auto offer = sdp::parse(offers_.offer(call::offer_of({"alaw"})));
  ASSERT_EQ(offer->medias.size(), 2u);
  EXPECT_EQ(offer->medias[1].port, 0);
}

TEST_F(OfferAnswerTest, what_is_said_again_is_the_same_word_for_word) {
  ASSERT_TRUE(take_offer(description("8", "sendonly")));
  const auto answer = offers_.answer(call::offer_of({"alaw"}));
  EXPECT_TRUE(offers_.held());
  EXPECT_EQ(offers_.offer_again(), answer);
  EXPECT_TRUE(offers_.take_answer(description("8", "sendonly")));
  EXPECT_TRUE(offers_.held()) << "a sign of life takes nobody off hold";
}

TEST_F(OfferAnswerTest, the_answer_of_another_phone_to_the_same_offer_replaces_the_first) {
  const auto ours = offers_.offer(call::offer_of({"alaw", "ulaw"}));
  ASSERT_TRUE(offers_.take_answer(description("8")));
  ASSERT_TRUE(offers_.take_answer_again(description("0")));
  EXPECT_EQ(offers_.negotiated().front().name, "PCMU");
  EXPECT_FALSE(offers_.take_answer_again("nonsense"));
  EXPECT_EQ(offers_.negotiated().front().name, "PCMU");
}

}  // namespace
}  // namespace xivo::endpoint
