#include "endpoint/defence/authenticator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ip_network.hpp"
#include "base/metrics.hpp"
#include "endpoint/tests/registering_phone.hpp"

namespace xivo::endpoint::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest() {
    model::ConfigBuilder builder;
    known = builder.add(line("101", "s3cret"));
    auto off = line("off", "s3cret");
    off.enabled = false;
    builder.add(off);
    builder.add(line("open", ""));
    auto tcp = line("tcponly", "s3cret");
    tcp.transport = "tcp";
    builder.add(tcp);
    auto tls = line("tlsonly", "s3cret");
    tls.transport = "tls";
    builder.add(tls);
    auto browser = line("wsonly", "s3cret");
    browser.transport = "ws";
    builder.add(browser);
    auto gateway = line("gateway", "");
    gateway.host = "203.0.113.5:5060";
    peer = builder.add(gateway);
    auto dead_gateway = line("deadgateway", "");
    dead_gateway.host = "203.0.113.6";
    dead_gateway.enabled = false;
    builder.add(dead_gateway);
    config = builder.build();
  }

  Authenticator::Verdict check(const RequestText& request, const sip::Flow& by) {
    const OwnedMessage message(request.text(++branch));
    return authenticator.check(*message, by, *config);
  }
  Authenticator::Verdict check(const RequestText& request) { return check(request, flow); }

  /// The challenges that a request without credentials gets.
  std::vector<std::string> challenges() {
    const auto verdict = check(RequestText{});
    const auto* challenge = std::get_if<Authenticator::Challenge>(&verdict);
    return challenge != nullptr ? challenge->values : std::vector<std::string>{"", ""};
  }
  std::string sha256_challenge() { return challenges().at(1); }

  Authenticator::Verdict check_with(const std::string& authorization_line) {
    RequestText request;
    request.lines = {authorization_line};
    return check(request);
  }
  Authenticator::Verdict log_in(std::string_view user, std::string_view secret) {
    return check_with(authorization(sha256_challenge(), user, secret));
  }

  static bool is_known(const Authenticator::Verdict& verdict) {
    return std::holds_alternative<Authenticator::Known>(verdict);
  }
  static bool says_stale(const Authenticator::Verdict& verdict) {
    const auto* challenge = std::get_if<Authenticator::Challenge>(&verdict);
    return challenge != nullptr && challenge->values.at(0).find("stale=true") != std::string::npos;
  }
  /// The challenge with its nonce cut out: what a stranger can compare.
  static std::string shape(const Authenticator::Verdict& verdict) {
    const auto* challenge = std::get_if<Authenticator::Challenge>(&verdict);
    if (challenge == nullptr) return "known";
    std::string all;
    for (std::string value : challenge->values) {
      const auto nonce = value.find("nonce=\"") + 7;
      value.replace(nonce, value.find('"', nonce) - nonce, "*");
      all += value + "\n";
    }
    return all;
  }
  Failure last_failure() {
    const auto all = failures.all();
    EXPECT_FALSE(all.empty());
    return all.empty() ? Failure{} : all.front();
  }

  Shard shard;
  FailureMemory failures;
  Authenticator authenticator{shard.scheduler, failures, std::string(kRealm)};
  model::ConfigSnapshot config;
  model::SipLineId known;
  model::SipLineId peer;
  sip::Flow flow = udp_flow("192.0.2.7:5060");
  int branch = 0;
};

TEST_F(AuthenticatorTest, ARequestWithoutCredentialsIsChallengedAndIsNoFailure) {
  EXPECT_FALSE(is_known(check(RequestText{})));
  EXPECT_TRUE(failures.all().empty());
  EXPECT_THAT(shard.notices, IsEmpty());
}

TEST_F(AuthenticatorTest, TheChallengeOffersMd5FirstThenSha256) {
  const auto offered = challenges();
  ASSERT_EQ(offered.size(), 2U);
  const auto first = sip::digest::parse(offered[0]);
  const auto second = sip::digest::parse(offered[1]);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->algorithm, "MD5");
  EXPECT_EQ(second->algorithm, "SHA-256");
  EXPECT_EQ(first->realm, kRealm);
  EXPECT_EQ(first->qop, "auth");
  EXPECT_FALSE(first->stale);
}

