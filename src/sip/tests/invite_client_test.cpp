#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// RFC 3261 §17.1.1, §9.1; RFC 6026 §7.2
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

TEST(InviteClient, RepeatsByTimerAAndFailsByTimerB) {
  Bench bench;
  bench.start(Method::Invite);
  std::vector<int> at_ms;
  for (int ms = 0; ms < 32'000; ms += 100) {
    while (at_ms.size() < static_cast<std::size_t>(bench.wire.count("INVITE "))) at_ms.push_back(ms);
    bench.pass(100ms);
  }
  EXPECT_EQ(at_ms, (std::vector<int>{0, 500, 1500, 3500, 7500, 15'500, 31'500}));
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClient, WaitsWithoutATimerOnceAProvisionalHasCome) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  EXPECT_EQ(bench.timers.size(), 0u);
  bench.pass(600s);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  bench.answer(183, "INVITE");
  EXPECT_EQ(bench.user.statuses, (std::vector<int>{180, 183}));
  EXPECT_TRUE(bench.user.failures.empty());
}

TEST(InviteClient, AcknowledgesARefusalEachTimeItComesUntilTimerD) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(486, "INVITE", "busy");
  bench.answer(486, "INVITE", "busy");
  EXPECT_EQ(bench.wire.count("ACK "), 2);
  EXPECT_EQ(bench.user.statuses, std::vector<int>{486});
  bench.answer(180, "INVITE");
  bench.pass(Bench::k64T1 - 1ms);
  EXPECT_EQ(bench.layer.client_count(), 1u);
  bench.pass(Bench::kTidy);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
  EXPECT_EQ(bench.user.statuses, std::vector<int>{486});
}

TEST(InviteClient, TellsEvery2xxUntilTimerM) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(200, "INVITE", "one");
  bench.answer(200, "INVITE", "one");
  bench.answer(200, "INVITE", "two");
  bench.answer(486, "INVITE", "three");
  bench.answer(180, "INVITE", "three");
  EXPECT_EQ(bench.user.statuses, (std::vector<int>{200, 200, 200}));
  EXPECT_EQ(bench.wire.sent.size(), 1u) << "the user acknowledges";
  bench.pass(Bench::k64T1 + Bench::kTidy);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClient, TellsA2xxAfterTimerMAsStray) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(200, "INVITE");
  bench.pass(Bench::k64T1 + Bench::kTidy);
  bench.answer(200, "INVITE");
  bench.answer(486, "INVITE");
  EXPECT_EQ(bench.user.statuses, std::vector<int>{200});
  EXPECT_EQ(bench.user.strays, std::vector<int>{200});
}

TEST(InviteClient, TellsA2xxAfterARefusalAsStray) {
  Bench bench;
  bench.start(Method::Invite);
  bench.answer(487, "INVITE", "one");
  bench.answer(200, "INVITE", "two");
  EXPECT_EQ(bench.user.statuses, std::vector<int>{487});
  EXPECT_EQ(bench.user.strays, std::vector<int>{200});
}

TEST(InviteClient, TellsNo2xxThatIsNotToARequestOfOurs) {
  Bench bench;
  bench.branch = "z9hG4bK-4-foreign";
  bench.answer(200, "INVITE");
  EXPECT_TRUE(bench.user.strays.empty());
}

TEST(InviteClient, TellsARefusalOfTheWireInALaterTurn) {
  Bench bench;
  bench.wire.refusing = true;
  bench.start(Method::Invite);
  EXPECT_TRUE(bench.user.failures.empty());
  bench.pass(1ms);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Transport});
}

TEST(InviteClient, ForgottenStillAcknowledgesARefusal) {
  Bench bench;
  bench.layer.forget(bench.start(Method::Invite));
  bench.answer(180, "INVITE");
  bench.answer(486, "INVITE");
  EXPECT_EQ(bench.wire.count("ACK "), 1);
  EXPECT_TRUE(bench.user.statuses.empty());
}

