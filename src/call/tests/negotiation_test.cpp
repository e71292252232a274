#include "call/negotiation.hpp"

#include <gtest/gtest.h>

#include "model/kinds.hpp"

namespace xivo::call {
namespace {

media::Codec codec(std::string name, std::uint8_t type, std::uint32_t rate = 8000,
                   std::uint8_t channels = 1) {
  return {std::move(name), rate, channels, type, {}};
}

std::vector<std::string> names(const std::vector<media::Codec>& codecs) {
  std::vector<std::string> all;
  for (const auto& each : codecs) all.push_back(each.name);
  return all;
}

using Names = std::vector<std::string>;

TEST(Negotiation, an_unknown_config_name_is_no_codec) { EXPECT_FALSE(codec_by_name("mp3")); }

TEST(Negotiation, a_codec_that_the_line_does_not_allow_is_left_out) {
  const std::vector offer = {codec("PCMU", 0), codec("PCMA", 8), codec("telephone-event", 101)};
  EXPECT_EQ(names(allowed(offer, {"alaw"})), (Names{"PCMA", "telephone-event"}));
}

TEST(Negotiation, a_line_without_telephone_events_gets_none) {
  model::SipLine line;
  line.codecs = {"alaw"};
  for (const auto* mode : {"info", "inband"}) {
    line.dtmf_mode = mode;
    const Allowance allowance(line);
    EXPECT_EQ(names(allowed({codec("PCMA", 8), codec("telephone-event", 101)}, allowance)), (Names{"PCMA"}));
    EXPECT_EQ(names(offer_of(allowance)), (Names{"PCMA"}));
    EXPECT_EQ(names(offer_to({codec("PCMA", 8), codec("telephone-event", 101)}, allowance)), (Names{"PCMA"}));
  }
}

TEST(Negotiation, a_line_with_telephone_events_is_offered_them_for_a_caller_without) {
  EXPECT_EQ(names(offer_to({codec("PCMA", 8)}, {"alaw"})), (Names{"PCMA", "telephone-event"}));
}

TEST(Negotiation, the_offers_payload_types_are_kept) {
  const std::vector offer = {codec("opus", 96, 48000, 2)};
  const auto kept = allowed(offer, {"opus"});
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].payload_type, 96);
}

TEST(Negotiation, common_takes_the_order_of_one_side_and_the_numbers_of_the_other) {
  const std::vector offer = {codec("PCMA", 8), codec("telephone-event", 97), codec("PCMU", 0)};
  const std::vector other = {codec("pcmu", 0), codec("telephone-event", 101), codec("G722", 9)};
  const auto both = common(offer, other);
  EXPECT_EQ(names(both), (Names{"PCMU", "telephone-event"}));
  EXPECT_EQ(both[1].payload_type, 97);
}

TEST(Negotiation, events_alone_are_no_audio) {
  EXPECT_FALSE(has_audio({codec("telephone-event", 101)}));
  EXPECT_TRUE(has_audio({codec("telephone-event", 101), codec("PCMA", 8)}));
}

TEST(Negotiation, the_system_answers_with_what_the_phone_likes_best) {
  const std::vector offer = {codec("opus", 96, 48000, 2), codec("PCMU", 0), codec("PCMA", 8),
                             codec("telephone-event", 101)};
  EXPECT_EQ(names(playable(offer)), (Names{"opus", "telephone-event"}));
}

TEST(Negotiation, the_system_answers_with_a_codec_that_it_can_encode_if_there_is_one) {
  EXPECT_EQ(names(playable({codec("G729", 18), codec("G722", 9)})), (Names{"G722"}));
  EXPECT_EQ(names(playable({codec("G729", 18)})), (Names{"G729"}));
  EXPECT_TRUE(playable({codec("telephone-event", 101), codec("CN", 13)}).empty());
}

TEST(Negotiation, an_offer_to_a_line_begins_with_what_the_caller_has) {
  const std::vector caller = {codec("opus", 96, 48000, 2), codec("PCMU", 0), codec("telephone-event", 97)};
  const auto offer = offer_to(caller, {"alaw", "g722", "ulaw", "opus"});
  EXPECT_EQ(names(offer), (Names{"opus", "PCMU", "PCMA", "G722", "telephone-event"}));
  EXPECT_EQ(offer[0].payload_type, 96);
  EXPECT_EQ(offer[4].payload_type, 97);
}

TEST(Negotiation, an_offer_to_a_line_has_what_only_the_line_knows) {
  EXPECT_EQ(names(offer_to({codec("PCMU", 0)}, {"alaw"})), (Names{"PCMA", "telephone-event"}));
}