TEST_F(AuthenticatorTest, AStrangerLearnsNothingFromTheAnswer) {
  const std::string first = shape(check(RequestText{}));
  EXPECT_EQ(shape(log_in("nobody", "s3cret")), first);
  EXPECT_EQ(shape(log_in("101", "wrong")), first);
  EXPECT_EQ(shape(log_in("off", "s3cret")), first);
  EXPECT_EQ(shape(log_in("open", "")), first);
  EXPECT_EQ(shape(log_in("tcponly", "s3cret")), first);
  EXPECT_EQ(shape(check_with("Authorization: Digest nonsense")), first);
  EXPECT_EQ(shape(check_with("Authorization: Basic MTAxOnMzY3JldA==")), first);
  std::string other_realm = sha256_challenge();
  other_realm.replace(other_realm.find("\"xivo\""), 6, "\"asterisk\"");
  EXPECT_EQ(shape(check_with(authorization(other_realm, "101", "s3cret"))), first);
}

TEST_F(AuthenticatorTest, AnUnknownUserIsRemembered) {
  EXPECT_FALSE(is_known(log_in("nobody", "s3cret")));
  const auto failure = last_failure();
  EXPECT_EQ(failure.reason, FailureReason::UnknownUser);
  EXPECT_EQ(failure.account, "nobody");
  EXPECT_EQ(failure.source, flow.remote);
  EXPECT_EQ(failure.transport, sip::Transport::Udp);
  EXPECT_EQ(failure.method, "REGISTER");
  EXPECT_EQ(failure.user_agent, "Testphone/1");
  EXPECT_EQ(failure.first, shard.clock.wall());
}

TEST_F(AuthenticatorTest, AWrongSecretIsRememberedWithoutTheSecret) {
  EXPECT_FALSE(is_known(log_in("101", "wrong")));
  EXPECT_EQ(last_failure().reason, FailureReason::WrongSecret);
  EXPECT_EQ(last_failure().account, "101");
  EXPECT_THAT(last_failure().detail, Not(HasSubstr("s3cret")));
}

TEST_F(AuthenticatorTest, AWrongRealmIsRememberedWithBothRealms) {
  std::string challenge = sha256_challenge();
  challenge.replace(challenge.find("\"xivo\""), 6, "\"asterisk\"");
  EXPECT_FALSE(is_known(check_with(authorization(challenge, "101", "s3cret"))));
  EXPECT_EQ(last_failure().reason, FailureReason::WrongRealm);
  EXPECT_EQ(last_failure().detail, "realm 'asterisk' instead of 'xivo'; the secret is right");
  EXPECT_FALSE(is_known(check_with(authorization(challenge, "101", "wrong"))));
  EXPECT_EQ(last_failure().detail, "realm 'asterisk' instead of 'xivo'; the secret is wrong, too");
}

TEST_F(AuthenticatorTest, ADisabledLineIsRemembered) {
  EXPECT_FALSE(is_known(log_in("off", "s3cret")));
  EXPECT_EQ(last_failure().reason, FailureReason::Disabled);
}

TEST_F(AuthenticatorTest, ALineWithoutSecretCanNeverLogIn) {
  EXPECT_FALSE(is_known(log_in("open", "")));
  EXPECT_EQ(last_failure().reason, FailureReason::WrongSecret);
  EXPECT_EQ(last_failure().detail, "the line has no secret");
}

TEST_F(AuthenticatorTest, ARightAnswerOverTheWrongTransportIsRefusedAndRemembered) {
  EXPECT_FALSE(is_known(log_in("tcponly", "s3cret")));
  EXPECT_EQ(last_failure().reason, FailureReason::WrongTransport);
  EXPECT_EQ(last_failure().detail, "udp instead of tcp");
  flow = tcp_flow("192.0.2.7:40000", 9);
  EXPECT_TRUE(is_known(log_in("tcponly", "s3cret")));
}