TEST(InviteClientOverStream, EndsWithARefusal) {
  Bench bench({}, Transport::Tcp);
  bench.start(Method::Invite);
  bench.pass(20s);
  EXPECT_EQ(bench.wire.count("INVITE "), 1);
  bench.answer(486, "INVITE");
  EXPECT_EQ(bench.wire.count("ACK "), 1);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClientOverStream, FailsWithItsConnectionOnlyWhilePending) {
  Bench bench({}, Transport::Tcp);
  bench.start(Method::Invite);
  bench.answer(200, "INVITE");
  bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  bench.layer.on_flow_failed(bench.flow);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Transport});
  EXPECT_EQ(bench.layer.client_count(), 1u) << "the accepted one";
}

TEST(InviteClientCancel, WaitsForAProvisional) {
  Bench bench;
  bench.layer.cancel(bench.start(Method::Invite), "Reason: Q.850;cause=16\r\n");
  bench.pass(500ms);
  EXPECT_EQ(bench.wire.count("INVITE "), 2);
  EXPECT_EQ(bench.wire.count("CANCEL "), 0);
  bench.answer(100, "INVITE");
  ASSERT_EQ(bench.wire.count("CANCEL "), 1);
  EXPECT_NE(bench.wire.sent.back().bytes.find("\r\nReason: Q.850;cause=16\r\n"), std::string::npos);
  bench.answer(200, "CANCEL");
  bench.answer(487, "INVITE");
  EXPECT_EQ(bench.wire.count("ACK "), 1);
  EXPECT_EQ(bench.user.statuses, (std::vector<int>{100, 487})) << "the answer to CANCEL is nobody's business";
  bench.pass(33s);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClientCancel, IsRepeatedUntilAnswered) {
  Bench bench;
  const auto id = bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  bench.layer.cancel(id);
  bench.pass(3500ms);
  EXPECT_EQ(bench.wire.count("CANCEL "), 4);
  bench.answer(200, "CANCEL");
  bench.pass(10s);
  EXPECT_EQ(bench.wire.count("CANCEL "), 4);
}

TEST(InviteClientCancel, WithoutAFinalResponseFailsAfter64T1) {
  Bench bench;
  const auto id = bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  bench.pass(60s);
  bench.layer.cancel(id);
  bench.answer(200, "CANCEL");
  bench.pass(Bench::k64T1 - 1ms);
  EXPECT_TRUE(bench.user.failures.empty());
  bench.pass(1ms);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClientCancel, CrossingA2xxLeavesItToTheUser) {
  Bench bench;
  const auto id = bench.start(Method::Invite);
  bench.answer(180, "INVITE");
  bench.layer.cancel(id);
  bench.answer(200, "INVITE");
  bench.answer(200, "CANCEL");
  EXPECT_EQ(bench.user.statuses, (std::vector<int>{180, 200}));
  bench.pass(33s);
  EXPECT_TRUE(bench.user.failures.empty());
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(InviteClientCancel, OvertakenByAFinalResponseIsNeverSent) {
  for (const int status : {200, 404}) {
    Bench bench;
    bench.layer.cancel(bench.start(Method::Invite));
    bench.answer(status, "INVITE");
    EXPECT_EQ(bench.wire.count("CANCEL "), 0) << status;
    EXPECT_EQ(bench.user.statuses, std::vector<int>{status});
  }
}

TEST(InviteClientCancel, AfterAFinalResponseDoesNothing) {
  for (const int status : {200, 404}) {
    Bench bench;
    const auto id = bench.start(Method::Invite);
    bench.answer(status, "INVITE");
    bench.layer.cancel(id);
    bench.answer(180, "INVITE");
    EXPECT_EQ(bench.wire.count("CANCEL "), 0) << status;
  }
}

TEST(InviteClientCancel, OfAnUnansweredInviteEndsByTimerB) {
  Bench bench;
  bench.layer.cancel(bench.start(Method::Invite));
  bench.pass(Bench::k64T1);
  EXPECT_EQ(bench.wire.count("CANCEL "), 0);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
  EXPECT_EQ(bench.layer.client_count(), 0u);
}

TEST(InviteClientCancel, OfAnotherMethodDoesNothing) {
  Bench bench;
  bench.layer.cancel(bench.start(Method::Options));
  bench.answer(100, "OPTIONS");
  EXPECT_EQ(bench.wire.count("CANCEL "), 0);
}

}  // namespace
}  // namespace xivo::sip::testing