TEST(Negotiation, an_offer_to_a_line_uses_no_number_twice) {
  const std::vector caller = {codec("PCMA", 8), codec("telephone-event", 107)};
  const auto offer = offer_to(caller, {"alaw", "opus"});
  ASSERT_EQ(names(offer), (Names{"PCMA", "opus", "telephone-event"}));
  EXPECT_NE(offer[1].payload_type, 107);
}

TEST(Negotiation, an_offer_to_a_line_has_key_presses_that_go_with_its_codecs) {
  const std::vector caller = {codec("opus", 96, 48000, 2), codec("telephone-event", 101, 48000)};
  const auto offer = offer_to(caller, {"alaw", "opus"});
  ASSERT_EQ(names(offer), (Names{"opus", "PCMA", "telephone-event", "telephone-event"}));
  EXPECT_EQ(offer[3].clock_rate, 8000u);
  EXPECT_NE(offer[3].payload_type, 101);
}

TEST(Negotiation, nothing_is_added_to_an_offer_that_nobody_could_transcode) {
  EXPECT_TRUE(names(offer_to({codec("G729", 18)}, {"alaw"})).empty());
}

TEST(Negotiation, a_caller_is_answered_with_what_both_have) {
  const std::vector caller = {codec("PCMU", 0), codec("PCMA", 8), codec("telephone-event", 97)};
  const auto answer = answer_for(caller, {codec("PCMA", 8), codec("telephone-event", 101)});
  EXPECT_EQ(names(answer), (Names{"PCMA", "telephone-event"}));
  EXPECT_EQ(answer[1].payload_type, 97);
}

TEST(Negotiation, a_caller_is_answered_with_its_best_codec_when_it_has_to_be_transcoded) {
  const std::vector caller = {codec("G729", 18), codec("PCMU", 0), codec("G722", 9), codec("CN", 13),
                              codec("telephone-event", 97)};
  EXPECT_EQ(names(answer_for(caller, {codec("PCMA", 8), codec("telephone-event", 101)})),
            (Names{"PCMU", "CN", "telephone-event"}));
  EXPECT_EQ(names(answer_for(caller, {codec("PCMA", 8)})), (Names{"PCMU", "CN", "telephone-event"}))
      << "key presses are translated for the other side";
}

TEST(Negotiation, a_caller_gets_no_answer_that_nobody_could_transcode) {
  EXPECT_TRUE(answer_for({codec("G729", 18)}, {codec("PCMA", 8)}).empty());
  EXPECT_TRUE(answer_for({codec("PCMA", 8)}, {codec("G729", 18)}).empty());
}

TEST(Negotiation, a_caller_hears_what_the_other_side_says_of_its_opus) {
  auto callee = codec("opus", 107, 48000, 2);
  callee.fmtp = "useinbandfec=1;maxplaybackrate=16000";
  const auto answer = answer_for({codec("opus", 96, 48000, 2)}, {callee});
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(answer[0].payload_type, 96);
  EXPECT_EQ(answer[0].fmtp, callee.fmtp);
}

TEST(Negotiation, events_of_another_clock_rate_do_not_go_with_the_codec) {
  EXPECT_EQ(names(playable({codec("PCMA", 8), codec("telephone-event", 110, 48000)})), (Names{"PCMA"}));
}

TEST(Negotiation, an_offer_of_a_line_ends_with_telephone_events) {
  const auto offer = offer_of({"alaw", "g722", "nonsense"});
  EXPECT_EQ(names(offer), (Names{"PCMA", "G722", "telephone-event"}));
}

TEST(Negotiation, who_wants_only_to_send_is_answered_by_listening) {
  EXPECT_EQ(answer_to(media::Direction::SendOnly), media::Direction::RecvOnly);
  EXPECT_EQ(answer_to(media::Direction::RecvOnly), media::Direction::SendOnly);
  EXPECT_EQ(answer_to(media::Direction::Inactive), media::Direction::Inactive);
}

TEST(Negotiation, one_side_covers_the_other_when_it_takes_all_that_the_other_may_send) {
  EXPECT_TRUE(covers(offer_of({"alaw", "ulaw"}), offer_of({"ulaw"})));
  EXPECT_FALSE(covers(offer_of({"ulaw"}), offer_of({"alaw", "ulaw"})));
  EXPECT_TRUE(covers(offer_of({"alaw"}), {})) << "who sends nothing can be heard by everybody";
  EXPECT_TRUE(covers({}, offer_of({}))) << "keys are nobody's codec";
}

}  // namespace
}  // namespace xivo::call
