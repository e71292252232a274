#include "endpoint/session/session_change.hpp"

#include <gtest/gtest.h>

#include "machine_fixture.hpp"

namespace xivo::endpoint {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = SessionChange::Outcome;
using State = SessionChange::State;

class SessionChangeTest : public testing::Test, private SessionChange::User {
 protected:
  [[nodiscard]] bool may_change() const override { return quiet_; }
  bool send_change(const SessionWish& wish) override {
    if (!can_send_) return false;
    sent_.push_back(wish.kind);
    return true;
  }
  void on_change_failed(const SessionWish&, Outcome outcome) override { failed_ = outcome; }
  static SessionWish codecs() {
    SessionWish wish;
    wish.kind = SessionWish::Kind::Codecs;
    return wish;
  }
  Outcome answer(int status, const std::string& lines = {}) {
    const Heard response(Heard::response(status), lines);
    return change_.on_response(response.message);
  }
  /// How long after a 491 the request is sent again.
  runtime::Duration wait_after_glare(bool owner, std::uint64_t draws) {
    ByHand time;
    for (std::uint64_t i = 0; i < draws; ++i) time.rng.next();
    SessionChange change(time.scheduler, *this, owner);
    change.want({});
    const auto before = sent_.size();
    const Heard glare(Heard::response(491));
    EXPECT_EQ(change.on_response(glare.message), Outcome::Again);
    const auto start = time.clock.now();
    while (sent_.size() == before && time.clock.now() - start < seconds(10)) time.pass(milliseconds(10));
    return time.clock.now() - start;
  }

  ByHand time_;
  bool quiet_ = true;
  bool can_send_ = true;
  std::vector<SessionWish::Kind> sent_;
  std::optional<Outcome> failed_;
  SessionChange change_{time_.scheduler, *this, true};
};

TEST_F(SessionChangeTest, what_cannot_be_sent_is_told) {
  can_send_ = false;
  change_.want({});
  EXPECT_EQ(failed_, Outcome::Refused);
  EXPECT_EQ(change_.state(), State::Idle);
}

TEST_F(SessionChangeTest, waits_until_nothing_is_in_the_way) {
  quiet_ = false;
  change_.want({});
  EXPECT_TRUE(sent_.empty());
  quiet_ = true;
  change_.resume();
  EXPECT_EQ(sent_.size(), 1u);
  change_.resume();
  EXPECT_EQ(sent_.size(), 1u) << "one at a time";
}

TEST_F(SessionChangeTest, after_a_collision_the_owner_of_the_call_id_waits_longer) {
  for (std::uint64_t draws = 0; draws < 20; ++draws) {
    const auto owner = wait_after_glare(true, draws);
    EXPECT_GE(owner, milliseconds(2100));
    EXPECT_LE(owner, milliseconds(4010));
    EXPECT_LE(wait_after_glare(false, draws), milliseconds(2010));
  }
}

TEST_F(SessionChangeTest, a_500_with_retry_after_is_obeyed_within_reason) {
  change_.want({});
  EXPECT_EQ(answer(500, "Retry-After: 7\r\n"), Outcome::Again);
  time_.pass(seconds(6));
  EXPECT_EQ(sent_.size(), 1u);
  time_.pass(seconds(2));
  EXPECT_EQ(sent_.size(), 2u);
  EXPECT_EQ(answer(500, "Retry-After: 3600\r\n"), Outcome::Refused);
}

TEST_F(SessionChangeTest, collisions_without_end_come_to_an_end) {
  change_.want({});
  int answers = 0;
  for (; answers < 100 && answer(491) == Outcome::Again; ++answers) time_.pass(seconds(5));
  EXPECT_EQ(answers, SessionChange::kAttemptsMax - 1);
  EXPECT_EQ(change_.state(), State::Idle);
}

TEST_F(SessionChangeTest, a_dialog_that_the_other_side_has_lost_is_gone) {
  for (const int status : {481, 408}) {
    change_.want({});
    EXPECT_EQ(answer(status), Outcome::Gone) << status;
  }
  change_.want({});
  EXPECT_EQ(change_.on_failure(), Outcome::Gone);
}

TEST_F(SessionChangeTest, a_wish_for_codecs_follows_the_refresh_under_way_and_a_refresh_does_not) {
  change_.want({});
  change_.want({});
  change_.want(codecs());
  EXPECT_EQ(answer(200), Outcome::Agreed);
  EXPECT_EQ(change_.finished().kind, SessionWish::Kind::Refresh);
  time_.pass(milliseconds(20));
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_.back(), SessionWish::Kind::Codecs);
  EXPECT_EQ(answer(488), Outcome::Refused);
  time_.pass(seconds(60));
  EXPECT_EQ(sent_.size(), 2u);
}

}  // namespace
}  // namespace xivo::endpoint