TEST_F(AuthenticatorTest, ALineHeldToTlsIsKnownByNothingElse) {
  flow = tcp_flow("192.0.2.7:40000", 9);
  EXPECT_FALSE(is_known(log_in("tlsonly", "s3cret")));
  EXPECT_EQ(last_failure().detail, "tcp instead of tls");
  flow.transport = sip::Transport::Tls;
  EXPECT_TRUE(is_known(log_in("tlsonly", "s3cret")));
}

TEST_F(AuthenticatorTest, ALineHeldToWebSocketTakesItWithTlsOrWithout) {
  flow = tcp_flow("192.0.2.7:40000", 9);
  EXPECT_FALSE(is_known(log_in("wsonly", "s3cret")));
  EXPECT_EQ(last_failure().detail, "tcp instead of ws");
  for (const auto transport : {sip::Transport::Ws, sip::Transport::Wss}) {
    flow.transport = transport;
    EXPECT_TRUE(is_known(log_in("wsonly", "s3cret")));
  }
  EXPECT_TRUE(is_known(log_in("tlsonly", "s3cret"))) << "WSS is TLS";
  EXPECT_FALSE(is_known(log_in("tcponly", "s3cret")));
  EXPECT_EQ(last_failure().detail, "wss instead of tcp");
}

TEST_F(AuthenticatorTest, AChallengeOfOneShardIsAnsweredOnceAtAnother) {
  const auto ledger = std::make_shared<sip::digest::NonceLedger>(shard.scheduler);
  const auto another = [&] {
    return Authenticator(shard.scheduler, failures, std::string(kRealm),
                         {sip::digest::Algorithm::Md5, sip::digest::Algorithm::Sha256}, {}, ledger);
  };
  auto first = another(), second = another();
  const OwnedMessage asking(RequestText{}.text(++branch));
  const auto verdict = first.check(*asking, flow, *config);
  RequestText answer;
  answer.lines = {authorization(std::get<Authenticator::Challenge>(verdict).values.at(1), "101", "s3cret")};
  const OwnedMessage answering(answer.text(++branch));
  EXPECT_TRUE(is_known(second.check(*answering, flow, *config)));
  const auto again = first.check(*answering, flow, *config);
  EXPECT_FALSE(is_known(again));
  EXPECT_EQ(last_failure().reason, FailureReason::ReplayedNonce);
}

TEST_F(AuthenticatorTest, ARightAnswerToAnOldNonceIsToldStale) {
  const auto challenge = sha256_challenge();
  shard.advance(sip::digest::NonceBook::kLifetime + 1s);
  const auto verdict = check_with(authorization(challenge, "101", "s3cret"));
  EXPECT_TRUE(says_stale(verdict));
  EXPECT_EQ(last_failure().reason, FailureReason::StaleNonce);
  const auto fresh = std::get<Authenticator::Challenge>(verdict).values.at(0);
  EXPECT_TRUE(is_known(check_with(authorization(fresh, "101", "s3cret"))));
  EXPECT_TRUE(failures.all().empty());
}

TEST_F(AuthenticatorTest, AnOldNonceIsToldStaleWhateverTheSecretSoThatNothingIsLearntFromIt) {
  const auto challenge = sha256_challenge();
  shard.advance(sip::digest::NonceBook::kLifetime + 1s);
  const auto right = shape(check_with(authorization(challenge, "101", "s3cret")));
  EXPECT_EQ(shape(check_with(authorization(challenge, "101", "wrong"))), right);
  EXPECT_EQ(shape(check_with(authorization(challenge, "nobody", "s3cret"))), right);
  EXPECT_THAT(right, HasSubstr("stale=true"));
}

TEST_F(AuthenticatorTest, ANonceThatIsNotOursIsRefused) {
  const std::string forged =
      R"(Digest realm="xivo", nonce="0000000000000000000000000000000000000000", algorithm=SHA-256, qop="auth")";
  EXPECT_FALSE(is_known(check_with(authorization(forged, "101", "s3cret"))));
  EXPECT_EQ(last_failure().reason, FailureReason::StaleNonce);
}

