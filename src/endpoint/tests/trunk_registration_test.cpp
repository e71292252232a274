#include <gtest/gtest.h>

#include "endpoint/tests/trunk_fixture.hpp"

namespace xivo::endpoint::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = Registration::State;
using Kind = TrunkEvent::Kind;

class RegistrationTest : public TrunkTest {
 protected:
  /// Up to the granted registration.
  void registered(int granted = 120) {
    start();
    answer(only(), 401, challenge("n1"));
    grant(only(), granted);
    ASSERT_EQ(registration().state(), State::Registered);
  }
};

TEST_F(RegistrationTest, KeepsTryingWhenTheSecretIsWrong) {
  start();
  answer(only(), 401, challenge("n1"));
  answer(only(), 401, challenge("n2"));
  EXPECT_EQ(registration().state(), State::Rejected);
  EXPECT_EQ(last_event(), Kind::WrongCredentials);
  EXPECT_EQ(describe(*registration().last_error(), model::Language::French),
            "identifiant ou mot de passe refusé par l'opérateur (401)");
  EXPECT_FALSE(usable());
  pass(seconds(29));
  EXPECT_TRUE(taken().empty());
  pass(seconds(5));
  answer(only(), 401, challenge("n3"));
  answer(only(), 401, challenge("n4"));
  pass(seconds(59));
  EXPECT_TRUE(taken().empty());
  pass(seconds(8));
  answer(only(), 401, challenge("n5"));
  grant(only(), 120);
  EXPECT_EQ(registration().state(), State::Registered);
  EXPECT_FALSE(registration().last_error());
  EXPECT_TRUE(usable());
}

TEST_F(RegistrationTest, ATimeoutIsTriedAgainAndTheWaitGrowsToFiveMinutes) {
  start();
  std::vector<seconds> waits;
  for (int i = 0; i < 7; ++i) {
    EXPECT_FALSE(taken().empty());
    pass(seconds(32));  // timer F
    EXPECT_EQ(registration().state(), State::Unregistered);
    EXPECT_EQ(last_event(), Kind::Silent);
    taken();
    const auto begin = time.clock.now();
    while (wire.sent.empty()) pass(milliseconds(100));
    waits.push_back(std::chrono::round<seconds>(time.clock.now() - begin));
  }
  EXPECT_GE(waits[0], seconds(20));
  EXPECT_LE(waits[0], seconds(23));
  EXPECT_GE(waits[2], seconds(80));
  EXPECT_GE(waits[6], seconds(300));
  EXPECT_LE(waits[6], seconds(331));
}

TEST_F(RegistrationTest, RetryAfterIsRespected) {
  start();
  answer(only(), 503, "Retry-After: 120\r\n");
  EXPECT_EQ(last_event(), Kind::Refused);
  pass(seconds(119));
  EXPECT_TRUE(taken().empty());
  pass(seconds(2));
  only();
}

TEST_F(RegistrationTest, AHostThatDoesNotExistIsSaid) {
  trunk.host = "nobody.example";
  start();
  pass(milliseconds(10));
  EXPECT_TRUE(taken().empty());
  EXPECT_EQ(last_event(), Kind::NotFound);
  EXPECT_EQ(describe(client().history().events().back(), model::Language::English),
            "nobody.example cannot be found in the DNS");
}

TEST_F(RegistrationTest, AChallengeWithoutDigestCannotBeAnswered) {
  start();
  answer(only(), 401, "WWW-Authenticate: Basic realm=\"op\"\r\n");
  EXPECT_EQ(registration().state(), State::Rejected);
  EXPECT_TRUE(taken().empty());
}

TEST_F(RegistrationTest, ProvesTheSecretAndRenewsBeforeTheTimeIsOver) {
  start();
  auto first = only();
  EXPECT_EQ(first->request_uri_text(), "sip:203.0.113.7");
  EXPECT_FALSE(first->header(sip::HeaderId::Authorization));
  EXPECT_TRUE(usable());  // nothing is known against it
  answer(first, 401, challenge("n1"));
  auto second = only();
  EXPECT_EQ(proof(second, "n1"), "00000001");
  EXPECT_EQ(second->call_id(), first->call_id());
  EXPECT_GT(second->cseq().number, first->cseq().number);
  grant(second, 100);
  EXPECT_EQ(registration().state(), State::Registered);
  EXPECT_EQ(registration().interval(), 100);
  pass(seconds(74));
  EXPECT_TRUE(taken().empty());
  pass(seconds(6));
  auto renewal = only();
  EXPECT_EQ(proof(renewal, "n1"), "00000002");  // unasked
  grant(renewal, 100);
  EXPECT_EQ(last_event(), Kind::Refreshed);
  EXPECT_EQ(registration().state(), State::Registered);
}

