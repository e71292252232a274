#include "console/pattern.hpp"

#include <gtest/gtest.h>

namespace xivo::console {
namespace {

bool like(const std::string& pattern, std::string_view text) {
  const auto compiled = Pattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->matches(text);
}

TEST(Pattern, RefusesWhatItDoesNotKnow) {
  for (const char* source : {"*a", "+", "?", "(a)", "a|b", "[a", "[", "[]", "a\\"}) {
    EXPECT_FALSE(Pattern::compile(source)) << source;
  }
  EXPECT_FALSE(Pattern::compile(std::string(Pattern::kSizeMax + 1, 'a')));
}

TEST(Pattern, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(like("02", "1021"));
  EXPECT_FALSE(like("^02", "1021"));
  EXPECT_TRUE(like("^10", "1021"));
  EXPECT_TRUE(like("21$", "1021"));
  EXPECT_FALSE(like("10$", "1021"));
  EXPECT_TRUE(like("^$", ""));
  EXPECT_FALSE(like("^$", "x"));
  EXPECT_TRUE(like("", "anything"));
}

TEST(Pattern, KnowsDotsSetsAndRepeats) {
  EXPECT_TRUE(like("^1.1$", "101"));
  EXPECT_TRUE(like("^10[1-3]$", "102"));
  EXPECT_FALSE(like("^10[^1-3]$", "102"));
  EXPECT_TRUE(like("^ab*c$", "ac"));
  EXPECT_TRUE(like("^ab*c$", "abbbc"));
  EXPECT_FALSE(like("^ab+c$", "ac"));
  EXPECT_TRUE(like("^ab?c$", "abc"));
  EXPECT_FALSE(like("^ab?c$", "abbc"));
  EXPECT_TRUE(like("^.*$", "xyz"));
  EXPECT_TRUE(like("^[]x]$", "]"));
  EXPECT_TRUE(like("a\\*", "a*"));
  EXPECT_TRUE(like("^x.*y.*z$", "x--y--z"));
}

TEST(Pattern, IgnoresTheCaseOfAsciiLetters) {
  EXPECT_TRUE(like("TRUNK", "my-trunk"));
  EXPECT_TRUE(like("[A-C]x", "bX"));
}

TEST(Pattern, IsNotSlowedDownByNestedChoice) {
  // A backtracking matcher needs 2^60 steps for this; ours 60 x 60.
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "a?";
  EXPECT_TRUE(like("^" + pattern, std::string(60, 'a')));
  EXPECT_FALSE(like(std::string(60, 'a') + "b", std::string(4000, 'a')));
}

}  // namespace
}  // namespace xivo::console
