#include "sip/message.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "runtime/rng.hpp"
#include "sip/tests/touch.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

using Answer = ParseFault::Answer;

/// A request that is right, in pieces that tests replace.
struct Request {
  std::string line = "OPTIONS sip:bob@example.com SIP/2.0";
  std::string via = "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\n";
  std::string from = "From: <sip:alice@example.com>;tag=a\r\n";
  std::string to = "To: <sip:bob@example.com>\r\n";
  std::string call_id = "Call-ID: c1\r\n";
  std::string cseq = "CSeq: 1 OPTIONS\r\n";
  std::string more = "Max-Forwards: 70\r\n";
  std::string body;

  [[nodiscard]] std::string text() const {
    return line + "\r\n" + via + from + to + call_id + cseq + more + "\r\n" + body;
  }
};

/// Keeps the bytes that the message points into.
struct Parsed {
  explicit Parsed(std::string text)
      : bytes(std::move(text)), result(Message::parse(bytes.data(), bytes.size())) {}
  explicit Parsed(const Request& request) : Parsed(request.text()) {}
  Parsed(const Parsed&) = delete;

  [[nodiscard]] Answer answer() const { return result ? Answer::None : result.error().answer; }
  [[nodiscard]] std::string_view why() const { return result ? "accepted" : result.error().error.what; }
  const Message& operator*() const { return *result; }
  const Message* operator->() const { return &*result; }

  std::string bytes;
  Result<Message, ParseFault> result;
};

// ---- start line

TEST(MessageStartLine, IsDroppedWhenItIsNotSip) {
  for (const char* text :
       {"", "\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "hello", "INVITE sip:a@b\r\n\r\n", "\0\0\0\0"}) {
    const Parsed parsed{std::string(text)};
    EXPECT_FALSE(parsed.result) << text;
    EXPECT_EQ(parsed.answer(), Answer::None) << text;
  }
}

TEST(MessageStartLine, OwesA400ForSpacesThatTheRfcDoesNotHave) {
  for (const char* line :
       {"OPTIONS  sip:bob@example.com SIP/2.0", "OPTIONS sip:bob@example.com  SIP/2.0",
        "OPTIONS sip:bob@example.com SIP/2.0 ", "OPTIONS sip:bob@example.com;a b SIP/2.0",
        "OPTIONS sip:bob@exam\tple.com SIP/2.0", "OPTIONS <sip:bob@example.com> SIP/2.0"}) {
    Request request;
    request.line = line;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << line;
  }
}

TEST(MessageStartLine, OwesA505ForOtherVersions) {
  for (const char* version : {"SIP/1.0", "SIP/2.1", "SIP/3.0", "SIP/20.0"}) {
    Request request;
    request.line = std::string("OPTIONS sip:bob@example.com ") + version;
    EXPECT_EQ(Parsed(request).answer(), Answer::Version) << version;
  }
}

TEST(MessageStartLine, OwesA400ForAVersionThatIsNoNumber) {
  for (const char* version : {"SIP/2", "SIP/x.y", "SIP/", "SIP/2.0x"}) {
    Request request;
    request.line = std::string("OPTIONS sip:bob@example.com ") + version;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << version;
  }
}

TEST(MessageStartLine, TakesTheVersionInAnyCase) {
  Request request;
  request.line = "OPTIONS sip:bob@example.com sip/2.0";
  EXPECT_TRUE(Parsed(request).result);
}

TEST(MessageStartLine, TakesMethodsCaseSensitively) {
  Request request;
  request.line = "options sip:bob@example.com SIP/2.0";
  request.cseq = "CSeq: 1 options\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->method(), Method::Unknown);
  EXPECT_EQ(parsed->method_text(), "options");
}

TEST(MessageStartLine, SkipsLineEndsBeforeIt) {
  const Parsed parsed("\r\n\r\n" + Request().text());
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->method(), Method::Options);
}

TEST(MessageStartLine, IsNotContinuedByAnIndentedLine) {
  Request request;
  request.line += "\r\n folded";
  EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest);
}

