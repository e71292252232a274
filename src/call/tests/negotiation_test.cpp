#include "call/negotiation.hpp"

#include <gtest/gtest.h>

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

TEST(Negotiation, prompts_prefer_a_law) {
  const std::vector offer = {codec("opus", 96, 48000, 2), codec("PCMU", 0), codec("PCMA", 8),
                             codec("telephone-event", 101)};
  EXPECT_EQ(names(playable(offer)), (Names{"PCMA", "telephone-event"}));
}

TEST(Negotiation, prompts_take_what_there_is_when_no_g711_is_offered) {
  EXPECT_EQ(names(playable({codec("opus", 96, 48000, 2)})), (Names{"opus"}));
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