TEST_F(AuthenticatorTest, AReplayIsRefusedAndRemembered) {
  const auto heard = authorization(sha256_challenge(), "101", "s3cret");
  EXPECT_TRUE(is_known(check_with(heard)));
  EXPECT_FALSE(is_known(check_with(heard)));
  EXPECT_EQ(last_failure().reason, FailureReason::ReplayedNonce);
}

TEST_F(AuthenticatorTest, AWrongAnswerDoesNotUseUpTheNonce) {
  const auto challenge = sha256_challenge();
  EXPECT_FALSE(is_known(check_with(authorization(challenge, "101", "wrong"))));
  EXPECT_TRUE(is_known(check_with(authorization(challenge, "101", "s3cret"))));
}

TEST_F(AuthenticatorTest, ANonceServesAgainWithAHigherCount) {
  const auto challenge = sha256_challenge();
  for (std::uint32_t nc = 1; nc <= 3; ++nc) {
    EXPECT_TRUE(
        is_known(check_with(authorization(challenge, "101", "s3cret", "REGISTER", "sip:192.0.2.1", nc))))
        << nc;
  }
}

TEST_F(AuthenticatorTest, AnAnswerMadeForAnotherTargetIsRefused) {
  for (const std::string_view uri :
       {"sip:evil.example", "sip:192.0.2.1:5999", "sip:900@192.0.2.1", "sips:192.0.2.1:5060", "x"}) {
    EXPECT_FALSE(is_known(check_with(authorization(sha256_challenge(), "101", "s3cret", "REGISTER", uri))))
        << uri;
    EXPECT_EQ(last_failure().reason, FailureReason::Malformed) << uri;
  }
  EXPECT_FALSE(is_known(check_with(authorization(sha256_challenge(), "101", "s3cret", "INVITE"))));
  EXPECT_EQ(last_failure().reason, FailureReason::WrongSecret);
}

TEST_F(AuthenticatorTest, AnAnswerMadeForTheSameTargetInOtherWordsIsAccepted) {
  for (const std::string_view uri : {"sip:192.0.2.1", "SIP:192.0.2.1:5060", "sip:192.0.2.1;transport=udp"}) {
    EXPECT_TRUE(is_known(check_with(authorization(sha256_challenge(), "101", "s3cret", "REGISTER", uri))))
        << uri;
  }
}

TEST_F(AuthenticatorTest, ADigestUriWithoutAUserIsAcceptedForAnyUserOfTheHost) {
  RequestText invite;
  invite.method = "INVITE";
  invite.uri = "sip:102@192.0.2.1";
  invite.lines = {authorization(sha256_challenge(), "101", "s3cret", "INVITE", "sip:192.0.2.1:5060")};
  EXPECT_TRUE(is_known(check(invite)));
}

TEST_F(AuthenticatorTest, AnAlgorithmOrQopThatWasNotOfferedIsRefused) {
  for (const auto& [from, to] :
       {std::pair{"algorithm=SHA-256", "algorithm=SHA-512"},
        std::pair{"algorithm=SHA-256", "algorithm=MD5-sess"}, std::pair{"qop=auth", "qop=auth-int"}}) {
    auto value = authorization(sha256_challenge(), "101", "s3cret");
    ASSERT_NE(value.find(from), std::string::npos) << value;
    value.replace(value.find(from), std::string_view(from).size(), to);
    EXPECT_FALSE(is_known(check_with(value))) << value;
    EXPECT_EQ(last_failure().reason, FailureReason::Malformed);
  }
}

TEST_F(AuthenticatorTest, CredentialsThatCannotBeReadAreRememberedUnderTheClaimedAccount) {
  EXPECT_FALSE(is_known(check_with("Authorization: Digest username=")));
  EXPECT_EQ(last_failure().reason, FailureReason::Malformed);
  EXPECT_EQ(last_failure().account, "101");
}

