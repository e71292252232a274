#include "sip/writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace xivo::sip {
namespace {

struct Parsed {
  explicit Parsed(std::string text)
      : bytes(std::move(text)), result(Message::parse(bytes.data(), bytes.size())) {
    EXPECT_TRUE(result) << (result ? "" : result.error().error.what) << "\n" << bytes;
  }
  Parsed(const Parsed&) = delete;
  const Message& operator*() const { return *result; }
  const Message* operator->() const { return &*result; }
  std::string bytes;
  Result<Message, ParseFault> result;
};

std::string request(std::string_view via, std::string_view to = "To: <sip:bob@example.com>\r\n") {
  return std::string("INVITE sip:bob@example.com SIP/2.0\r\n") + std::string(via) +
         "From: <sip:alice@example.com>;tag=a\r\n" + std::string(to) +
         "Call-ID: c1\r\nCSeq: 7 INVITE\r\n\r\n";
}

const Source kSource{"192.0.2.9", 4711};

std::string top_via_of_response(std::string_view via, const Source& source = kSource) {
  const Parsed invite(request("Via: " + std::string(via) + "\r\n"));
  const Parsed response(response_to(*invite, 180, "t", source).finish());
  return std::string(response->header(HeaderId::Via).value_or(""));
}

TEST(Writer, ReplacesLineBreaksAndNullInUntrustedValues) {
  using namespace std::string_view_literals;
  const std::string text =
      Writer::response(200).add_untrusted(HeaderId::Subject, "a\r\nX-Evil: 1\n\0b"sv).finish();
  EXPECT_NE(text.find("Subject: a  X-Evil: 1  b\r\n"), std::string::npos) << text;
}

TEST(Writer, WritesARequestFrontToBack) {
  const std::string text = Writer::request(Method::Message, "sip:bob@h")
                               .add(HeaderId::MaxForwards, std::uint64_t{70})
                               .add(HeaderId::CallId, "x")
                               .add("X-Own", "y")
                               .finish("text/plain", "hello");
  EXPECT_EQ(text,
            "MESSAGE sip:bob@h SIP/2.0\r\nMax-Forwards: 70\r\nCall-ID: x\r\nX-Own: y\r\nContent-Type: "
            "text/plain\r\n"
            "Content-Length: 5\r\n\r\nhello");
}

TEST(Writer, SaysContentLengthZeroWithoutABody) {
  EXPECT_EQ(Writer::response(486).finish(), "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n");
}

TEST(Writer, TakesAReasonOfTheCallers) {
  EXPECT_EQ(Writer::response(480, "Gone Fishing").finish().substr(0, 26), "SIP/2.0 480 Gone Fishing\r\n");
}

TEST(Writer, CopiesEveryFieldOfANameInOrder) {
  const Parsed invite(request(
      "Via: SIP/2.0/UDP a;branch=1\r\nRecord-Route: <sip:p1;lr>\r\nrecord-route: <sip:p2;lr>,<sip:p3>\r\n"));
  const std::string text =
      Writer::response(200).copy(HeaderId::RecordRoute, *invite).copy(HeaderId::Route, *invite).finish();
  EXPECT_EQ(text,
            "SIP/2.0 200 OK\r\nRecord-Route: <sip:p1;lr>\r\nRecord-Route: "
            "<sip:p2;lr>,<sip:p3>\r\nContent-Length: 0\r\n\r\n");
}

TEST(Quote, EscapesQuotesAndBackslashesAndDropsControls) {
  EXPECT_EQ(quote("a\"b\\c\r\nd\x7f"), "\"a\\\"b\\\\c  d \"");
  EXPECT_EQ(quote("é"), "\"é\"");
  EXPECT_EQ(quote(""), "\"\"");
}

// ---- response_to

TEST(ResponseTo, StartsWithTheFieldsOfTheRequest) {
  const Parsed invite(request("Via: SIP/2.0/UDP 192.0.2.9;branch=1\r\n"));
  const std::string text = response_to(*invite, 180, "t1", kSource).finish();
  EXPECT_EQ(
      text,
      "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=1\r\nFrom: <sip:alice@example.com>;tag=a\r\n"
      "To: <sip:bob@example.com>;tag=t1\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseTo, AddsNoTagWithoutOneAndNoneBesideOne) {
  const Parsed invite(request("Via: SIP/2.0/UDP a;branch=1\r\n"));
  EXPECT_NE(response_to(*invite, 100, "", kSource).finish().find("To: <sip:bob@example.com>\r\n"),
            std::string::npos);
  const Parsed inside(request("Via: SIP/2.0/UDP a;branch=1\r\n", "t: sip:bob@example.com ;tag=old\r\n"));
  EXPECT_NE(response_to(*inside, 200, "new", kSource).finish().find("To: sip:bob@example.com ;tag=old\r\n"),
            std::string::npos);
}

TEST(ResponseTo, TellsTheSourceOnlyWhenItDiffersOrIsAskedFor) {
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP 192.0.2.9:5060;branch=1"),
            "SIP/2.0/UDP 192.0.2.9:5060;branch=1");
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP 10.0.0.1:5060;branch=1"),
            "SIP/2.0/UDP 10.0.0.1:5060;branch=1;received=192.0.2.9");
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP phone.example.com;branch=1"),
            "SIP/2.0/UDP phone.example.com;branch=1;received=192.0.2.9");
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP 192.0.2.9;rport;branch=1"),
            "SIP/2.0/UDP 192.0.2.9;rport=4711;branch=1;received=192.0.2.9");
}

