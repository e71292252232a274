#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// RFC 3261 §17.2.1, RFC 6026 §7.1
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

TEST(InviteServer, TellsTheUserOnceHoweverOftenTheInviteComes) {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.receive(RequestText{});
  EXPECT_EQ(bench.user.requests, std::vector<std::string>{"INVITE"});
  EXPECT_EQ(bench.layer.server_count(), 1u);
}

TEST(InviteServer, SendsTryingWhenTheUserTakes200Milliseconds) {
  Bench bench;
  bench.receive(RequestText{});
  bench.pass(199ms);
  EXPECT_TRUE(bench.wire.sent.empty());
  bench.pass(1ms);
  ASSERT_EQ(bench.wire.count("SIP/2.0 100 Trying\r\n"), 1);
  EXPECT_EQ(bench.wire.sent[0].bytes.find(";tag=", bench.wire.sent[0].bytes.find("To:")), std::string::npos);
  bench.pass(10s);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
}

TEST(InviteServer, SendsNoTryingWhenTheUserHasAnswered) {
  Bench bench;
  bench.user.when_requested = [&](auto, auto&, auto&) { bench.respond(180); };
  bench.receive(RequestText{});
  bench.pass(10s);
  EXPECT_EQ(bench.wire.count("SIP/2.0 100"), 0);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(bench.timers.size(), 0u) << "a ringing call needs no timer";
}

TEST(InviteServer, TryingEchoesTheTimestamp) {
  Bench bench;
  RequestText invite;
  invite.extra = "Timestamp: 54.2\r\n";
  bench.receive(invite);
  bench.pass(200ms);
  ASSERT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_NE(bench.wire.sent[0].bytes.find("\r\nTimestamp: 54.2\r\n"), std::string::npos);
}

TEST(InviteServer, AnswersARepeatBeforeAnyAnswerWithTrying) {
  Bench bench;
  bench.receive(RequestText{});
  bench.receive(RequestText{});
  EXPECT_EQ(bench.wire.count("SIP/2.0 100"), 1);
  bench.pass(10s);
  EXPECT_EQ(bench.wire.count("SIP/2.0 100"), 1);
}

TEST(InviteServer, AnswersARepeatWithTheLastProvisional) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(180);
  bench.respond(183);
  bench.receive(RequestText{});
  EXPECT_EQ(bench.wire.count("SIP/2.0 183"), 2);
}

TEST(InviteServer, RepeatsARefusalAtT1DoublingToT2UntilTimerH) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(486);
  std::vector<int> at_ms;
  for (int ms = 0; ms <= 33'000; ms += 100) {
    while (at_ms.size() < static_cast<std::size_t>(bench.wire.count("SIP/2.0 486"))) at_ms.push_back(ms);
    bench.pass(100ms);
  }
  EXPECT_EQ(at_ms,
            (std::vector<int>{0, 500, 1500, 3500, 7500, 11'500, 15'500, 19'500, 23'500, 27'500, 31'500}));
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
  EXPECT_TRUE(bench.user.ack_timeouts.empty());
}

TEST(InviteServer, AnswersARepeatWithTheRefusal) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(486);
  bench.receive(RequestText{});
  EXPECT_EQ(bench.wire.count("SIP/2.0 486"), 2);
}

TEST(InviteServer, KeepsTheAckOfARefusalToItself) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(486);
  bench.receive(RequestText{}.as("ACK", "t1"));
  bench.pass(4999ms);
  EXPECT_EQ(bench.wire.count("SIP/2.0 486"), 1) << "timer G stops";
  EXPECT_EQ(bench.user.acks, 0);
  EXPECT_EQ(bench.layer.server_count(), 1u);
  bench.receive(RequestText{}.as("ACK", "t1"));  // repeated
  bench.receive(RequestText{});                  // late
  EXPECT_EQ(bench.user.acks, 0);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  bench.pass(Bench::kTidy);  // timer I
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteServer, RepeatsA2xxUntilAcknowledged) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(200);
  bench.pass(3600ms);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 4);
  auto ack = RequestText{}.as("ACK", "t1");
  ack.via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-ack";
  bench.receive(ack);
  EXPECT_EQ(bench.user.acks, 1) << "the user matches it by dialog";
  bench.layer.acknowledged(bench.user.last_request);
  bench.pass(20s);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 4);
  EXPECT_TRUE(bench.user.ack_timeouts.empty());
}

