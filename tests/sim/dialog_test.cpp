// Dialogs word by word: what no telephone of the flow tests would send. Each test is one exchange of raw messages.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "call/call_registry.hpp"
#include "raw_peer.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kSdp =
    "v=0\r\no=- 1 1 IN IP4 198.51.100.8\r\ns=-\r\nc=IN IP4 198.51.100.8\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8\r\n";

/// The value of a header field in a message.
std::string field(const std::string& bytes, std::string_view name) {
  const auto start = bytes.find(fmt::format("\r\n{}: ", name));
  if (start == std::string::npos) return {};
  const auto value = start + 4 + name.size();
  return bytes.substr(value, bytes.find("\r\n", value) - value);
}

class DialogTest : public testing::Test {
 protected:
  DialogTest() : peer_(world_, "198.51.100.8") {
    world_.add_phone("alice", "101");
    world_.add_phone("bob", "102");
    world_.add_phone("trunk", "900");
    world_.configure("trunk", "host", "198.51.100.8");
    for (const auto* name : {"alice", "bob"}) world_.phone(name)->register_at();
    world_.run_for(seconds(1));
  }
  [[nodiscard]] std::string last() const {
    return peer_.received().empty() ? std::string{} : peer_.received().back();
  }
  int ask(std::string_view method, std::string_view lines = {}, std::string_view body = {},
          std::string_view uri = "sip:102@192.0.2.1") {
    const auto bytes = peer_.request(method, uri, lines, body);
    peer_.forget();
    peer_.send(bytes);
    peer_.keep_only(field(bytes, "Call-ID"));
    return peer_.first_status();
  }
  /// The peer calls bob; what it may send inside the dialog afterwards.
  void call_bob(std::string_view lines = {}) {
    invite_ = peer_.request("INVITE", "sip:102@192.0.2.1", lines, kSdp);
    peer_.send(invite_);
  }
  void answer() {
    world_.phone("bob")->answer();
    world_.run_for(milliseconds(100));
  }
  std::string in_dialog(std::string_view method, unsigned cseq, std::string_view lines = {},
                        std::string_view body = {}) {
    std::string to;
    for (const auto& bytes : peer_.received()) {
      if (const auto value = field(bytes, "To"); value.find("tag=") != std::string::npos) to = value;
    }
    if (!to.empty()) dialog_to_ = to;
    return fmt::format(
        "{} sip:s0@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.8:5060;branch=z9hG4bKin{}\r\n"
        "Max-Forwards: 70\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {}\r\n{}{}Content-Length: "
        "{}\r\n\r\n{}",
        method, ++branches_, field(invite_, "From"), dialog_to_, field(invite_, "Call-ID"), cseq, method,
        lines, body.empty() ? "" : "Content-Type: application/sdp\r\n", body.size(), body);
  }
  int tell(std::string_view method, unsigned cseq, std::string_view lines = {}, std::string_view body = {}) {
    const auto bytes = in_dialog(method, cseq, lines, body);
    peer_.forget();
    peer_.send(bytes);
    peer_.keep_only(fmt::format("CSeq: {} {}", cseq, method));
    return peer_.first_status();
  }
  void expect_nothing_left() {
    world_.run_for(seconds(120));
    EXPECT_EQ(world_.shard().calls().call_count(), 0u);
    EXPECT_EQ(world_.shard().calls().leg_count(), 0u);
    EXPECT_EQ(world_.media().open_count(), 0u);
    EXPECT_EQ(world_.shard().user_agent().transactions().server_count(), 0u);
    EXPECT_EQ(world_.shard().user_agent().transactions().client_count(), 0u);
  }

  World world_{20'261'128};
  RawPeer peer_;
  std::string invite_;
  std::string dialog_to_;
  int branches_ = 0;
};

// ---------------------------------------------------------------------------------------------------- outside dialogs