TEST(MessageStatusLine, IsDroppedOutsideThreeDigitsFrom100To699) {
  for (const char* status : {"99", "099", "700", "999", "20", "2000", "abc", "-20", "", " 200"}) {
    Request request;
    request.line = std::string("SIP/2.0 ") + status + " x";
    const Parsed parsed(request);
    EXPECT_FALSE(parsed.result) << status;
    EXPECT_EQ(parsed.answer(), Answer::None) << status;
  }
}

TEST(MessageStatusLine, TakesItsMethodFromCSeq) {
  Request request;
  request.line = "SIP/2.0 486 Busy Here";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_TRUE(parsed->is_response());
  EXPECT_EQ(parsed->status(), 486);
  EXPECT_EQ(parsed->reason(), "Busy Here");
  EXPECT_EQ(parsed->method(), Method::Options);
}

TEST(MessageStatusLine, NeedsNoReason) {
  for (const char* line : {"SIP/2.0 200", "SIP/2.0 200 "}) {
    Request request;
    request.line = line;
    const Parsed parsed(request);
    ASSERT_TRUE(parsed.result) << parsed.why();
    EXPECT_EQ(parsed->reason(), "");
  }
}

TEST(MessageStatusLine, IsNeverAnswered) {
  Request request;
  request.line = "SIP/2.0 200 OK";
  request.cseq = "CSeq: x\r\n";
  const Parsed parsed(request);
  EXPECT_FALSE(parsed.result);
  EXPECT_EQ(parsed.answer(), Answer::None);
}

// ---- head

TEST(MessageHead, OwesA400WhenItDoesNotEnd) {
  const std::string whole = Request().text();
  EXPECT_EQ(Parsed(whole.substr(0, whole.size() - 2)).answer(), Answer::BadRequest);
}

TEST(MessageHead, OwesA400ForNamesThatAreNoTokens) {
  for (const char* line :
       {"Bad Name: x\r\n", ": x\r\n", "X(: x\r\n", "NoColon\r\n", " Leading: x\r\n", "\xc3\xa9: x\r\n"}) {
    Request request;
    request.via = std::string(line) + request.via;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << line;
  }
}

TEST(MessageHead, OwesA400ForBareLineFeedsAndCarriageReturns) {
  for (const char* line : {"X: a\nY: b\r\n", "X: a\rY: b\r\n", "X: a\r\r\n", "X: \"\\\r\"\r\n", "X: a\n"}) {
    Request request;
    request.more += line;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << line;
  }
}

TEST(MessageHead, OwesA400ForControlCharactersOutsideQuotedPairs) {
  using namespace std::string_literals;
  for (const std::string& line :
       {"X: a\0b\r\n"s, "X: \"a\0b\"\r\n"s, "X: \\\0\r\n"s, "X: \x01\r\n"s, "X: \x1b[2J\r\n"s}) {
    Request request;
    request.more += line;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << line;
  }
  Request request;
  request.line = "OPTIONS sip:b\0b@example.com SIP/2.0"s;
  EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest);
}

TEST(MessageHead, LetsAQuotedPairHoldAControlCharacter) {
  using namespace std::string_literals;
  Request request;
  request.to = "To: \"a\\\0b\" <sip:bob@example.com>\r\n"s;
  EXPECT_TRUE(Parsed(request).result);
}

TEST(MessageHead, OwesA513ForMoreFieldsThanTheLimit) {
  Request request;
  for (std::size_t i = 0; i < Message::kHeadersMax; ++i) request.more += "X: y\r\n";
  const Parsed parsed(request);
  EXPECT_EQ(parsed.answer(), Answer::TooLarge);
  EXPECT_EQ(parsed.result.error().partial.headers().size(), Message::kHeadersMax);
}

TEST(MessageHead, OwesA513ForMoreBytesThanTheLimit) {
  Request request;
  request.body.assign(Message::kBytesMax, 'x');
  const Parsed parsed(request);
  EXPECT_EQ(parsed.answer(), Answer::TooLarge);
  EXPECT_EQ(parsed.result.error().partial.call_id(), "c1");
}

TEST(MessageHead, UnfoldsContinuationLinesInPlace) {
  Request request;
  request.more += "Subject: one\r\n two\r\n\tthree\r\n \r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->header(HeaderId::Subject), "one   two  \tthree");
}

