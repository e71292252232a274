#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

// What the four machines have in common: matching, merging, limits, and messages without a transaction.
namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

std::string status_line(const Bench& bench) {
  if (bench.wire.sent.empty()) return {};
  const auto& bytes = bench.wire.sent.back().bytes;
  return bytes.substr(0, bytes.find('\r'));
}

TEST(TransactionLayer, AnswersARequestItCannotParse) {
  struct Case {
    const char* cut;
    const char* with;
    const char* line;
  };
  const Case cases[] = {
      {"Content-Length: 0", "Content-Length: -1", "SIP/2.0 400 Bad Request"},
      {"CSeq: 1 INVITE", "CSeq: 1 BYE", "SIP/2.0 400 Bad Request"},
      // RFC 3261 §18.3: the datagram ends before the body does
      {"Content-Length: 0\r\n\r\n", "Content-Length: 9\r\n\r\nv=0\r\n", "SIP/2.0 400 Bad Request"},
      {"SIP/2.0\r\nVia", "SIP/7.0\r\nVia", "SIP/2.0 505 Version Not Supported"},
  };
  for (const auto& one : cases) {
    Bench bench;
    auto text = RequestText{}.text();
    text.replace(text.find(one.cut), std::string_view(one.cut).size(), one.with);
    bench.receive(text);
    EXPECT_EQ(status_line(bench), one.line);
    EXPECT_EQ(bench.layer.server_count(), 0u);
    EXPECT_TRUE(bench.user.requests.empty());
  }
}

TEST(TransactionLayer, AnswersNothingToJunkAndToFaultyAcksAndResponses) {
  Bench bench;
  auto ack = RequestText{}.as("ACK").text();
  ack.replace(ack.find("Content-Length: 0"), 17, "Content-Length: x");
  auto response = std::string("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nContent-Length: x\r\n\r\n");
  for (const auto& bytes : {std::string("hello"), std::string("\x16\x03\x01\x02\x00", 5), ack, response}) {
    bench.receive(bytes);
  }
  EXPECT_TRUE(bench.wire.sent.empty());
  EXPECT_TRUE(bench.user.requests.empty());
}

TEST(TransactionLayer, RefusesAMergedRequest) {
  Bench bench;
  RequestText one;
  RequestText other;
  other.via = "SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bK-other";
  bench.receive(one);
  bench.receive(other);
  EXPECT_EQ(status_line(bench), "SIP/2.0 482 Loop Detected");
  EXPECT_EQ(bench.user.requests.size(), 1u);
  EXPECT_EQ(bench.layer.server_count(), 1u);
  bench.receive(other);
  EXPECT_EQ(bench.wire.count("SIP/2.0 482"), 2);
  EXPECT_EQ(bench.wire.sent[0].bytes, bench.wire.sent[1].bytes) << "the same tag";
}

TEST(TransactionLayer, TakesTheNextRequestOfTheSameCallForNoMergedOne) {
  Bench bench;
  RequestText one;
  RequestText with_credentials;
  with_credentials.via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-a2";
  with_credentials.cseq = "2";
  bench.receive(one);
  bench.respond(401);
  bench.receive(with_credentials);
  EXPECT_EQ(bench.user.requests.size(), 2u);
}

TEST(TransactionLayer, TakesARequestInsideADialogForNoMergedOne) {
  Bench bench;
  auto one = RequestText{}.as("INFO", "t1");
  bench.receive(one);
  one.via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-a2";
  bench.receive(one);
  EXPECT_EQ(bench.user.requests.size(), 2u);
}

TEST(TransactionLayer, AcceptsTheRequestAgainOnceTheFirstIsForgotten) {
  Bench bench;
  RequestText one;
  bench.receive(one);
  bench.respond(486);
  bench.receive(one.as("ACK", "t1"));
  bench.pass(5s + Bench::kTidy);
  one.via = "SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bK-other";
  bench.receive(one);
  EXPECT_EQ(bench.user.requests.size(), 2u);
}

TEST(TransactionLayer, TellsMethodsOfTheSameBranchApart) {
  Bench bench;
  bench.receive(RequestText{}.as("REGISTER"));
  bench.receive(RequestText{}.as("OPTIONS"));
  EXPECT_EQ(bench.user.requests, (std::vector<std::string>{"REGISTER", "OPTIONS"}));
}

TEST(TransactionLayer, TellsSentByOfTheSameBranchApart) {
  Bench bench;
  RequestText one;
  bench.receive(one);
  one.via = "SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bK-a1;rport";
  one.call_id = "call-2";
  bench.receive(one);
  EXPECT_EQ(bench.user.requests.size(), 2u);
}

