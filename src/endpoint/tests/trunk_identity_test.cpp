#include "endpoint/trunk/identity.hpp"

#include <gtest/gtest.h>

#include "endpoint/tests/registering_phone.hpp"
#include "endpoint/trunk/trunk_board.hpp"
#include "endpoint/trunk/trunk_ledger.hpp"

namespace xivo::endpoint::testing {
namespace {

model::Trunk access() {
  model::Trunk trunk;
  trunk.id = {1};
  trunk.host = "op.example:5070";
  trunk.username = "0123";
  return trunk;
}

OwnedMessage invite(const std::string& lines, const std::string& uri = "sip:+33123456789@192.0.2.1",
                    const std::string& from = "\"Bob \\\"B\\\"\" <sip:0612345678@op.example>") {
  return OwnedMessage(
      "INVITE " + uri +
      " SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.7;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: " + from +
      ";tag=1\r\nTo: <sip:+33123450000@op.example>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n" + lines +
      "Content-Length: 0\r\n\r\n");
}

TEST(OutgoingIdentity, ShowsTheCallerAndAssertsIt) {
  const auto made = identity_of(access(), "+33612345678", {"+33123456789", "Alice", false, ""});
  EXPECT_EQ(made.request_uri, "sip:+33612345678@op.example:5070");
  EXPECT_EQ(made.from, "\"Alice\" <sip:+33123456789@op.example>");
  EXPECT_EQ(made.to, "<sip:+33612345678@op.example>");
  EXPECT_EQ(made.lines, "P-Asserted-Identity: \"Alice\" <sip:+33123456789@op.example>\r\n");
}

TEST(OutgoingIdentity, HidesAnAnonymousCallerFromAllButTheOperator) {
  auto trunk = access();
  const OutgoingCaller caller{"+33123456789", "Alice", true, ""};
  auto made = identity_of(trunk, "112", caller);
  EXPECT_EQ(made.from, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
  EXPECT_EQ(made.lines, "P-Asserted-Identity: \"Alice\" <sip:+33123456789@op.example>\r\nPrivacy: id\r\n");
  trunk.identity_out = "rpid";
  made = identity_of(trunk, "112", caller);
  EXPECT_NE(
      made.lines.find("Remote-Party-ID: \"Alice\" <sip:+33123456789@op.example>;party=calling;screen=yes;"
                      "privacy=full\r\n"),
      std::string::npos);
  trunk.identity_out = "none";
  EXPECT_EQ(identity_of(trunk, "112", caller).lines, "Privacy: id\r\n");
}

TEST(OutgoingIdentity, SaysWhatTheOperatorImposes) {
  auto trunk = access();
  trunk.from_user = "acc-1";
  trunk.from_domain = "other.example";
  trunk.diversion_out = true;
  trunk.transport = "tls";
  const auto made = identity_of(trunk, "0612", {"", "", false, "+33199"});
  EXPECT_EQ(made.from, "<sip:acc-1@other.example>");
  EXPECT_EQ(made.request_uri, "sip:0612@op.example:5070;transport=tls");
  EXPECT_EQ(made.lines,
            "P-Asserted-Identity: <sip:0123@other.example>\r\nDiversion: <sip:+33199@other.example>;"
            "reason=unconditional\r\n");
}

TEST(OutgoingIdentity, NothingOfACallerBreaksOutOfItsField) {
  const auto made =
      identity_of(access(), "12>;x\r\nEvil: 1", {"1@2\r\nEvil: 1", "A\"\r\nEvil: 1", false, "3\r\nEvil: 1"});
  for (const auto& text : {made.request_uri, made.from, made.to, made.lines})
    EXPECT_EQ(text.find("\r\nEvil"), std::string::npos) << text;
}

TEST(IncomingIdentity, BelievesAnAssertedIdentityOnlyWhereTold) {
  auto trunk = access();
  const auto request = invite("P-Asserted-Identity: \"Real\" <sip:+33700000000@op.example>\r\n");
  auto read = read_identity(trunk, *request, false);
  EXPECT_EQ(read.number, "0612345678");
  EXPECT_EQ(read.name, "Bob \"B\"");
  EXPECT_EQ(read.dialled, "+33123456789");
  trunk.identity_in = true;
  read = read_identity(trunk, *request, false);
  EXPECT_EQ(read.number, "+33700000000");
  EXPECT_EQ(read.name, "Real");
}

TEST(IncomingIdentity, WhoWantsPrivacyHasIt) {
  auto trunk = access();
  trunk.identity_in = true;
  const std::string asserted = "P-Asserted-Identity: <sip:+33700000000@op.example>\r\n";
  for (const char* privacy : {"Privacy: id\r\n", "Privacy: header; critical\r\n", "Privacy: none;user\r\n"}) {
    const auto read = read_identity(trunk, *invite(asserted + privacy), false);
    EXPECT_TRUE(read.anonymous) << privacy;
    EXPECT_EQ(read.number + read.name, "") << privacy;
  }
  EXPECT_FALSE(read_identity(trunk, *invite(asserted + "Privacy: none\r\n"), false).anonymous);
  EXPECT_TRUE(
      read_identity(trunk, *invite("", "sip:1@x", "<sip:anonymous@anonymous.invalid>"), false).anonymous);
}

TEST(IncomingIdentity, TheNumberIsThatOfToWhereTheUriIsOurContact) {
  const auto request = invite("", "sip:0123@192.0.2.1;line=abc");
  EXPECT_EQ(read_identity(access(), *request, true).dialled, "+33123450000");
  EXPECT_EQ(read_identity(access(), *request, false).dialled, "0123");
}

TEST(IncomingIdentity, ReadsWhoForwarded) {
  const auto trunk = access();
  EXPECT_EQ(read_identity(trunk, *invite("Diversion: <sip:+331@a>;reason=no-answer, <sip:+332@a>\r\n"), false)
                .diverted_by,
            "+331");
  EXPECT_EQ(
      read_identity(trunk, *invite("History-Info: <sip:+331@a>;index=1, <sip:+332@a>;index=1.1\r\n"), false)
          .diverted_by,
      "+331");
  EXPECT_EQ(read_identity(trunk, *invite("Diversion: <<<\r\n"), false).diverted_by, "");
}

// ---------------------------------------------------------------------------------------------------- matching

KnownTrunk known(std::int64_t id, bool registers, const char* network) {
  KnownTrunk trunk;
  trunk.id = {id};
  trunk.registers = registers;
  trunk.line = registers ? "line" + std::to_string(id) : "";
  trunk.username = "user" + std::to_string(id);
  if (*network != 0) trunk.networks.push_back(*IpNetwork::parse(network));
  return trunk;
}

std::int64_t matched(const KnownTrunks& trunks, const OwnedMessage& request, std::string_view from) {
  const auto match = match_trunk(trunks, *request, udp_flow(from));
  return match.trunk == nullptr ? 0 : match.trunk->id.value;
}

TEST(TrunkMatch, NobodyElseIsATrunk) {
  const KnownTrunks trunks{{known(1, false, "203.0.113.0/28"), known(2, true, "")}};
  const auto request = invite("");
  EXPECT_EQ(matched(trunks, request, "203.0.113.16:5060"), 0);
  EXPECT_EQ(matched(trunks, invite("", "sip:user2@192.0.2.1"), "198.51.100.1:5060"), 0);
  EXPECT_EQ(matched(trunks, invite("", "sip:user2@192.0.2.1;line="), "198.51.100.1:5060"), 0);
  EXPECT_EQ(matched(trunks, invite("", "sip:user2@192.0.2.1;line=line1"), "198.51.100.1:5060"), 0);
  EXPECT_EQ(matched(trunks, request, "203.0.113.15:6000"), 1);
}

TEST(TrunkMatch, TheLineOfOurContactIsProof) {
  const KnownTrunks trunks{{known(1, false, "203.0.113.0/28"), known(2, true, "")}};
  EXPECT_EQ(matched(trunks, invite("", "sip:user2@192.0.2.1;line=line2"), "198.51.100.1:5060"), 2);
}

TEST(TrunkMatch, OfSeveralAtOneAddressNoneIsGuessed) {
  KnownTrunks trunks{{known(1, true, "203.0.113.7"), known(2, true, "203.0.113.7")}};
  EXPECT_TRUE(match_trunk(trunks, *invite(""), udp_flow("203.0.113.7:5060")).ambiguous);
  EXPECT_EQ(matched(trunks, invite(""), "203.0.113.7:5060"), 0);
  EXPECT_EQ(matched(trunks, invite("", "sip:user2@192.0.2.1"), "203.0.113.7:5060"), 2);
  trunks.all.push_back(known(3, false, "203.0.113.7"));
  EXPECT_EQ(matched(trunks, invite(""), "203.0.113.7:5060"), 3);
}

TEST(TrunkMatch, AHostWithAPortSendsFromThatPort) {
  auto trunk = known(1, false, "");
  trunk.places.push_back(address("203.0.113.7:5070"));
  EXPECT_FALSE(trunk.is_from(udp_flow("203.0.113.7:5060")));
  EXPECT_TRUE(trunk.is_from(udp_flow("203.0.113.7:5070")));
  EXPECT_TRUE(trunk.is_from(tcp_flow("203.0.113.7:40000", 1)));
  EXPECT_FALSE(trunk.is_from(tcp_flow("203.0.113.8:5070", 1)));
}

TEST(TrunkMatch, APageInABrowserIsNoOperator) {
  auto trunk = known(1, false, "203.0.113.0/24");
  EXPECT_TRUE(trunk.is_from(tcp_flow("203.0.113.7:40000", 1)));
  auto page = tcp_flow("203.0.113.7:40000", 1);
  page.transport = sip::Transport::Ws;
  EXPECT_FALSE(trunk.is_from(page));
}

// ---------------------------------------------------------------------------------------------------- counting

TEST(TrunkLedger, KeepsTheFailuresThatAreTheOperators) {
  TrunkLedger ledger;
  const model::TrunkId id{1};
  const auto at = [](int second) { return runtime::WallTime(std::chrono::seconds(second)); };
  ledger.on_ended(id, {.outgoing = true, .answered = true});
  ledger.on_ended(id, {.outgoing = true, .how = {at(1), "1", call::Cause::UserBusy, 486}});
  ledger.on_ended(id, {.outgoing = true, .given_up = true, .how = {at(2), "2", call::Cause::Congestion, 0}});
  for (int i = 0; i < 50; ++i)
    ledger.on_ended(id, {.outgoing = true, .how = {at(10 + i), "3", call::Cause::Congestion, 503}});
  ledger.on_ended(id, {.answered = true});
  const auto& counts = ledger.all().at(id);
  EXPECT_EQ(counts.out_calls, 53U);
  EXPECT_EQ(counts.out_answered, 1U);
  EXPECT_EQ(counts.in_answered, 1U);
  EXPECT_EQ(counts.failures.size(), TrunkCounts::kFailuresMax);
  EXPECT_EQ(counts.failures.front().at, at(59));
  TrunkCounts sum = counts;
  sum.add(counts);
  EXPECT_EQ(sum.out_calls, 106U);
  EXPECT_EQ(sum.failures.size(), TrunkCounts::kFailuresMax);
  EXPECT_EQ(sum.failures.front().at, at(59));
}

}  // namespace
}  // namespace xivo::endpoint::testing