TEST(ResponseTo, DoesNotBelieveWhatTheClientSaysAboutItsSource) {
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP 192.0.2.9;received=6.6.6.6;rport=1;branch=1"),
            "SIP/2.0/UDP 192.0.2.9;rport=4711;branch=1;received=192.0.2.9");
}

TEST(ResponseTo, ComparesIpv6WithoutItsBracketsAndByValue) {
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP [2001:db8::1];branch=1", Source{"2001:db8::1", 5060}),
            "SIP/2.0/UDP [2001:db8::1];branch=1");
  EXPECT_EQ(top_via_of_response("SIP/2.0/UDP [2001:DB8:0::1];branch=1", Source{"2001:db8::1", 5060}),
            "SIP/2.0/UDP [2001:DB8:0::1];branch=1");
}

TEST(ResponseTo, KeepsTheOtherViasOfALineAndOfOtherLines) {
  const Parsed invite(request(
      "Via: SIP/2.0/UDP a ;rport ; branch=1 , SIP/2.0/TCP b;branch=2\r\nv: SIP/2.0/TLS c;branch=3\r\n"));
  const Parsed response(response_to(*invite, 200, "t", kSource).finish());
  const auto vias = response->tokens(HeaderId::Via);
  ASSERT_EQ(vias.size(), 3u);
  EXPECT_EQ(vias[0], "SIP/2.0/UDP a;rport=4711;branch=1;received=192.0.2.9");
  EXPECT_EQ(vias[1], "SIP/2.0/TCP b;branch=2");
  EXPECT_EQ(vias[2], "SIP/2.0/TLS c;branch=3");
}

TEST(ResponseTo, EchoesAViaItCouldNotRead) {
  std::string bytes = request("Via: SIP/2.0/UDP 192.0.2.15;;,;,,\r\n");
  const auto result = Message::parse(bytes.data(), bytes.size());
  ASSERT_FALSE(result);
  const std::string text = response_to(result.error().partial, 400, "t", kSource).finish();
  EXPECT_NE(text.find("\r\nVia: SIP/2.0/UDP 192.0.2.15;;,;,,\r\n"), std::string::npos) << text;
}

TEST(ResponseTo, LeavesOutWhatTheRequestDidNotHave) {
  std::string bytes = "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=1\r\n\r\n";
  const auto result = Message::parse(bytes.data(), bytes.size());
  ASSERT_FALSE(result);
  EXPECT_EQ(response_to(result.error().partial, 400, "t", kSource).finish(),
            "SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP a;branch=1;received=192.0.2.9\r\nContent-Length: "
            "0\r\n\r\n");
}

}  // namespace
}  // namespace xivo::sip
