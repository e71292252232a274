#include "sip/message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/rng.hpp"
#include "sip/tests/sample_request.hpp"
#include "sip/tests/touch.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

TEST(MessageHeaders, FindsNothingWhereNothingIs) {
  const Parsed parsed{Request{}};
  ASSERT_TRUE(parsed.result);
  EXPECT_EQ(parsed->header(HeaderId::Contact), std::nullopt);
  EXPECT_EQ(parsed->header("X-None"), std::nullopt);
  EXPECT_TRUE(parsed->contacts()->list.empty());
  EXPECT_TRUE(parsed->name_addrs(HeaderId::Route)->empty());
  EXPECT_EQ(parsed->number(HeaderId::Expires).value(), std::nullopt);
  EXPECT_TRUE(parsed->tokens(HeaderId::Require).empty());
  EXPECT_EQ(parsed->content_type(), "");
}

// ---- Via

TEST(MessageVia, OwesA400WhenTheTopOneIsBad) {
  for (const char* via : {"", "UDP 192.0.2.1", "SIP/2.0 192.0.2.1", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=x",
                          "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h:", "SIP/2.0/UDP h;branch=",
                          "SIP/2.0/UDP h;=x", "SIP/2.0/UDP h;;a", "SIP/2.0/UDP h;a=\"x", "SIP/2.0/UDP [::1",
                          "SIP/2.0/UDP h;rport=x", "HTTP/2.0/UDP h", "SIP/2.0/UDP h x"}) {
    Request request;
    request.via = std::string("Via: ") + via + "\r\n";
    EXPECT_EQ(Parsed(request).answer(), ParseFault::Answer::BadRequest) << via;
  }
}

TEST(MessageVia, ReadsEveryPart) {
  const auto via =
      Via::parse("SIP/2.0/WSS [2001:db8::1]:5061;branch=z9hG4bKx;received=192.0.2.7;rport=1024;ttl=3");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "WSS");
  EXPECT_EQ(via->host, "[2001:db8::1]");
  EXPECT_EQ(via->port, 5061);
  EXPECT_EQ(via->branch, "z9hG4bKx");
  EXPECT_EQ(via->received, "192.0.2.7");
  EXPECT_TRUE(via->has_rport);
  EXPECT_EQ(via->rport, 1024);
  EXPECT_EQ(find_parameter(via->parameters, "TTL"), "3");
}

TEST(MessageVia, TellsAnAskedRportFromAnAbsentOne) {
  EXPECT_TRUE(Via::parse("SIP/2.0/UDP h;rport;branch=b")->has_rport);
  EXPECT_FALSE(Via::parse("SIP/2.0/UDP h;branch=b")->has_rport);
}

TEST(MessageVia, TakesTheFirstOfAList) {
  const auto via = Via::parse("SIP/2.0/UDP a;branch=1 , SIP/2.0/UDP b;branch=2");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->host, "a");
  EXPECT_EQ(via->text, "SIP/2.0/UDP a;branch=1");
}

// ---- addresses

TEST(MessageNameAddr, IsRefusedWhenMalformed) {
  for (const char* text :
       {"", "<>", "bob", "<sip:a@b", "sip:a@b>", "\"x <sip:a@b>", "\"x\" sip:a@b", "\"x\"y <sip:a@b>",
        "<sip:a@b> x", "<sip:a@b>;", "<sip:a@b>;;a", "<sip:a@b>;a=", "<sip:a@b>;a=\"x",
        "<sip:a@b>, <sip:c@d>", "sip:a@b?x=y", "< sip:a@b >", "a\"b <sip:a@b>", "*", "<sip:a@b>;a=<x>"}) {
    EXPECT_FALSE(NameAddr::parse(text)) << text;
  }
}