TEST_F(AuthenticatorTest, BothAlgorithmsAreAccepted) {
  for (const std::size_t offer : {0, 1}) {
    const auto verdict = check_with(authorization(challenges().at(offer), "101", "s3cret"));
    ASSERT_TRUE(is_known(verdict)) << offer;
    EXPECT_EQ(std::get<Authenticator::Known>(verdict).line, known);
    EXPECT_FALSE(std::get<Authenticator::Known>(verdict).by_address);
  }
}

TEST_F(AuthenticatorTest, AnAbsentAlgorithmMeansMd5) {
  auto challenge = challenges().at(0);
  const auto at = challenge.find(", algorithm=MD5");
  ASSERT_NE(at, std::string::npos) << challenge;
  challenge.erase(at, 15);
  EXPECT_TRUE(is_known(check_with(authorization(challenge, "101", "s3cret"))));
}

TEST_F(AuthenticatorTest, OfSeveralCredentialsThoseForOurRealmCount) {
  std::string elsewhere = sha256_challenge();
  elsewhere.replace(elsewhere.find("\"xivo\""), 6, "\"asterisk\"");
  RequestText request;
  request.lines = {authorization(elsewhere, "other", "x"),
                   authorization(sha256_challenge(), "101", "s3cret")};
  EXPECT_TRUE(is_known(check(request)));
}

TEST_F(AuthenticatorTest, AnyMethodIsJudgedByItsOwnDigest) {
  RequestText invite;
  invite.method = "INVITE";
  invite.uri = "sip:102@192.0.2.1";
  invite.lines = {authorization(sha256_challenge(), "101", "s3cret", "INVITE", invite.uri)};
  EXPECT_TRUE(is_known(check(invite)));
}

TEST_F(AuthenticatorTest, AFixedPeerIsKnownByItsAddressAlone) {
  RequestText invite;
  invite.method = "INVITE";
  const auto verdict = check(invite, udp_flow("203.0.113.5:5060"));
  ASSERT_TRUE(is_known(verdict));
  EXPECT_EQ(std::get<Authenticator::Known>(verdict).line, peer);
  EXPECT_TRUE(std::get<Authenticator::Known>(verdict).by_address);
  EXPECT_FALSE(is_known(check(invite, udp_flow("203.0.113.5:5999"))));
}

TEST_F(AuthenticatorTest, APageInABrowserAtAPeersAddressIsNotThePeer) {
  RequestText invite;
  invite.method = "INVITE";
  auto page = udp_flow("203.0.113.5:5060");
  page.transport = sip::Transport::Ws;
  EXPECT_FALSE(is_known(check(invite, page)));
  page.transport = sip::Transport::Wss;
  EXPECT_FALSE(is_known(check(invite, page)));
}

TEST_F(AuthenticatorTest, APhoneAtAPeersAddressMayRegister) {
  flow = udp_flow("203.0.113.5:5060");
  const auto verdict = log_in("101", "s3cret");
  ASSERT_TRUE(is_known(verdict));
  EXPECT_EQ(std::get<Authenticator::Known>(verdict).line, known);
}

TEST_F(AuthenticatorTest, ADisabledPeerIsAStranger) {
  RequestText invite;
  invite.method = "INVITE";
  EXPECT_EQ(shape(check(invite, udp_flow("203.0.113.6:5060"))), shape(check(RequestText{})));
  EXPECT_EQ(last_failure().reason, FailureReason::Disabled);
  EXPECT_EQ(last_failure().account, "deadgateway");
}

TEST_F(AuthenticatorTest, ASuccessForgetsWhyTheProofFailedBefore) {
  log_in("101", "wrong");
  Failure contacts;
  contacts.account = "101";
  contacts.source = flow.remote;
  contacts.reason = FailureReason::TooManyContacts;
  failures.remember(contacts);
  EXPECT_TRUE(is_known(log_in("101", "s3cret")));
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(last_failure().reason, FailureReason::TooManyContacts);
}