TEST_F(DialogTest, options_to_us_tells_everything_we_can_do) {
  EXPECT_EQ(ask("OPTIONS", {}, {}, "sip:192.0.2.1"), 200);
  EXPECT_EQ(field(last(), "Allow"),
            "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, MESSAGE, REGISTER, SUBSCRIBE");
  EXPECT_EQ(field(last(), "Allow-Events"), "dialog");
  EXPECT_EQ(field(last(), "Supported"), "100rel, timer");
  EXPECT_EQ(field(last(), "Accept"), "application/sdp, text/plain");
}

TEST_F(DialogTest, options_to_a_number_is_answered_as_an_invite_would_be_to_those_who_may_know) {
  EXPECT_EQ(ask("OPTIONS"), 200);
  EXPECT_EQ(ask("OPTIONS", {}, {}, "sip:199@192.0.2.1"), 404);
  RawPeer stranger(world_, "198.51.100.7");
  stranger.send(stranger.request("OPTIONS", "sip:199@192.0.2.1"));
  EXPECT_EQ(stranger.first_status(), 200) << "a stranger cannot find out which numbers exist";
}

TEST_F(DialogTest, subscriptions_and_publications_of_no_package_of_ours_are_bad_events) {
  EXPECT_EQ(ask("SUBSCRIBE", "Event: presence\r\n"), 489);
  EXPECT_EQ(ask("PUBLISH", "Event: presence\r\n"), 489);
  EXPECT_EQ(ask("NOTIFY", "Event: presence\r\nSubscription-State: active\r\n"), 481);
}

TEST_F(DialogTest, what_a_subscription_keeps_of_a_stranger_is_bounded) {
  const auto with = [](std::size_t bytes) { return "Event: dialog;id=" + std::string(bytes, 'x') + "\r\n"; };
  EXPECT_EQ(ask("SUBSCRIBE", with(300), {}, "sip:*25@192.0.2.1"), 400);
  EXPECT_EQ(world_.shard().user_agent().notifier().size(), 0u);
  EXPECT_EQ(ask("SUBSCRIBE", with(100), {}, "sip:*25@192.0.2.1"), 200);
  EXPECT_EQ(world_.shard().user_agent().notifier().size(), 1u);
}

TEST_F(DialogTest, requests_that_need_a_dialog_do_not_exist_outside) {
  for (const auto* method : {"BYE", "INFO", "PRACK", "UPDATE"}) EXPECT_EQ(ask(method), 481) << method;
  EXPECT_EQ(ask("REFER", "Refer-To: <sip:101@192.0.2.1>\r\n"), 405);
  EXPECT_EQ(ask("DANCE"), 501);
  EXPECT_NE(field(last(), "Allow"), "");
}

TEST_F(DialogTest, an_unknown_extension_is_named_in_the_refusal_and_known_ones_are_not) {
  EXPECT_EQ(ask("INVITE", "Require: 100rel, martini, timer, shaken\r\n", kSdp), 420);
  EXPECT_EQ(field(last(), "Unsupported"), "martini, shaken");
}

TEST_F(DialogTest, a_body_that_is_not_understood_is_refused_unless_it_may_be_left_out) {
  EXPECT_EQ(ask("INVITE", "Content-Encoding: gzip\r\n", kSdp), 415);
  EXPECT_NE(field(last(), "Accept"), "");
  EXPECT_NE(field(last(), "Accept-Encoding"), "");
  EXPECT_EQ(ask("INVITE", "Content-Disposition: render;handling=optional\r\n", kSdp), 180);
}

TEST_F(DialogTest, a_request_that_came_by_two_ways_is_merged) {
  call_bob();
  auto copy = invite_;
  copy.replace(copy.find("z9hG4bKraw"), 10, "z9hG4bKway");
  peer_.forget();
  peer_.send(copy);
  EXPECT_EQ(peer_.first_status(), 482);
  EXPECT_EQ(world_.shard().calls().active_calls(), 1u);
}