TEST(MessageNameAddr, ReadsAllForms) {
  const auto quoted =
      NameAddr::parse("\"Dupont, \\\"Bob\\\"\"  <sip:a@b;x=1>;tag=t ; q = 0.5;flag;s=\"a;b\"");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->display_name, "Dupont, \\\"Bob\\\"");
  EXPECT_EQ(quoted->uri_text, "sip:a@b;x=1");
  EXPECT_EQ(quoted->tag(), "t");
  EXPECT_EQ(quoted->parameter("Q"), "0.5");
  EXPECT_EQ(quoted->parameter("flag"), "");
  EXPECT_EQ(quoted->parameter("s"), "a;b");
  EXPECT_EQ(quoted->parameter("x"), std::nullopt);
  const auto tokens = NameAddr::parse("Bob the Builder<sip:a@b>");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->display_name, "Bob the Builder");
  const auto bare = NameAddr::parse("sip:a@b:5070;tag=t");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->uri.port, 5070);
  EXPECT_EQ(bare->tag(), "t");
  EXPECT_EQ(bare->uri.parameters, "");
  const auto tel = NameAddr::parse("<tel:+33-1-23;phone-context=x>;tag=t");
  ASSERT_TRUE(tel);
  EXPECT_EQ(tel->uri.user, "+33-1-23");
}

TEST(MessageContacts, RefuseAStarBesideOthers) {
  for (const char* lines :
       {"Contact: *\r\nContact: <sip:a@b>\r\n", "m: <sip:a@b>\r\nm: *\r\n", "Contact: *, <sip:a@b>\r\n",
        "Contact: *;expires=0\r\n", "Contact: <sip:a@b>,\r\n", "Contact: ,<sip:a@b>\r\n", "Contact: \r\n"}) {
    Request request;
    request.more += lines;
    const Parsed parsed(request);
    ASSERT_TRUE(parsed.result) << lines;
    EXPECT_FALSE(parsed->contacts()) << lines;
  }
}

TEST(MessageContacts, RefuseAnUnescapedCommaInAUriParameter) {
  Request request;
  request.more += "Contact: <sip:a@h;x=1,2>\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_FALSE(parsed->contacts());
}

TEST(MessageContacts, AreCollectedOverFieldsAndCommas) {
  Request request;
  request.more += "Contact: \"a,b\" <sip:a,1@h>;q=1, sip:b@h ;expires=60\r\n";
  request.more += "m: <sip:c@h>;+sip.instance=\"<urn:uuid:1>\"\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  const auto contacts = parsed->contacts();
  ASSERT_TRUE(contacts);
  EXPECT_FALSE(contacts->star);
  ASSERT_EQ(contacts->list.size(), 3u);
  EXPECT_EQ(contacts->list[0].display_name, "a,b");
  EXPECT_EQ(contacts->list[1].parameter("expires"), "60");
  EXPECT_EQ(contacts->list[2].parameter("+sip.instance"), "<urn:uuid:1>");
}

TEST(MessageContacts, KnowTheStar) {
  Request request;
  request.more += "Contact:  * \r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result);
  EXPECT_TRUE(parsed->contacts()->star);
}

TEST(MessageRoutes, KeepTheirOrderOverFieldsAndCommas) {
  Request request;
  request.more += "Route: <sip:p1;lr>,<sip:p2;lr>\r\nRoute: <sip:p3>\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result);
  const auto routes = parsed->name_addrs(HeaderId::Route);
  ASSERT_TRUE(routes);
  ASSERT_EQ(routes->size(), 3u);
  EXPECT_EQ((*routes)[1].uri.host, "p2");
  EXPECT_EQ((*routes)[1].uri.parameter("lr"), "");
  EXPECT_EQ((*routes)[2].uri.parameter("lr"), std::nullopt);
}

// ---- other accessors

TEST(MessageNumber, IsRefusedWhenItIsNone) {
  for (const char* value : {"", "x", "-1", "1x", "4294967296", "1.5"}) {
    Request request;
    request.more += std::string("Expires: ") + value + "\r\n";
    const Parsed parsed(request);
    ASSERT_TRUE(parsed.result);
    EXPECT_FALSE(parsed->number(HeaderId::Expires)) << value;
  }
}

