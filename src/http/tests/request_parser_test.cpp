#include "http/request_parser.hpp"

#include <gtest/gtest.h>

namespace xivo::http {
namespace {

using Progress = RequestParser::Progress;

const Limits kLimits;

/// The status of the refusal, 0 when the text is accepted, -1 when more is wanted.
int refusal(std::string text) {
  RequestParser parser(kLimits);
  switch (parser.feed(text)) {
    case Progress::Refused: return parser.refusal();
    case Progress::Complete: return 0;
    default: return -1;
  }
}

TEST(RequestParser, RefusesMalformedHeads) {
  const char* bad[] = {
      "GET\r\n\r\n",
      "GET /\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\nHo\x01st: a\r\n\r\n",
      "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
      "\x16\x03\x01\x02\x01\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  for (const char* text : bad) EXPECT_EQ(refusal(text), 400) << text;
}

TEST(RequestParser, RefusesRequestsThatTwoReadersCouldReadDifferently) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(refusal(head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400);
  EXPECT_EQ(refusal(head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(refusal(head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(refusal(head + "Content-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(refusal(head + "Content-Length: 3 3\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesOtherVersions) {
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal("GET / HTTP/9.9\r\nHost: a\r\n\r\n"), 505);
}

TEST(RequestParser, RefusesHeadsAndBodiesBeyondTheirLimits) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(kLimits.head_bytes_max, 'x')), 431);
  EXPECT_EQ(refusal("GET /" + std::string(kLimits.head_bytes_max, 'x')), 431);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"), 413);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n" +
                    std::string(0x100001, 'x') + "\r\n0\r\n\r\n"),
            413);
}

TEST(RequestParser, RefusesAChunkSizeLineWithoutEnd) {
  RequestParser parser(kLimits);
  std::string input = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;";
  Progress progress = parser.feed(input);
  for (int i = 0; i < 40 && progress == Progress::NeedsBody; ++i) {
    input += std::string(1024, 'x');
    progress = parser.feed(input);
  }
  EXPECT_EQ(progress, Progress::Refused);
}

TEST(RequestParser, ReadsAnythingByteByByte) {
  const std::string text =
      "\r\nPOST /a/b?c=d HTTP/1.1\r\nHost: pbx\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\n\r\n";
  RequestParser parser(kLimits);
  std::string input;
  for (std::size_t i = 0; i < text.size(); ++i) {
    input += text[i];
    const auto progress = parser.feed(input);
    ASSERT_NE(progress, Progress::Refused) << i;
    ASSERT_EQ(progress == Progress::Complete, i + 1 == text.size()) << i;
  }
  const Request request = parser.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/a/b");
  EXPECT_EQ(request.header("x-one"), "1");
  EXPECT_EQ(request.body, "abcdefg");
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyByteByByte) {
  const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  RequestParser parser(kLimits);
  std::string input;
  for (std::size_t i = 0; i < text.size(); ++i) {
    input += text[i];
    const auto progress = parser.feed(input);
    ASSERT_NE(progress, Progress::Refused) << i;
    ASSERT_EQ(progress == Progress::Complete, i + 1 == text.size()) << i;
  }
  EXPECT_EQ(parser.take().body, "");
}

TEST(RequestParser, LeavesTheNextRequestInTheInput) {
  RequestParser parser(kLimits);
  std::string input =
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(parser.feed(input), Progress::Complete);
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_EQ(parser.take().path, "/1");
  ASSERT_EQ(parser.feed(input), Progress::Complete);
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_EQ(parser.take().path, "/2");
  EXPECT_TRUE(input.empty());
}

TEST(RequestParser, KnowsWhoWaitsForContinue) {
  RequestParser parser(kLimits);
  std::string input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n";
  ASSERT_EQ(parser.feed(input), Progress::NeedsBody);
  EXPECT_TRUE(parser.expects_continue());
}

}  // namespace
}  // namespace xivo::http