TEST(TransactionLayer, MatchesRequestsWithoutTheCookieByTheirHeaders) {
  for (const char* via : {"SIP/2.0/UDP 192.0.2.7:5060", "SIP/2.0/UDP 192.0.2.7:5060;branch=1",
                          "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK"}) {
    Bench bench;
    RequestText one;
    one.via = via;
    bench.receive(one);
    bench.receive(one);
    EXPECT_EQ(bench.user.requests.size(), 1u) << via;
    bench.receive(one.as("CANCEL"));
    EXPECT_EQ(bench.user.cancelled.size(), 1u) << via;
    bench.respond(487);
    bench.receive(one.as("ACK", "t1"));
    EXPECT_EQ(bench.user.acks, 0) << via;
    auto other = one;
    other.call_id = "call-2";
    bench.receive(other);
    EXPECT_EQ(bench.user.requests.size(), 2u) << via;
  }
}

TEST(TransactionLayer, PassesUpAnAckOfNoTransaction) {
  Bench bench;
  bench.receive(RequestText{}.as("ACK", "t1"));
  EXPECT_EQ(bench.user.acks, 1);
  EXPECT_TRUE(bench.wire.sent.empty());
}

TEST(TransactionLayer, ShedsRequestsAboveItsLimit) {
  Bench bench({2, 2});
  RequestText request = RequestText{}.as("OPTIONS");
  for (int i = 0; i < 3; ++i) {
    request.via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-" + std::to_string(i);
    request.call_id = "call-" + std::to_string(i);
    bench.receive(request);
  }
  EXPECT_EQ(bench.user.requests.size(), 2u);
  EXPECT_EQ(status_line(bench), "SIP/2.0 503 Service Unavailable");
  EXPECT_NE(bench.wire.sent.back().bytes.find("\r\nRetry-After: "), std::string::npos);
}

TEST(TransactionLayer, KeepsRoomForRequestsInsideDialogs) {
  Bench bench({4, 4});
  RequestText request = RequestText{}.as("OPTIONS");
  for (int i = 0; i < 6; ++i) {
    if (i == 4) request = request.as("BYE", "t1");
    request.via = "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK-" + std::to_string(i);
    request.call_id = "call-" + std::to_string(i);
    bench.receive(request);
  }
  EXPECT_EQ(bench.user.requests.size(), 5u);
  EXPECT_EQ(bench.user.requests.back(), "BYE");
  EXPECT_EQ(bench.wire.count("SIP/2.0 503"), 1);
}

TEST(TransactionLayer, StartsNoRequestAboveItsLimit) {
  Bench bench({2, 2});
  EXPECT_TRUE(bench.start(Method::Options));
  EXPECT_TRUE(bench.start(Method::Options));
  EXPECT_FALSE(bench.start(Method::Options));
}

TEST(TransactionLayer, NamesTheShardInEachBranch) {
  Bench bench;
  const auto one = bench.layer.new_branch();
  EXPECT_EQ(one.compare(0, 10, "z9hG4bK-3-"), 0) << one;
  EXPECT_NE(one, bench.layer.new_branch());
}

TEST(TransactionLayer, WritesTheViaOfAFlow) {
  EXPECT_EQ(TransactionLayer::via_value(flow_over(Transport::Udp), "z9hG4bK-0-x"),
            "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-0-x;rport");
  Flow six{Transport::Tls, address("[2001:db8::1]:5061"), address("[2001:db8::2]:5061"), 0};
  EXPECT_EQ(TransactionLayer::via_value(six, "b"), "SIP/2.0/TLS [2001:db8::1]:5061;branch=b;rport");
}

TEST(TransactionLayer, StopsItsTimersWhenItGoes) {
  runtime::ManualClock clock;
  runtime::TimerWheel timers(clock);
  runtime::SeededRng rng(1);
  FakeWire wire;
  FakeUser user;
  {
    TransactionLayer layer({clock, timers, rng}, wire, user, 0);
    auto text = RequestText{}.text();
    layer.on_message(flow_over(Transport::Udp), text.data(), text.size());
    layer.start(flow_over(Transport::Udp), Method::Options, layer.new_branch(), "OPTIONS ...", 1);
    EXPECT_GT(timers.size(), 0u);
  }
  EXPECT_EQ(timers.size(), 0u);
}

TEST(TransactionLayer, TakesOverNoTimersThatWouldSpin) {
  runtime::ManualClock clock;
  runtime::TimerWheel timers(clock);
  runtime::SeededRng rng(1);
  FakeWire wire;
  FakeUser user;
  TransactionLayer layer({clock, timers, rng}, wire, user, 0,
                         {runtime::Duration(0), runtime::Duration(0), {}}, {});
  auto text = RequestText{}.as("OPTIONS").text();
  layer.on_message(flow_over(Transport::Udp), text.data(), text.size());
  pass_time(clock, timers, 1s);
  EXPECT_EQ(layer.server_count(), 0u);
}

}  // namespace
}  // namespace xivo::sip::testing