TEST(MessageNumber, IgnoresParametersAndComments) {
  Request request;
  request.more +=
      "Expires: 4294967295\r\nSession-Expires: 1800;refresher=uac\r\nRetry-After: 120 (in a meeting)\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result);
  EXPECT_EQ(parsed->number(HeaderId::Expires).value(), 4294967295u);
  EXPECT_EQ(parsed->number(HeaderId::SessionExpires).value(), 1800u);
  EXPECT_EQ(parsed->number(HeaderId::RetryAfter).value(), 120u);
}

TEST(MessageTokens, SplitAtCommasOutsideQuotes) {
  Request request;
  request.more +=
      "Supported: 100rel, timer,,\r\nk: replaces\r\nAccept: application/sdp;x=\"a,b\";q=1, text/plain\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result);
  EXPECT_EQ(parsed->tokens(HeaderId::Supported),
            (std::vector<std::string_view>{"100rel", "timer", "replaces"}));
  EXPECT_TRUE(parsed->has_token(HeaderId::Supported, "Replaces"));
  EXPECT_FALSE(parsed->has_token(HeaderId::Supported, "100"));
  EXPECT_EQ(parsed->tokens(HeaderId::Accept).size(), 2u);
  EXPECT_TRUE(parsed->has_token(HeaderId::Accept, "application/sdp"));
}

TEST(MessageContentType, LosesItsParameters) {
  Request request;
  request.more += "c: Application/SDP ; charset=utf-8\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result);
  EXPECT_EQ(parsed->content_type(), "Application/SDP");
}

// ---- properties

std::string random_request(runtime::Rng& rng) {
  static constexpr std::string_view kNames[] = {"Subject", "s",          "X-Odd",   "Route", "Accept",
                                                "k",       "User-Agent", "Warning", "v"};
  static constexpr std::string_view kValues[] = {"",
                                                 "a",
                                                 "<sip:x@y;lr>",
                                                 "a,b;c=\"d,e\"",
                                                 "one\r\n two",
                                                 "é",
                                                 "\"\\\x01\" x",
                                                 "SIP/2.0/TCP h;branch=2",
                                                 "  spaced\t"};
  Request request;
  const std::uint64_t fields = rng.below(12);
  for (std::uint64_t i = 0; i < fields; ++i) {
    request.more.append(kNames[rng.below(std::size(kNames))]).append(rng.below(2) != 0 ? ":" : " : ");
    request.more.append(kValues[rng.below(std::size(kValues))]).append("\r\n");
  }
  request.body = rng.token(rng.below(40));
  return request.text();
}

TEST(MessageProperty, ComesBackTheSameWhenWrittenFieldByField) {
  constexpr std::uint64_t kSeed = 20260101;
  runtime::SeededRng rng(kSeed);
  for (int round = 0; round < 500; ++round) {
    const Parsed first(random_request(rng));
    ASSERT_TRUE(first.result) << "seed " << kSeed << " round " << round << ": " << first.why() << "\n"
                              << first.bytes;
    Writer writer = Writer::request(first->method(), first->request_uri_text());
    for (const HeaderField& field : first->headers()) writer.add(field.name, field.value);
    const Parsed second(writer.finish({}, first->body()));
    ASSERT_TRUE(second.result) << "seed " << kSeed << " round " << round << ": " << second.why();
    ASSERT_EQ(second->headers().size(), first->headers().size() + (first->body().empty() ? 1 : 2));
    for (std::size_t i = 0; i < first->headers().size(); ++i) {
      EXPECT_EQ(second->headers()[i].id, first->headers()[i].id);
      EXPECT_EQ(second->headers()[i].name, first->headers()[i].name);
      EXPECT_EQ(second->headers()[i].value, first->headers()[i].value);
    }
    EXPECT_EQ(second->body(), first->body());
    EXPECT_EQ(second->request_uri_text(), first->request_uri_text());
  }
}

TEST(MessageProperty, SurvivesAnyByteInAnyPlace) {
  constexpr std::uint64_t kSeed = 4475;
  runtime::SeededRng rng(kSeed);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = random_request(rng);
    for (std::uint64_t i = rng.below(4); i-- > 0;)
      bytes[rng.below(bytes.size())] = static_cast<char>(rng.next());
    touch(Message::parse(bytes.data(), bytes.size()));
  }
}

}  // namespace
}  // namespace xivo::sip
