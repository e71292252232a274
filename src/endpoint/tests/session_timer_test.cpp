#include "endpoint/session/session_timer.hpp"

#include <gtest/gtest.h>

#include "machine_fixture.hpp"

namespace xivo::endpoint {
namespace {

using std::chrono::seconds;

class SessionTimerTest : public testing::Test {
 protected:
  [[nodiscard]] auto judge(const std::string& lines) const {
    const Heard request(Heard::invite(), lines);
    return timer_.judge(request.message);
  }
  [[nodiscard]] SessionTimer::Accepted accepted(const std::string& lines) const {
    const auto verdict = judge(lines);
    const auto* accepted = std::get_if<SessionTimer::Accepted>(&verdict);
    return accepted == nullptr ? SessionTimer::Accepted{{999'999, false}, "refused"} : *accepted;
  }
  ByHand time_;
  int refreshes_ = 0;
  int expired_ = 0;
  SessionTimer timer_{time_.scheduler, {}, {[this] { ++refreshes_; }, [this] { ++expired_; }}};
};

TEST_F(SessionTimerTest, what_cannot_be_read_is_malformed) {
  for (const auto* value : {"", "soon", "-5", "90;refresher=me", "99999999999"})
    EXPECT_TRUE(std::holds_alternative<SessionTimer::Malformed>(
        judge(std::string("Session-Expires: ") + value + "\r\n")))
        << value;
}

TEST_F(SessionTimerTest, too_small_is_said_only_to_those_who_know_the_extension) {
  EXPECT_TRUE(
      std::holds_alternative<SessionTimer::TooSmall>(judge("Supported: timer\r\nSession-Expires: 89\r\n")));
  EXPECT_EQ(accepted("Session-Expires: 89\r\n").terms.interval, 0u);
}

TEST_F(SessionTimerTest, a_caller_that_does_not_know_the_extension_has_no_timer) {
  EXPECT_EQ(accepted({}).terms.interval, 0u);
  EXPECT_EQ(accepted({}).lines, "");
}

TEST_F(SessionTimerTest, the_interval_is_the_smaller_wish_and_never_below_min_se) {
  EXPECT_EQ(accepted("Supported: timer\r\n").terms.interval, 1800u);
  EXPECT_EQ(accepted("Supported: timer\r\nSession-Expires: 600\r\n").terms.interval, 600u);
  EXPECT_EQ(accepted("Supported: timer\r\nSession-Expires: 7200\r\n").terms.interval, 1800u);
  EXPECT_EQ(accepted("Supported: timer\r\nSession-Expires: 7200\r\nMin-SE: 3600\r\n").terms.interval, 3600u);
  EXPECT_EQ(accepted("k: timer\r\nx: 600\r\n").terms.interval, 600u);  // compact forms
}

TEST_F(SessionTimerTest, the_caller_chooses_who_refreshes_and_else_we_do) {
  const auto theirs = accepted("Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n");
  EXPECT_FALSE(theirs.terms.we_refresh);
  EXPECT_EQ(theirs.lines, "Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n");
  EXPECT_TRUE(accepted("Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n").terms.we_refresh);
  EXPECT_TRUE(accepted("Supported: timer\r\nSession-Expires: 600\r\n").terms.we_refresh);
  const auto of_proxy = accepted("Session-Expires: 600\r\n");
  EXPECT_EQ(of_proxy.lines, "Session-Expires: 600;refresher=uas\r\n") << "no Require to who does not know it";
}

TEST_F(SessionTimerTest, a_2xx_settles_it_for_our_request) {
  const Heard none(Heard::response(200));
  EXPECT_EQ(timer_.agreed(none.message).interval, 0u);
  const Heard theirs(Heard::response(200), "Session-Expires: 300;refresher=uas\r\n");
  EXPECT_EQ(timer_.agreed(theirs.message).interval, 300u);
  EXPECT_FALSE(timer_.agreed(theirs.message).we_refresh);
  const Heard tiny(Heard::response(200), "Session-Expires: 1;refresher=uac\r\n");
  EXPECT_EQ(timer_.agreed(tiny.message).interval, 90u) << "nobody makes us refresh twice a second";
}

TEST_F(SessionTimerTest, a_422_raises_the_request_within_reason) {
  const Heard fair(Heard::response(422), "Min-SE: 3600\r\n");
  EXPECT_TRUE(timer_.raise(fair.message));
  EXPECT_EQ(timer_.request_lines(), "Session-Expires: 3600\r\nMin-SE: 3600\r\n");
  EXPECT_FALSE(timer_.raise(fair.message)) << "the same again leads nowhere";
  const Heard absurd(Heard::response(422), "Min-SE: 4000000000\r\n");
  EXPECT_FALSE(timer_.raise(absurd.message));
  const Heard silent(Heard::response(422));
  EXPECT_FALSE(timer_.raise(silent.message));
}

TEST_F(SessionTimerTest, we_refresh_at_half_time_and_give_up_shortly_before_the_end) {
  timer_.start({120, true});
  time_.pass(seconds(59));
  EXPECT_EQ(refreshes_, 0);
  time_.pass(seconds(2));
  EXPECT_EQ(refreshes_, 1);
  time_.pass(seconds(26));
  EXPECT_EQ(expired_, 0);
  time_.pass(seconds(2));
  EXPECT_EQ(expired_, 1);  // 120 - 32
}

TEST_F(SessionTimerTest, who_waits_for_the_other_only_gives_up) {
  timer_.start({90, false});
  time_.pass(seconds(59));
  EXPECT_EQ(expired_, 0);
  time_.pass(seconds(2));
  EXPECT_EQ(expired_, 1);  // 90 - 30
  EXPECT_EQ(refreshes_, 0);
}

TEST_F(SessionTimerTest, each_refresh_starts_the_time_anew_and_none_ends_it) {
  timer_.start({120, false});
  time_.pass(seconds(80));
  timer_.start({120, false});
  time_.pass(seconds(80));
  EXPECT_EQ(expired_, 0);
  timer_.start({});
  time_.pass(seconds(1000));
  EXPECT_EQ(expired_, 0);
}

}  // namespace
}  // namespace xivo::endpoint
