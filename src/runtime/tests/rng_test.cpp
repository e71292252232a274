#include "runtime/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace xivo::runtime {
namespace {

TEST(RngDeathTest, ABoundOfZeroIsAnAssertion) {
  SeededRng rng(1);
  EXPECT_DEATH(rng.below(0), "assertion failed");
}

TEST(Rng, TokensHaveTheAskedSizeAndAlphabet) {
  SeededRng rng(1);
  for (const std::size_t size : {0u, 1u, 11u, 12u, 13u, 24u, 25u, 1'000u}) {
    const auto token = rng.token(size);
    EXPECT_EQ(token.size(), size);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) {
      return text::is_digit(c) || (c >= 'a' && c <= 'z');
    })) << token;
  }
}

TEST(Rng, EveryCharacterOfATokenIsAboutAsFrequentAsAnother) {
  SeededRng rng(2);
  std::vector<int> seen(256);
  constexpr int kDrawn = 360'000;
  for (const char c : rng.token(kDrawn)) ++seen[static_cast<unsigned char>(c)];
  for (const char c : std::string("abcdefghijklmnopqrstuvwxyz0123456789")) {
    EXPECT_NEAR(seen[static_cast<unsigned char>(c)], kDrawn / 36, 500) << c;
  }
}

TEST(Rng, BelowStaysBelowAndReachesEveryValue) {
  SeededRng rng(3);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto n = rng.below(7);
    ASSERT_LT(n, 7u);
    seen.insert(n);
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(rng.below(1), 0u);
}

TEST(SeededRng, RepeatsForTheSameSeedAndDiffersForAnother) {
  SeededRng a(9);
  SeededRng b(9);
  SeededRng c(10);
  const auto first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
}

TEST(SeededRng, IsSplitMix64) {
  SeededRng rng(0);
  EXPECT_EQ(rng.next(), 0xe220a8397b1dcdafu);
  EXPECT_EQ(rng.next(), 0x6e789e6aa1b965f4u);
}

TEST(SystemRng, DoesNotRepeatAcrossBlocksOrInstances) {
  SystemRng a;
  SystemRng b;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) {
    seen.insert(a.next());
    seen.insert(b.next());
  }
  EXPECT_EQ(seen.size(), 2'000u);
}

}  // namespace
}  // namespace xivo::runtime