TEST_F(RegistrationTest, TheFirstChallengeThatCanBeAnsweredIs) {
  start();
  answer(only(), 401, challenge("n0", "", "SHA-512-256") + challenge("n1", "", "SHA-256") + challenge("n2"));
  auto second = only();
  EXPECT_EQ(proof(second, "n1"), "00000001");
  EXPECT_EQ(second.values(sip::HeaderId::Authorization).size(), 1U);
}

TEST_F(RegistrationTest, AStaleNonceIsNoRefusal) {
  registered(100);
  pass(seconds(80));
  answer(only(), 401, challenge("n2", ", stale=true"));
  auto again = only();
  EXPECT_EQ(proof(again, "n2"), "00000001");
  grant(again, 100);
  EXPECT_EQ(registration().state(), State::Registered);
}

TEST_F(RegistrationTest, ANonceThatServedBeforeMayBeReplacedWithoutAWord) {
  registered(100);
  pass(seconds(80));
  answer(only(), 401, challenge("n2"));
  EXPECT_EQ(proof(only(), "n2"), "00000001");
}

TEST_F(RegistrationTest, AnOperatorThatChallengesForEverIsLeft) {
  start();
  int requests = 0;
  for (int i = 0; i < 20; ++i) {
    auto all = taken();
    if (all.empty()) break;
    ++requests;
    answer(all.back(), 401, challenge(fmt::format("n{}", i), ", stale=true"));
  }
  EXPECT_LE(requests, DigestClient::kRoundsMax + 1);
  EXPECT_EQ(registration().state(), State::Rejected);
}

TEST_F(RegistrationTest, AsksForLongerWhenTheIntervalIsTooBrief) {
  start();
  answer(only(), 423, "Min-Expires: 1800\r\n");
  auto longer = only();
  EXPECT_EQ(*longer->header(sip::HeaderId::Expires), "1800");
  grant(longer, 1800);
  EXPECT_EQ(registration().interval(), 1800);
}

TEST_F(RegistrationTest, AnAbsurdMinimumIsARefusal) {
  start();
  answer(only(), 423, "Min-Expires: 4000000000\r\n");
  EXPECT_TRUE(taken().empty());
  EXPECT_EQ(registration().state(), State::Rejected);
}

TEST_F(RegistrationTest, ARegistrationThatCannotBeRenewedHoldsUntilItRunsOut) {
  registered(100);
  pass(seconds(80));
  taken();
  pass(seconds(15));
  EXPECT_TRUE(registration().is_registered());
  EXPECT_TRUE(usable());
  pass(seconds(30));
  EXPECT_FALSE(registration().is_registered());
  EXPECT_FALSE(usable());
  EXPECT_EQ(registration().state(), State::Unregistered);
}

TEST_F(RegistrationTest, GoesOnToTheNextServerAfterASilenceOrA503) {
  trunk.host = "op.example";
  dns.service("_sip._udp.op.example", 10, 0, 5060, "one.example");
  dns.service("_sip._udp.op.example", 20, 0, 5070, "two.example");
  dns.address("one.example", "203.0.113.1");
  dns.address("two.example", "203.0.113.2");
  start();
  pass(milliseconds(10));
  taken();
  EXPECT_EQ(last_flow.remote.to_string(), "203.0.113.1:5060");
  pass(seconds(5));
  auto second = taken();
  EXPECT_EQ(last_flow.remote.to_string(), "203.0.113.2:5070");
  grant(second.back(), 100);
  EXPECT_TRUE(registration().is_registered());
  pass(seconds(80));
  auto renewal = only();
  EXPECT_EQ(last_flow.remote.to_string(), "203.0.113.2:5070");  // where we are registered
  answer(renewal, 503);
  taken();
  EXPECT_EQ(last_flow.remote.to_string(), "203.0.113.1:5060");
}