TEST_F(AuthenticatorTest, ANewConfigurationHoldsAtOnce) {
  EXPECT_TRUE(is_known(log_in("101", "s3cret")));
  model::ConfigBuilder builder(*config);
  auto changed = *config->line(known);
  changed.secret = "changed";
  builder.put(changed);
  config = builder.build();
  EXPECT_FALSE(is_known(log_in("101", "s3cret")));
  EXPECT_TRUE(is_known(log_in("101", "changed")));
}

// ---------------------------------------------------------------- the log that fail2ban reads

TEST_F(AuthenticatorTest, RefusalsAreLoggedInTheWordsOfPjsip) {
  log_in("nobody", "x");
  log_in("101", "wrong");
  EXPECT_THAT(
      shard.notices,
      ElementsAre(
          "Request 'REGISTER' from '<sip:101@192.0.2.1>' failed for '192.0.2.7:5060' (callid: call-1) - "
          "No matching endpoint found",
          "Request 'REGISTER' from '<sip:101@192.0.2.1>' failed for '192.0.2.7:5060' (callid: call-1) - "
          "Failed to authenticate"));
}

TEST_F(AuthenticatorTest, APhoneWithTheRightSecretIsNotReportedForItsNonce) {
  const auto challenge = sha256_challenge();
  check_with(authorization(challenge, "101", "s3cret"));
  check_with(authorization(challenge, "101", "s3cret"));
  shard.advance(sip::digest::NonceBook::kLifetime + 1s);
  check_with(authorization(challenge, "101", "s3cret", "REGISTER", "sip:192.0.2.1", 2));
  EXPECT_THAT(shard.notices, IsEmpty());
}

TEST_F(AuthenticatorTest, AStrangerCannotPutAnotherAddressIntoTheLog) {
  RequestText request;
  request.from = "<sip:x'(failed)'@192.0.2.1>";
  request.call_id = "a)'b";
  request.lines = {authorization(sha256_challenge(), "nobody", "x")};
  check(request);
  ASSERT_EQ(shard.notices.size(), 1U);
  EXPECT_EQ(
      shard.notices[0],
      "Request 'REGISTER' from '<sip:x??failed??@192.0.2.1>' failed for '192.0.2.7:5060' (callid: a??b) - "
      "No matching endpoint found");
}

TEST_F(AuthenticatorTest, AFloodOfAttemptsIsNoFloodOfLines) {
  for (int i = 0; i < 200; ++i) log_in(fmt::format("guess{}", i), "x");
  EXPECT_LE(shard.notices.size(), RefusalLimit::kPerSourceMax);
  EXPECT_LE(failures.size(), FailureMemory::kPerAddressMax);
  EXPECT_EQ(last_failure().reason, FailureReason::LockedOut);
}

TEST_F(AuthenticatorTest, EachEventIsOneSecurityLineWithItsAddress) {
  log_in("nobody", "x");
  log_in("101", "wrong");
  EXPECT_THAT(shard.security,
              ElementsAre(R"(security event="unknown_account" proto="sip/udp" account="nobody" )"
                          R"(remote="192.0.2.7" port="5060" ua="Testphone/1")",
                          R"(security event="auth_failed" proto="sip/udp" account="101" )"
                          R"(remote="192.0.2.7" port="5060" ua="Testphone/1")"));
}

// ---------------------------------------------------------------- guessing

std::int64_t metric(std::string_view wanted) {
  for (const auto& sample : metrics::snapshot()) {
    if (sample.name == wanted) return sample.value;
  }
  ADD_FAILURE() << "no metric " << wanted;
  return -1;
}

TEST_F(AuthenticatorTest, TheSameDigestWorkIsDoneWhetherTheAccountExistsOrNot) {
  for (const std::size_t algorithm : {0, 1}) {
    for (const std::string_view account : {"101", "nobody", "off", "open", "gateway"}) {
      const auto value = authorization(challenges().at(algorithm), account, "wrong");
      const auto before = metric("xivo_sip_digests_total");
      const auto verdict = check_with(value);
      EXPECT_EQ(metric("xivo_sip_digests_total"), before + 1) << account;
      EXPECT_FALSE(is_known(verdict));
    }
    authenticator.ledger().forgive(*IpNetwork::parse("0.0.0.0/0"));
  }
}