TEST_F(DialogTest, a_request_of_ours_that_comes_back_is_a_loop) {
  world_.configure("trunk", "exten", "900");
  world_.phone("alice")->call("900");
  world_.run_for(milliseconds(200));
  ASSERT_TRUE(peer_.received_text("INVITE sip:900@"));
  auto back = peer_.received().front();
  const auto via = fmt::format("Via: SIP/2.0/UDP 198.51.100.8:5060;branch=z9hG4bKproxy\r\n");
  back.insert(back.find("\r\n") + 2, via);
  peer_.forget();
  peer_.send(back);
  EXPECT_EQ(peer_.first_status(), 482);
}

TEST_F(DialogTest, forwards_are_counted_down_to_the_called_phone_and_end_at_zero) {
  world_.configure("trunk", "exten", "900");
  world_.phone("alice")->call("900");
  world_.run_for(milliseconds(200));
  ASSERT_FALSE(peer_.received().empty());
  EXPECT_EQ(field(peer_.received().front(), "Max-Forwards"), "69");
  EXPECT_EQ(field(peer_.received().front(), "Supported"), "100rel, timer");
  EXPECT_EQ(field(peer_.received().front(), "Session-Expires"), "1800");
  auto spent = peer_.request("INVITE", "sip:102@192.0.2.1", {}, kSdp);
  spent.replace(spent.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
  peer_.forget();
  peer_.send(spent);
  EXPECT_EQ(peer_.first_status(), 483);
}

TEST_F(DialogTest, replaces_is_read_and_nobody_is_replaced) {
  EXPECT_EQ(ask("INVITE", "Replaces: nobody;to-tag=a;from-tag=b\r\n", kSdp), 481);
  EXPECT_EQ(ask("INVITE", "Require: replaces\r\nReplaces: nobody;to-tag=a;from-tag=b\r\n", kSdp), 481);
  EXPECT_EQ(ask("INVITE", "Replaces: nobody;to-tag=a\r\n", kSdp), 400);
  EXPECT_EQ(ask("INVITE", "Replaces: a;to-tag=a;from-tag=b\r\nReplaces: c;to-tag=a;from-tag=b\r\n", kSdp),
            400);
  EXPECT_EQ(ask("INVITE", "Replaces: a;to-tag=a;from-tag=b,c;to-tag=a;from-tag=b\r\n", kSdp), 400);
  EXPECT_EQ(ask("INVITE", "Replaces: a;to-tag=a;from-tag=b\r\nJoin: c;to-tag=a;from-tag=b\r\n", kSdp), 400);
  auto& alice = *world_.phone("alice");
  alice.call("102");
  world_.run_for(milliseconds(200));
  world_.phone("bob")->answer();
  world_.run_for(milliseconds(200));
  const auto& id = alice.current()->dialog->id();
  const auto replaces =
      fmt::format("Replaces: {};to-tag={};from-tag={}", id.call_id, id.remote_tag, id.local_tag);
  EXPECT_EQ(ask("INVITE", replaces + "\r\n", kSdp), 603);
  EXPECT_EQ(ask("INVITE", replaces + ";early-only\r\n", kSdp), 486);
  EXPECT_EQ(alice.state(), SimPhone::State::Talking);
}

TEST_F(DialogTest, a_session_time_that_cannot_be_read_is_a_bad_request) {
  EXPECT_EQ(ask("INVITE", "Supported: timer\r\nSession-Expires: soon\r\n", kSdp), 400);
  EXPECT_EQ(ask("INVITE", "Supported: timer\r\nSession-Expires: 30\r\n", kSdp), 422);
  EXPECT_EQ(field(last(), "Min-SE"), "90");
}

TEST_F(DialogTest, at_the_limit_of_calls_the_next_one_is_told_when_to_come_back) {
  world_.options().calls.calls_max = 1;
  world_.restart();
  EXPECT_EQ(ask("INVITE", {}, kSdp), 180);
  EXPECT_EQ(ask("INVITE", {}, kSdp), 503);
  EXPECT_EQ(field(last(), "Retry-After"), "5");
}

TEST_F(DialogTest, a_text_that_is_too_long_or_too_many_of_them_are_refused) {
  const std::string text(1301, 'x');
  EXPECT_EQ(ask("MESSAGE", {}, text), 413);
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    if (ask("MESSAGE", {}, "hello") == 503) ++refused;
  }
  EXPECT_GE(refused, 5);
  EXPECT_EQ(field(last(), "Retry-After"), "5");
}