TEST_F(RegistrationTest, GoesByTheOutboundProxy) {
  trunk.host = "op.example";
  trunk.outbound_proxy = "203.0.113.9:5080";
  start();
  auto request = only();
  EXPECT_EQ(last_flow.remote.to_string(), "203.0.113.9:5080");
  EXPECT_EQ(request->request_uri_text(), "sip:op.example");
  EXPECT_EQ(*request->header(sip::HeaderId::Route), "<sip:203.0.113.9:5080;lr>");
}

TEST_F(RegistrationTest, ATrunkThatIsRemovedWithdrawsItsRegistration) {
  registered();
  const auto line = board.current()->all.at(0).line;
  remove();
  pass(seconds(2));
  auto last = only();
  EXPECT_EQ(*last->header(sip::HeaderId::Expires), "0");
  EXPECT_NE(last->header(sip::HeaderId::Contact)->find(";line=" + line), std::string_view::npos);
  EXPECT_TRUE(board.current()->all.empty());
}

TEST_F(RegistrationTest, AChangedTrunkRegistersAnewAndADisabledOneNot) {
  registered();
  trunk.username = "0999";
  publish();
  pass(seconds(2));
  auto both = taken();
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[1]->to().uri.user, "0999");
  trunk.enabled = false;
  publish();
  pass(seconds(2));
  EXPECT_EQ(group->find(trunk.id), nullptr);
}

TEST_F(RegistrationTest, ALostConnectionIsMadeAgain) {
  trunk.transport = "tcp";
  registered();
  group->on_flow_failed(last_flow);
  EXPECT_EQ(last_event(), Kind::ConnectionLost);
  pass(seconds(2));
  EXPECT_EQ(only()->method(), sip::Method::Register);
}

TEST_F(RegistrationTest, KeepsTheServiceRouteForCalls) {
  start();
  answer(only(), 200, "Service-Route: <sip:sbc.example;lr>\r\nExpires: 90\r\n");
  pass(milliseconds(1));
  EXPECT_EQ(board.current()->find(trunk.id)->service_route, std::vector<std::string>{"<sip:sbc.example;lr>"});
  EXPECT_EQ(registration().interval(), 90);
}

TEST_F(RegistrationTest, TheHistoryIsBoundedAndRenewalsDoNotFillIt) {
  registered(100);
  for (int i = 0; i < 5; ++i) {
    pass(seconds(80));
    grant(only(), 100);
  }
  EXPECT_EQ(client().history().events().size(), 2U);
  TrunkHistory history;
  for (int i = 0; i < 200; ++i) history.add({.kind = Kind::Silent, .detail = std::string(1000, 'x')});
  EXPECT_EQ(history.events().size(), TrunkHistory::kEventsMax);
  EXPECT_EQ(history.events().back().detail.size(), TrunkHistory::kDetailBytesMax);
}

// ---------------------------------------------------------------------------------------------------- OPTIONS

class PingTest : public TrunkTest {
 protected:
  PingTest() {
    trunk.registers = false;
    trunk.options_interval = 60;
  }
  [[nodiscard]] const OptionsPing& ping() const { return *client().ping(); }
};

TEST_F(PingTest, ASilentOperatorIsUnreachableUntilItAnswers) {
  start();
  EXPECT_TRUE(usable());
  pass(seconds(9));
  EXPECT_EQ(ping().state(), OptionsPing::State::Unreachable);
  EXPECT_FALSE(usable());
  taken();
  pass(seconds(10));
  answer(only(), 200);
  EXPECT_EQ(ping().state(), OptionsPing::State::Reachable);
  EXPECT_TRUE(usable());
  EXPECT_EQ(last_event(), Kind::Answers);
}

TEST_F(PingTest, AnyAnswerButThatNobodyIsThereIsGood) {
  for (const int status : {200, 401, 404, 405, 500}) {
    start();
    answer(only(), status);
    EXPECT_EQ(ping().state(), OptionsPing::State::Reachable) << status;
  }
  for (const int status : {408, 502, 503, 504}) {
    start();
    answer(only(), status);
    EXPECT_EQ(ping().state(), OptionsPing::State::Unreachable) << status;
  }
}

TEST_F(PingTest, TellsTheTimeOfTheAnswer) {
  start();
  auto request = only();
  EXPECT_EQ(request->method(), sip::Method::Options);
  pass(milliseconds(40));
  answer(request, 200);
  EXPECT_GE(*ping().latency(), milliseconds(40));
  EXPECT_LE(*ping().latency(), milliseconds(50));
  pass(seconds(61));
  only();
}

}  // namespace
}  // namespace xivo::endpoint::testing
