#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// RFC 3261 §17.2.2, RFC 4320
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

const RequestText kOptions = RequestText{}.as("OPTIONS");

TEST(NonInviteServer, DropsARepeatUntilTheUserHasAnswered) {
  Bench bench;
  bench.receive(kOptions);
  bench.receive(kOptions);
  EXPECT_EQ(bench.user.requests.size(), 1u);
  EXPECT_TRUE(bench.wire.sent.empty());
}

TEST(NonInviteServer, AnswersARepeatWithTheSameBytesUntilTimerJ) {
  Bench bench;
  bench.receive(kOptions);
  bench.respond(200);
  bench.pass(Bench::k64T1 - 1ms);
  bench.receive(kOptions);
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(bench.wire.sent[0].bytes, bench.wire.sent[1].bytes);
  bench.pass(Bench::kTidy);
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteServer, SendsTryingOnlyWhenTheClientsTimerEHasReachedT2) {
  Bench bench;
  bench.receive(kOptions);
  bench.pass(3499ms);
  EXPECT_TRUE(bench.wire.sent.empty());
  bench.pass(1ms);
  EXPECT_EQ(bench.wire.count("SIP/2.0 100"), 1);
  bench.receive(kOptions);
  EXPECT_EQ(bench.wire.count("SIP/2.0 100"), 2);
  bench.respond(200);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 1);
}

TEST(NonInviteServer, SendsNoProvisionalResponseOfTheUser) {
  Bench bench;
  bench.receive(kOptions);
  EXPECT_TRUE(bench.respond(183));
  EXPECT_TRUE(bench.wire.sent.empty());
  bench.respond(200);
  EXPECT_EQ(bench.wire.count("SIP/2.0 200"), 1);
}

TEST(NonInviteServer, Sends408Never) {
  Bench bench;
  bench.receive(kOptions);
  EXPECT_TRUE(bench.respond(408));
  EXPECT_TRUE(bench.wire.sent.empty());
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteServer, SendsNothingOnceTheClientHasGivenUp) {
  Bench bench;
  bench.receive(kOptions);
  bench.pass(Bench::k64T1);
  bench.wire.sent.clear();
  EXPECT_FALSE(bench.respond(200));
  EXPECT_TRUE(bench.wire.sent.empty());
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

TEST(NonInviteServer, IgnoresASecondFinalResponse) {
  Bench bench;
  bench.receive(kOptions);
  bench.respond(200);
  bench.respond(404);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
}

TEST(NonInviteServer, MayBeAnsweredFromInside) {
  Bench bench;
  bench.user.when_requested = [&](auto, auto&, auto&) { bench.respond(200); };
  bench.receive(kOptions);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(bench.timers.size(), 1u) << "only timer J";
}

TEST(NonInviteServerOverStream, EndsWithTheAnswer) {
  Bench bench({}, Transport::Tcp);
  bench.receive(kOptions);
  bench.respond(200);
  EXPECT_EQ(bench.layer.server_count(), 0u);
  EXPECT_EQ(bench.timers.size(), 0u);
}

}  // namespace
}  // namespace xivo::sip::testing