TEST_F(AuthenticatorTest, KnownAndUnknownAccountsAreAnsweredAlikeUpToTheLockAndBeyond) {
  const auto run = [&](std::string_view account, std::string_view from) {
    flow = udp_flow(from);
    std::vector<std::pair<std::string, runtime::Duration>> answers;
    for (int i = 0; i < 25; ++i) {
      const auto verdict = log_in(account, "wrong");
      answers.emplace_back(shape(verdict), std::get<Authenticator::Challenge>(verdict).delay);
    }
    return answers;
  };
  const auto known_answers = run("101", "198.51.100.1:5060");
  EXPECT_EQ(run("nobody", "198.51.100.2:5060"), known_answers);
  EXPECT_EQ(run("off", "198.51.100.3:5060"), known_answers);
  EXPECT_EQ(run("gateway", "198.51.100.4:5060"), known_answers);
}

TEST_F(AuthenticatorTest, AfterTwentyWrongSecretsNotEvenTheRightOneIsLookedAt) {
  for (const std::size_t algorithm : {0, 1}) {
    flow = udp_flow(algorithm == 0 ? "198.51.100.1:5060" : "198.51.100.2:5060");
    const auto before = metric("xivo_sip_digests_total");
    for (int i = 0; i < 40; ++i) check_with(authorization(challenges().at(algorithm), "101", "wrong"));
    EXPECT_LE(metric("xivo_sip_digests_total") - before, 20);
    EXPECT_FALSE(is_known(check_with(authorization(challenges().at(algorithm), "101", "s3cret"))));
    EXPECT_EQ(last_failure().reason, FailureReason::LockedOut);
  }
}

TEST_F(AuthenticatorTest, APhoneElsewhereIsNotLockedOutByWhoeverGuessesItsSecret) {
  const auto home = flow;
  flow = udp_flow("198.51.100.1:5060");
  for (int i = 0; i < 100; ++i) log_in("101", "wrong");
  flow = home;
  EXPECT_TRUE(is_known(log_in("101", "s3cret")));
}

TEST_F(AuthenticatorTest, AForgedSourceAddressCostsItsOwnerNothing) {
  const auto home = flow;
  flow = udp_flow("198.51.100.1:5060");
  const auto heard = sha256_challenge();  // all that a liar can hear is sent to where he really is
  flow = home;
  for (int i = 0; i < 100; ++i) {
    const auto verdict = check_with(authorization(heard, "101", "wrong"));
    EXPECT_EQ(std::get<Authenticator::Challenge>(verdict).delay, runtime::Duration{});
  }
  EXPECT_TRUE(is_known(log_in("101", "s3cret")));
}

TEST_F(AuthenticatorTest, AStaleOrReplayedNonceIsNoWrongSecret) {
  const auto old = sha256_challenge();
  shard.advance(sip::digest::NonceBook::kLifetime + 1s);
  for (int i = 0; i < 50; ++i) check_with(authorization(old, "101", "s3cret"));
  const auto used = authorization(sha256_challenge(), "101", "s3cret");
  for (int i = 0; i < 50; ++i) check_with(used);
  EXPECT_TRUE(is_known(log_in("101", "s3cret")));
  EXPECT_EQ(std::get<Authenticator::Challenge>(log_in("101", "wrong")).delay, runtime::Duration{});
}

TEST_F(AuthenticatorTest, ALockBeginsWithOneSecurityLine) {
  for (int i = 0; i < 40; ++i) log_in("101", "wrong");
  const auto count = [&](std::string_view event) {
    return std::count_if(shard.security.begin(), shard.security.end(),
                         [&](const auto& text) { return text.find(event) != std::string::npos; });
  };
  EXPECT_EQ(count("event=\"account_locked\""), 1);
  EXPECT_EQ(count("event=\"source_locked\""), 1);
}

}  // namespace
}  // namespace xivo::endpoint::testing
