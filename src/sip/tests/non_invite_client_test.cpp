#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// RFC 3261 §17.1.2
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

std::vector<int> times_sent(Bench& bench, std::string_view start, int until_ms) {
  std::vector<int> at_ms;
  for (int ms = 0; ms <= until_ms; ms += 100) {
    while (at_ms.size() < static_cast<std::size_t>(bench.wire.count(start))) at_ms.push_back(ms);
    bench.pass(100ms);
  }
  return at_ms;
}

TEST(NonInviteClient, RepeatsByTimerEAndFailsByTimerF) {
  Bench bench;
  bench.start(Method::Options);
  EXPECT_EQ(times_sent(bench, "OPTIONS ", 31'900),
            (std::vector<int>{0, 500, 1500, 3500, 7500, 11'500, 15'500, 19'500, 23'500, 27'500, 31'500}));
  bench.pass(0ms);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
  EXPECT_EQ(bench.user.tokens, std::vector<std::uint64_t>{9});
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteClient, RepeatsAtT2OnceAProvisionalHasCome) {
  Bench bench;
  bench.start(Method::Options);
  bench.answer(100, "OPTIONS");
  EXPECT_EQ(times_sent(bench, "OPTIONS ", 10'000), (std::vector<int>{0, 500, 4500, 8500}));
  bench.pass(23s);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
}

TEST(NonInviteClient, TellsOneFinalResponseAndAbsorbsItsRepeatsUntilTimerK) {
  Bench bench;
  bench.start(Method::Options);
  bench.answer(200, "OPTIONS");
  bench.answer(200, "OPTIONS");
  bench.pass(4999ms);
  bench.answer(404, "OPTIONS");
  EXPECT_EQ(bench.user.statuses, std::vector<int>{200});
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(bench.layer.client_count(), 1u);
  bench.pass(Bench::kTidy);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteClient, DropsALateResponseToATransactionThatIsGone) {
  Bench bench;
  bench.start(Method::Options);
  bench.pass(40s);
  bench.answer(200, "OPTIONS");
  EXPECT_TRUE(bench.user.statuses.empty());
  EXPECT_TRUE(bench.user.strays.empty());
}

TEST(NonInviteClient, DropsAResponseToAnotherMethod) {
  Bench bench;
  bench.start(Method::Options);
  bench.answer(200, "REGISTER");
  EXPECT_TRUE(bench.user.statuses.empty());
}

TEST(NonInviteClient, TellsARefusalOfTheWireInALaterTurn) {
  Bench bench;
  bench.wire.refusing = true;
  EXPECT_TRUE(bench.start(Method::Options));
  EXPECT_TRUE(bench.user.failures.empty());
  bench.pass(1ms);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Transport});
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteClient, TellsNothingOnceForgotten) {
  Bench bench;
  bench.layer.forget(bench.start(Method::Options));
  bench.answer(200, "OPTIONS");
  bench.layer.forget(bench.start(Method::Options));
  bench.pass(40s);
  EXPECT_TRUE(bench.user.statuses.empty());
  EXPECT_TRUE(bench.user.failures.empty());
  EXPECT_EQ(bench.layer.client_count(), 0u);
}

TEST(NonInviteClientOverStream, RepeatsNothingAndEndsWithTheAnswer) {
  Bench bench({}, Transport::Tcp);
  bench.start(Method::Options);
  bench.pass(20s);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  bench.answer(200, "OPTIONS");
  EXPECT_EQ(bench.user.statuses, std::vector<int>{200});
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteClientOverStream, FailsWithItsConnection) {
  Bench bench({}, Transport::Tcp);
  bench.start(Method::Options, 1);
  bench.start(Method::Options, 2);
  bench.layer.on_flow_failed(flow_over(Transport::Tcp, "192.0.2.8:5060", 78));
  EXPECT_TRUE(bench.user.failures.empty());
  bench.layer.on_flow_failed(bench.flow);
  EXPECT_EQ(bench.user.failures.size(), 2u);
  EXPECT_EQ(bench.layer.client_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
  bench.layer.on_flow_failed(bench.flow);
  EXPECT_EQ(bench.user.failures.size(), 2u);
}

TEST(NonInviteClientOverStream, ToldOfALostConnectionMayStartAnother) {
  Bench bench({}, Transport::Tcp);
  bench.start(Method::Options, 1);
  const auto middle = bench.start(Method::Options, 2);
  bench.start(Method::Options, 3);
  bench.answer(200, "OPTIONS");
  EXPECT_EQ(bench.layer.client_count(), 2u);
  bench.layer.forget(middle);
  bench.layer.on_flow_failed(bench.flow);
  EXPECT_EQ(bench.user.failures.size(), 1u);
  bench.start(Method::Options, 4);
  EXPECT_EQ(bench.layer.client_count(), 1u);
}

}  // namespace
}  // namespace xivo::sip::testing