TEST(InviteServer, TellsWhenA2xxIsNotAcknowledgedWithin64T1) {
  Bench bench;
  bench.receive(RequestText{});
  const auto id = bench.user.last_request;
  bench.respond(200);
  bench.pass(Bench::k64T1 - 1ms);
  EXPECT_TRUE(bench.user.ack_timeouts.empty());
  bench.pass(Bench::kTidy);
  EXPECT_EQ(bench.user.ack_timeouts, std::vector<ServerTransactionId>{id});
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 11);
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteServer, AbsorbsRepeatsAfterA2xxUntilTimerL) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(200);
  bench.layer.acknowledged(bench.user.last_request);
  bench.pass(Bench::k64T1 - 1ms);
  bench.receive(RequestText{});
  EXPECT_EQ(bench.user.requests.size(), 1u);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  bench.pass(Bench::kTidy);
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteServer, PassesUpAnAckThatReusesTheBranchOfAnAcceptedInvite) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(200);
  bench.receive(RequestText{}.as("ACK", "t1"));
  EXPECT_EQ(bench.user.acks, 1);
}

TEST(InviteServer, IgnoresASecondFinalResponse) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(486);
  EXPECT_TRUE(bench.respond(200));
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 0);
}

TEST(InviteServer, KnowsAStaleId) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(486);
  bench.pass(33s);
  EXPECT_FALSE(bench.respond(200));
  bench.layer.acknowledged(bench.user.last_request);
}

TEST(InviteServer, DropsAnAckThatComesBeforeAnyFinalResponse) {
  Bench bench;
  bench.receive(RequestText{});
  bench.receive(RequestText{}.as("ACK"));
  EXPECT_EQ(bench.user.acks, 0);
  EXPECT_EQ(bench.layer.server_count(), 1u);
}

TEST(InviteServerOverStream, RepeatsNoRefusalAndEndsWithTheAck) {
  Bench bench({}, Transport::Tcp);
  bench.receive(RequestText{});
  bench.respond(486);
  bench.pass(20s);
  EXPECT_EQ(bench.wire.count("SIP/2.0 486"), 1);
  bench.receive(RequestText{}.as("ACK", "t1"));
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteServerOverStream, RepeatsA2xxAndEndsWhenAcknowledged) {
  Bench bench({}, Transport::Tcp);
  bench.receive(RequestText{});
  bench.respond(200);
  bench.pass(500ms);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 2) << "RFC 3261 §13.3.1.4 wants it over any transport";
  bench.layer.acknowledged(bench.user.last_request);
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteServerCancel, AnswersTheCancelAndTellsTheUserOnce) {
  Bench bench;
  bench.receive(RequestText{});
  bench.respond(180, "ring");
  bench.receive(RequestText{}.as("CANCEL"));
  bench.receive(RequestText{}.as("CANCEL"));
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 2);
  EXPECT_EQ(bench.user.cancelled, std::vector<ServerTransactionId>{bench.user.last_request});
  EXPECT_EQ(bench.wire.sent[1].bytes, bench.wire.sent[2].bytes);
  bench.respond(487);
  bench.receive(RequestText{}.as("ACK", "t1"));
  bench.pass(5s + Bench::kTidy);
  EXPECT_EQ(bench.layer.server_count(), 0u);
}

TEST(InviteServerCancel, MayBeRefusedByTheUserFromInside) {
  Bench bench;
  bench.user.when_cancelled = [&](auto) { bench.respond(487); };
  bench.receive(RequestText{});
  bench.receive(RequestText{}.as("CANCEL"));
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 1);
  EXPECT_EQ(bench.wire.count("SIP/2.0 487"), 1);
}

TEST(InviteServerCancel, HasNoEffectAfterAFinalResponse) {
  for (const int status : {200, 486}) {
    Bench bench;
    bench.receive(RequestText{});
    bench.respond(status);
    bench.receive(RequestText{}.as("CANCEL"));
    EXPECT_TRUE(bench.user.cancelled.empty()) << status;
    EXPECT_EQ(bench.wire.sent.back().bytes.compare(0, 11, "SIP/2.0 200"), 0) << status;
  }
}

TEST(InviteServerCancel, GetsTheTagOfTheRingingWhenThereIsOne) {
  Bench bench;
  RequestText invite;
  bench.user.when_requested = [&](ServerTransactionId id, const Message& request, const Flow&) {
    bench.layer.respond(id, 180, response_to(request, 180, "ring", {"192.0.2.7", 5060}).finish());
  };
  bench.receive(invite);
  bench.receive(invite.as("CANCEL"));
  EXPECT_NE(bench.wire.sent.back().bytes.find("To: <sip:102@example.com>;tag=ring\r\n"), std::string::npos);
}

TEST(InviteServerCancel, OfNothingGets481) {
  Bench bench;
  bench.receive(RequestText{}.as("CANCEL"));
  EXPECT_EQ(bench.wire.count("SIP/2.0 481"), 1);
  EXPECT_EQ(bench.layer.server_count(), 0u);
}

}  // namespace
}  // namespace xivo::sip::testing