TEST(MessageHead, KnowsNamesInAnyCaseAndForm) {
  Request request;
  request.from = "f: <sip:alice@example.com>;tag=a\r\n";
  request.to = "tO  :<sip:bob@example.com>\r\n";
  request.call_id = "I:c1\r\n";
  request.more = "k: timer\r\nX-Thing: 1\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->from().tag(), "a");
  EXPECT_EQ(parsed->call_id(), "c1");
  EXPECT_TRUE(parsed->has_token(HeaderId::Supported, "TIMER"));
  EXPECT_EQ(parsed->header("x-thing"), "1");
  EXPECT_EQ(parsed->header("supported"), std::nullopt) << "by text a name is as written";
}

TEST(MessageHead, FindsNothingWhereNothingIs) {
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

// ---- mandatory fields

TEST(MessageMandatory, OwesA400ForEachFieldThatIsMissing) {
  for (std::string Request::* field : {&Request::from, &Request::to, &Request::call_id, &Request::cseq}) {
    Request request;
    request.*field = "";
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << Parsed(request).why();
  }
}

TEST(MessageMandatory, DropsARequestWithoutVia) {
  Request request;
  request.via = "";
  const Parsed parsed(request);
  EXPECT_FALSE(parsed.result);
  EXPECT_EQ(parsed.answer(), Answer::None);
}

TEST(MessageMandatory, NeverAnswersAnAck) {
  Request request;
  request.line = "ACK sip:bob@example.com SIP/2.0";
  request.cseq = "";
  const Parsed parsed(request);
  EXPECT_FALSE(parsed.result);
  EXPECT_EQ(parsed.answer(), Answer::None);
}

TEST(MessageMandatory, OwesA400ForAFieldThatMayComeOnceButComesTwice) {
  for (std::string Request::* field :
       {&Request::from, &Request::to, &Request::call_id, &Request::cseq, &Request::more}) {
    Request request;
    request.*field += request.*field;
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << request.*field;
  }
}

TEST(MessageMandatory, EchoesWhatCouldBeReadAfterAFault) {
  Request request;
  request.line = "OPTIONS  sip:bob@example.com SIP/2.0";
  request.cseq = "CSeq: nonsense\r\n";
  const Parsed parsed(request);
  ASSERT_EQ(parsed.answer(), Answer::BadRequest);
  const Message& partial = parsed.result.error().partial;
  EXPECT_EQ(partial.top_via().branch, "z9hG4bK1");
  EXPECT_EQ(partial.from().tag(), "a");
  EXPECT_EQ(partial.call_id(), "c1");
  EXPECT_EQ(partial.header(HeaderId::CSeq), "nonsense");
}

TEST(MessageCSeq, OwesA400OutsideItsRangeOrForAnotherMethod) {
  for (const char* cseq :
       {"2147483648 OPTIONS", "4294967297 OPTIONS", "-1 OPTIONS", "+1 OPTIONS", "1OPTIONS", "1", "OPTIONS",
        "1 INVITE", "1 options", "1 OPTIONS x", "0x1 OPTIONS", "1,1 OPTIONS", ""}) {
    Request request;
    request.cseq = std::string("CSeq: ") + cseq + "\r\n";
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << cseq;
  }
}

TEST(MessageCSeq, TakesTheLargestNumberAndLeadingZeros) {
  Request request;
  request.cseq = "CSeq: 0002147483647 \t OPTIONS\r\n";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->cseq().number, 2147483647u);
  EXPECT_EQ(parsed->cseq().method, Method::Options);
}

TEST(MessageCallId, OwesA400WhenEmptyOrSplit) {
  for (const char* call_id : {"", "a b", "a\tb"}) {
    Request request;
    request.call_id = std::string("Call-ID: ") + call_id + "\r\n";
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << call_id;
  }
}

// ---- Content-Length

