#include "endpoint/reliable_provisionals.hpp"

#include <gtest/gtest.h>

#include "machine_fixture.hpp"

namespace xivo::endpoint {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ReliableProvisionalsTest : public testing::Test {
 protected:
  ByHand time_;
  int sent_ = 0;
  int last_status_ = 0;
  int given_up_ = 0;
  ReliableProvisionals reliable_{time_.scheduler,
                                 {},
                                 {[this](int status, const std::string&) {
                                    ++sent_;
                                    last_status_ = status;
                                  },
                                  [this] { ++given_up_; }}};
};

TEST(RAckTest, anything_but_two_numbers_and_a_method_is_refused) {
  for (const auto* text : {"", "1", "1 2", "a 2 INVITE", "1 b INVITE", "1 2 INVITE x", "-1 2 INVITE"})
    EXPECT_FALSE(RAck::parse(text)) << text;
  const auto rack = RAck::parse("776656  1 INVITE");
  ASSERT_TRUE(rack);
  EXPECT_EQ(rack->rseq, 776656u);
  EXPECT_EQ(rack->method, sip::Method::Invite);
}

TEST_F(ReliableProvisionalsTest, is_repeated_with_growing_pauses_and_given_up_after_64_t1) {
  reliable_.next_rseq();
  reliable_.send(180, "x", false);
  EXPECT_EQ(sent_, 1);
  time_.pass(milliseconds(500));
  EXPECT_EQ(sent_, 2);
  time_.pass(milliseconds(999));
  EXPECT_EQ(sent_, 2);
  time_.pass(milliseconds(1));
  EXPECT_EQ(sent_, 3);
  time_.pass(seconds(29));
  EXPECT_EQ(given_up_, 0);
  time_.pass(seconds(2));
  EXPECT_EQ(given_up_, 1);
  EXPECT_FALSE(reliable_.waits());
}

TEST_F(ReliableProvisionalsTest, the_next_one_waits_for_the_prack_of_the_first) {
  const auto first = reliable_.next_rseq();
  reliable_.send(180, "x", false);
  const auto second = reliable_.next_rseq();
  reliable_.send(183, "y", true);
  EXPECT_EQ(second, first + 1);
  EXPECT_EQ(sent_, 1);
  EXPECT_TRUE(reliable_.description_waits());
  EXPECT_FALSE(reliable_.on_prack({second, 1, sip::Method::Invite}, 1)) << "not sent yet";
  EXPECT_FALSE(reliable_.on_prack({first, 2, sip::Method::Invite}, 1)) << "of another INVITE";
  EXPECT_TRUE(reliable_.on_prack({first, 1, sip::Method::Invite}, 1));
  reliable_.proceed();
  EXPECT_EQ(last_status_, 183);
  EXPECT_TRUE(reliable_.on_prack({second, 1, sip::Method::Invite}, 1));
  EXPECT_FALSE(reliable_.on_prack({second, 1, sip::Method::Invite}, 1)) << "a PRACK counts once";
  EXPECT_FALSE(reliable_.waits());
}

TEST_F(ReliableProvisionalsTest, a_prack_that_crosses_the_final_response_is_still_known) {
  const auto rseq = reliable_.next_rseq();
  reliable_.send(180, "x", false);
  reliable_.stop();
  EXPECT_TRUE(reliable_.on_prack({rseq, 1, sip::Method::Invite}, 1));
  time_.pass(seconds(60));
  EXPECT_EQ(sent_, 1);
  EXPECT_EQ(given_up_, 0);
}

TEST_F(ReliableProvisionalsTest, what_nobody_acknowledges_does_not_pile_up) {
  const auto first = reliable_.next_rseq();
  reliable_.send(183, "x", false);
  for (int i = 0; i < 100; ++i) {
    reliable_.next_rseq();
    reliable_.send(183, "x", false);
  }
  int acknowledged = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    if (reliable_.on_prack({first + i, 1, sip::Method::Invite}, 1)) ++acknowledged;
  }
  EXPECT_EQ(acknowledged, static_cast<int>(ReliableProvisionals::kQueuedMax));
}

TEST(ReliableOrderTest, repeats_and_gaps_are_left_alone) {
  ReliableOrder order;
  EXPECT_FALSE(order.take(0));
  EXPECT_TRUE(order.take(41));
  EXPECT_FALSE(order.take(41));
  EXPECT_FALSE(order.take(43));
  EXPECT_TRUE(order.take(42));
}

}  // namespace
}  // namespace xivo::endpoint