TEST_F(DialogTest, a_response_that_bears_the_via_of_somebody_else_is_dropped) {
  world_.configure("trunk", "exten", "900");
  world_.phone("alice")->call("900");
  world_.run_for(milliseconds(200));
  ASSERT_FALSE(peer_.received().empty());
  const auto invite = peer_.received().front();
  const auto busy = [&](std::string_view more) {
    return fmt::format(
        "SIP/2.0 486 Busy Here\r\nVia: {}{}\r\nFrom: {}\r\nTo: {};tag=x\r\nCall-ID: {}\r\nCSeq: 1 INVITE\r\n"
        "Content-Length: 0\r\n\r\n",
        field(invite, "Via"), more, field(invite, "From"), field(invite, "To"), field(invite, "Call-ID"));
  };
  peer_.send(busy(", SIP/2.0/UDP 203.0.113.1:5060;branch=z9hG4bKother"));
  peer_.send(busy("\r\nVia: SIP/2.0/UDP 203.0.113.1:5060;branch=z9hG4bKother"));
  EXPECT_EQ(world_.shard().calls().active_calls(), 1u);
  peer_.send(busy({}));
  EXPECT_EQ(world_.shard().calls().active_calls(), 0u);
}

// ---------------------------------------------------------------------------------------------------- CANCEL

std::string cancel_of(const std::string& invite) {
  auto cancel = invite.substr(0, invite.find("Contact:")) + "Content-Length: 0\r\n\r\n";
  cancel.replace(0, 6, "CANCEL");
  cancel.replace(cancel.find("CSeq: 1 INVITE"), 14, "CSeq: 1 CANCEL");
  return cancel;
}

TEST_F(DialogTest, a_cancel_of_nothing_is_481) {
  peer_.send(cancel_of(peer_.request("INVITE", "sip:102@192.0.2.1")));
  EXPECT_EQ(peer_.statuses(), (std::vector<int>{481}));
}

TEST_F(DialogTest, a_cancel_ends_the_invite_and_its_repeat_is_harmless) {
  call_bob();
  peer_.forget();
  peer_.send(cancel_of(invite_));
  peer_.send(cancel_of(invite_));
  EXPECT_EQ(peer_.statuses(), (std::vector<int>{200, 487, 200}));
  peer_.send(in_dialog("ACK", 1));
  expect_nothing_left();
}

TEST_F(DialogTest, a_cancel_that_crosses_the_answer_changes_nothing) {
  call_bob();
  answer();
  peer_.forget();
  peer_.send(cancel_of(invite_), milliseconds(10));
  EXPECT_EQ(peer_.first_status(), 200);
  EXPECT_EQ(world_.shard().calls().active_calls(), 1u);
  peer_.send(in_dialog("ACK", 1));
  EXPECT_EQ(tell("BYE", 2), 200);
  expect_nothing_left();
}

// ---------------------------------------------------------------------------------------------------- inside

TEST_F(DialogTest, a_prack_for_a_response_that_was_never_sent_is_481) {
  call_bob("Supported: 100rel\r\n");
  EXPECT_EQ(tell("PRACK", 2, "RAck: 1 1 INVITE\r\n"), 481);
  EXPECT_EQ(tell("PRACK", 3, "RAck: nonsense\r\n"), 400);
  EXPECT_EQ(tell("PRACK", 4), 400);
  EXPECT_EQ(world_.shard().calls().active_calls(), 1u);
}

