#include "http/target.hpp"

#include <gtest/gtest.h>

namespace xivo::http {
namespace {

bool read(Request& request, std::string target, std::string method = "GET") {
  request = Request{};
  request.method = std::move(method);
  request.target = std::move(target);
  return read_target(request);
}

TEST(HttpTarget, RefusesBrokenEscapesAndNul) {
  Request request;
  for (const char* bad : {"/%", "/%1", "/%zz", "/%00", "/a?b=%", "/a?%00=1"})
    EXPECT_FALSE(read(request, bad)) << bad;
}

TEST(HttpTarget, RefusesToClimb) {
  Request request;
  for (const char* bad : {"/..", "/a/../b", "/a/%2e%2e/b", "/./a", "/%2E"})
    EXPECT_FALSE(read(request, bad)) << bad;
}

TEST(HttpTarget, RefusesWhatIsNoPath) {
  Request request;
  for (const char* bad : {"", "a", "http://host", "*"}) EXPECT_FALSE(read(request, bad)) << bad;
  EXPECT_TRUE(read(request, "*", "OPTIONS"));
}

TEST(HttpTarget, BoundsSegmentsAndParameters) {
  Request request;
  std::string deep;
  for (std::size_t i = 0; i <= kSegmentsMax; ++i) deep += "/a";
  EXPECT_FALSE(read(request, deep));
  std::string wide = "/?";
  for (std::size_t i = 0; i <= kParametersMax; ++i) wide += "a&";
  EXPECT_FALSE(read(request, wide));
}

TEST(HttpTarget, DecodesSegmentsAndParameters) {
  Request request;
  ASSERT_TRUE(read(request, "/api/v1/us%C3%A9rs/a%2Fb?search=J%26J+co&empty=&flag&a=1&a=2"));
  EXPECT_EQ(request.segments, (std::vector<std::string>{"api", "v1", "us\xC3\xA9rs", "a/b"}));
  EXPECT_EQ(request.parameter("search"), "J&J co");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("flag"), "");
  EXPECT_EQ(request.parameter("a"), "1");
  EXPECT_FALSE(request.parameter("b"));
}

TEST(HttpTarget, TakesTheAuthorityOffAnAbsoluteTarget) {
  Request request;
  ASSERT_TRUE(read(request, "http://pbx.example:8080/a?b=c"));
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.parameter("b"), "c");
}

TEST(HttpTarget, EncodesWhatItDecodes) {
  const std::string text = "a b/\xC3\xA9?&=+%~";
  EXPECT_EQ(percent_decode(percent_encode(text), true), text);
}

TEST(HttpMessage, FindsCookies) {
  Request request;
  request.headers = {{"Cookie", "a=1; session=abc=; b"}, {"cookie", "c=3"}};
  EXPECT_EQ(request.cookie("session"), "abc=");
  EXPECT_EQ(request.cookie("c"), "3");
  EXPECT_FALSE(request.cookie("b"));
}

}  // namespace
}  // namespace xivo::http
