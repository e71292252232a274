#include <gtest/gtest.h>

#include <string>

#include "sip/message.hpp"
#include "sip/tests/sample_request.hpp"

// What Message::parse() accepts, refuses, and owes to what it refuses.
namespace xivo::sip {
namespace {

using Answer = ParseFault::Answer;

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

}  // namespace
}  // namespace xivo::sip