TEST(MessageContentLength, OwesA400ForGarbageAndContradiction) {
  for (const char* lines : {"Content-Length: -1\r\n", "Content-Length: abc\r\n", "Content-Length: 4 4\r\n",
                            "Content-Length: \r\n", "Content-Length: 0x4\r\n", "Content-Length: 4,4\r\n",
                            "Content-Length: 4\r\nl: 5\r\n", "Content-Length: 99999999999999999999\r\n",
                            "Content-Length: +4\r\n"}) {
    Request request;
    request.more += lines;
    request.body = "abcdefgh";
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << lines;
  }
}

TEST(MessageContentLength, OwesA400WhenLargerThanTheBytes) {
  Request request;
  request.more += "Content-Length: 9\r\n";
  request.body = "abcdefgh";
  EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest);
}

TEST(MessageContentLength, CutsTheBody) {
  Request request;
  request.more += "Content-Length: 4\r\nContent-Length: 04\r\n";
  request.body = "abcdefgh";
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->body(), "abcd");
}

TEST(MessageContentLength, TakesTheRestWhenAbsent) {
  using namespace std::string_literals;
  Request request;
  request.body = "a\r\n\r\n\0b"s;
  const Parsed parsed(request);
  ASSERT_TRUE(parsed.result) << parsed.why();
  EXPECT_EQ(parsed->body(), "a\r\n\r\n\0b"s);
}

// ---- Via

TEST(MessageVia, OwesA400WhenTheTopOneIsBad) {
  for (const char* via : {"", "UDP 192.0.2.1", "SIP/2.0 192.0.2.1", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=x",
                          "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h:", "SIP/2.0/UDP h;branch=",
                          "SIP/2.0/UDP h;=x", "SIP/2.0/UDP h;;a", "SIP/2.0/UDP h;a=\"x", "SIP/2.0/UDP [::1",
                          "SIP/2.0/UDP h;rport=x", "HTTP/2.0/UDP h", "SIP/2.0/UDP h x"}) {
    Request request;
    request.via = std::string("Via: ") + via + "\r\n";
    EXPECT_EQ(Parsed(request).answer(), Answer::BadRequest) << via;
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

TEST(HeaderNames, AreFoundAgainByTheirLongNameAndInAnyCase) {
  for (std::size_t i = 1; i < kHeaderIds; ++i) {
    const auto id = static_cast<HeaderId>(i);
    EXPECT_EQ(header_id_from(name(id)), id) << name(id);
    EXPECT_EQ(header_id_from(text::to_lower(name(id))), id) << name(id);
  }
  for (const char* unknown : {"", "z", "1", "X-Thing", "Fromm", "Fro", "Call-Id-", "\xff", "ContentLength"}) {
    EXPECT_EQ(header_id_from(unknown), HeaderId::Unknown) << unknown;
  }
}

TEST(HeaderNames, HaveTheCompactFormsOfTheRegistry) {
  const std::pair<const char*, HeaderId> forms[] = {
      {"a", HeaderId::AcceptContact},   {"b", HeaderId::ReferredBy},
      {"c", HeaderId::ContentType},     {"d", HeaderId::RequestDisposition},
      {"e", HeaderId::ContentEncoding}, {"f", HeaderId::From},
      {"i", HeaderId::CallId},          {"j", HeaderId::RejectContact},
      {"k", HeaderId::Supported},       {"l", HeaderId::ContentLength},
      {"m", HeaderId::Contact},         {"n", HeaderId::IdentityInfo},
      {"o", HeaderId::Event},           {"r", HeaderId::ReferTo},
      {"s", HeaderId::Subject},         {"t", HeaderId::To},
      {"u", HeaderId::AllowEvents},     {"v", HeaderId::Via},
      {"x", HeaderId::SessionExpires},  {"y", HeaderId::Identity}};
  for (const auto& [form, id] : forms) EXPECT_EQ(header_id_from(form), id) << form;
  EXPECT_EQ(header_id_from("V"), HeaderId::Via);
}

TEST(MethodNames, AreFoundAgain) {
  for (int i = 1; i <= static_cast<int>(Method::Publish); ++i) {
    EXPECT_EQ(method_from(name(static_cast<Method>(i))), static_cast<Method>(i));
  }
  EXPECT_EQ(method_from(""), Method::Unknown);
  EXPECT_EQ(method_from("Invite"), Method::Unknown);
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