TEST_F(DialogTest, a_reliable_response_is_repeated_until_its_prack_comes_and_not_after) {
  call_bob("Require: 100rel\r\n");
  world_.run_for(milliseconds(1600));
  EXPECT_EQ(peer_.statuses(), (std::vector<int>{180, 180, 180}));
  const auto rack = fmt::format("RAck: {} 1 INVITE\r\n", field(last(), "RSeq"));
  EXPECT_EQ(tell("PRACK", 2, rack), 200);
  peer_.forget();
  world_.run_for(seconds(5));
  EXPECT_TRUE(peer_.statuses().empty());
  EXPECT_EQ(tell("PRACK", 3, rack), 481) << "it is acknowledged already";
}

TEST_F(DialogTest, a_prack_may_bring_an_offer) {
  world_.phone("bob")->set_sound_before_answer(true);
  call_bob("Supported: 100rel\r\n");
  const auto rack = fmt::format("RAck: {} 1 INVITE\r\n", field(last(), "RSeq"));
  ASSERT_NE(field(last(), "RSeq"), "");
  EXPECT_EQ(tell("PRACK", 2, rack, kSdp), 200);
  EXPECT_EQ(field(last(), "Content-Type"), "application/sdp");
}

TEST_F(DialogTest, two_changes_at_once_are_told_apart) {
  call_bob();
  answer();
  EXPECT_EQ(tell("INVITE", 2, "Contact: <sip:peer@198.51.100.8>\r\n", kSdp), 500)
      << "the first INVITE is not acknowledged yet";
  EXPECT_NE(field(last(), "Retry-After"), "");
  peer_.send(in_dialog("ACK", 1));
  EXPECT_EQ(tell("INVITE", 3, "Contact: <sip:peer@198.51.100.8>\r\n", kSdp), 200);
  EXPECT_EQ(tell("UPDATE", 4, {}, kSdp), 200) << "its offer and answer are complete";
  peer_.send(in_dialog("ACK", 3));
  EXPECT_EQ(tell("UPDATE", 3), 500) << "an old number";
  EXPECT_EQ(tell("UPDATE", 5, "Require: martini\r\n"), 420);
  EXPECT_EQ(tell("UPDATE", 6, "Supported: timer\r\nSession-Expires: 20\r\n"), 422);
  EXPECT_EQ(tell("UPDATE", 7, {}, "this is no description"), 400);
  EXPECT_EQ(tell("BYE", 8), 200);
  expect_nothing_left();
}

TEST_F(DialogTest, an_offer_in_our_re_invite_answer_waits_for_the_ack) {
  call_bob();
  answer();
  peer_.send(in_dialog("ACK", 1));
  EXPECT_EQ(tell("INVITE", 2, "Contact: <sip:peer@198.51.100.8>\r\n"), 200);
  EXPECT_EQ(field(last(), "Content-Type"), "application/sdp");
  EXPECT_EQ(tell("UPDATE", 3, {}, kSdp), 491) << "our offer waits for its answer";
  peer_.send(in_dialog("ACK", 2, {}, kSdp));
  EXPECT_EQ(tell("UPDATE", 4, {}, kSdp), 200);
}

TEST_F(DialogTest, a_request_with_the_wrong_tag_of_the_phone_belongs_to_no_dialog) {
  call_bob();
  answer();
  peer_.send(in_dialog("ACK", 1));
  auto bye = in_dialog("BYE", 2);
  bye.replace(bye.find(";tag=raw"), 8, ";tag=bad");
  peer_.forget();
  peer_.send(bye);
  EXPECT_EQ(peer_.first_status(), 481);
  EXPECT_EQ(world_.shard().calls().active_calls(), 1u);
}

TEST_F(DialogTest, a_bye_whose_answer_is_lost_is_answered_again) {
  call_bob();
  answer();
  peer_.send(in_dialog("ACK", 1));
  const auto bye = in_dialog("BYE", 2);
  peer_.forget();
  peer_.send(bye);
  peer_.send(bye);
  EXPECT_EQ(peer_.statuses(), (std::vector<int>{200, 200}));
  expect_nothing_left();
}

}  // namespace
}  // namespace xivo::flow
