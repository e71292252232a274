#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// What is too large for UDP.                                                                      RFC 3261 §18.1.1
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kLarge(1'300, 'x');

class LargeRequest : public ::testing::TestWithParam<Method> {
 protected:
  ClientTransactionId start() { return bench.start(GetParam(), 9, kLarge); }
  std::string_view method() { return name(GetParam()); }
  const FakeWire::Sent& last() { return bench.wire.sent.back(); }
  void stream_fails() {
    bench.layer.on_flow_failed({Transport::Tcp, bench.flow.local, bench.flow.remote, 5});
  }

  Bench bench;
};

TEST_P(LargeRequest, GoesByUdpAtOnceWhenNoConnectionCanBeMade) {
  bench.wire.no_streams = true;
  start();
  ASSERT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(last().flow, bench.flow);
  EXPECT_THAT(last().bytes, HasSubstr("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=" + bench.branch));
  bench.answer(486, method());
  EXPECT_EQ(bench.user.statuses, std::vector<int>{486});
}

TEST_P(LargeRequest, GoesByUdpWhenTheConnectionIsRefused) {
  start();
  stream_fails();
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(last().flow, bench.flow);
  EXPECT_TRUE(bench.user.failures.empty());
  bench.pass(500ms);
  EXPECT_EQ(bench.wire.sent.size(), 3u) << "and is repeated as UDP needs it";
  stream_fails();
  EXPECT_TRUE(bench.user.failures.empty()) << "the connection is not its concern any more";
}

TEST_P(LargeRequest, GoesByUdpWhenNothingIsHeardForASecond) {
  start();
  bench.pass(999ms);
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  bench.pass(1ms);
  ASSERT_EQ(bench.wire.sent.size(), 2u);
  EXPECT_EQ(last().flow.transport, Transport::Udp);
  bench.pass(Bench::k64T1);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Timeout});
  EXPECT_EQ(bench.layer.client_count(), 0u);
}

TEST_P(LargeRequest, FailsWhenNeitherWayTakesIt) {
  bench.wire.refusing = true;
  start();
  bench.pass(1ms);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Transport});
}

TEST_P(LargeRequest, FailsWithItsConnectionOnceThePeerHasAnswered) {
  start();
  bench.answer(183, method());
  stream_fails();
  EXPECT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(bench.user.failures, std::vector<ClientFailure>{ClientFailure::Transport});
}

TEST_P(LargeRequest, GoesByTcpAndSaysSo) {
  start();
  ASSERT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(last().flow.transport, Transport::Tcp);
  EXPECT_THAT(last().bytes, HasSubstr("Via: SIP/2.0/TCP 192.0.2.1:5060;branch=" + bench.branch));
  bench.answer(183, method());
  bench.pass(5s);
  EXPECT_EQ(bench.wire.sent.size(), 1u) << "a stream needs no repeats";
  bench.answer(486, method());
  EXPECT_EQ(bench.user.statuses, (std::vector<int>{183, 486}));
}

TEST_P(LargeRequest, DoesNotTryAPeerAgainThatRefused) {
  start();
  stream_fails();
  bench.answer(486, method());
  start();
  EXPECT_EQ(last().flow.transport, Transport::Udp);
  bench.pass(10min);
  start();
  EXPECT_EQ(last().flow.transport, Transport::Tcp) << "but in time";
}

TEST_P(LargeRequest, OfUsualSizeGoesByUdp) {
  bench.start(GetParam());
  EXPECT_EQ(last().flow.transport, Transport::Udp);
}

INSTANTIATE_TEST_SUITE_P(Methods, LargeRequest, ::testing::Values(Method::Invite, Method::Info),
                         [](const auto& each) { return std::string(name(each.param)); });

class TooLargeAnswer : public ::testing::Test {
 protected:
  std::string answer(int status) const {
    return "SIP/2.0 " + std::to_string(status) +
           " X\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-a1;rport=5060\r\n"
           "From: <sip:101@example.com>;tag=f1\r\nTo: <sip:102@example.com>;tag=t1\r\nCall-ID: call-1\r\n"
           "CSeq: 1 " +
           method + "\r\nContent-Length: 65508\r\n\r\n" + std::string(65'508, 'x');
  }
  void receive() { bench.receive(RequestText{}.as(method)); }

  Bench bench;
  std::string method = "OPTIONS";
};

TEST_F(TooLargeAnswer, BecomesASmallErrorInsteadOfSilence) {
  receive();
  bench.layer.respond(bench.user.last_request, 200, answer(200));
  ASSERT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_THAT(bench.wire.sent[0].bytes, StartsWith("SIP/2.0 500 Answer too large for UDP\r\nVia: "));
  EXPECT_THAT(bench.wire.sent[0].bytes, HasSubstr("CSeq: 1 OPTIONS\r\n"));
  receive();
  EXPECT_EQ(bench.wire.count("SIP/2.0 500"), 2) << "a repeat gets the same";
}

TEST_F(TooLargeAnswer, IsNoMatterOverAStream) {
  Bench stream({}, Transport::Tcp);
  stream.receive(RequestText{}.as(method));
  stream.layer.respond(stream.user.last_request, 200, answer(200));
  EXPECT_THAT(stream.wire.sent.back().bytes, StartsWith("SIP/2.0 200"));
}

TEST_F(TooLargeAnswer, ToAnInviteEndsWhatTheUserBelievesToExist) {
  method = "INVITE";
  receive();
  bench.layer.respond(bench.user.last_request, 200, answer(200));
  EXPECT_EQ(bench.wire.count("SIP/2.0 500"), 1);
  EXPECT_TRUE(bench.user.ack_timeouts.empty());
  bench.receive(RequestText{}.as("ACK", "t1"));
  EXPECT_EQ(bench.user.ack_timeouts.size(), 1u);
  bench.pass(Bench::k64T1 + Bench::kTidy);
  EXPECT_EQ(bench.user.ack_timeouts.size(), 1u) << "once";
  EXPECT_EQ(bench.layer.server_count(), 0u);
}

TEST_F(TooLargeAnswer, ToAnInviteThatNobodyAcknowledgesEndsItAsWell) {
  method = "INVITE";
  receive();
  bench.layer.respond(bench.user.last_request, 200, answer(200));
  bench.pass(Bench::k64T1 + Bench::kTidy);
  EXPECT_EQ(bench.user.ack_timeouts.size(), 1u);
}

TEST_F(TooLargeAnswer, IsNotSentWhenItIsOnlyProvisional) {
  method = "INVITE";
  receive();
  bench.layer.respond(bench.user.last_request, 183, answer(183));
  EXPECT_EQ(bench.wire.count("SIP/2.0 183"), 0);
}

}  // namespace
}  // namespace xivo::sip::testing
