#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace xivo {
namespace {

enum class Refusal { Busy, Forbidden };

Result<int> half(int n) {
  if (n % 2 != 0) return fail("odd number", n);
  return n / 2;
}

Result<void> allow(bool allowed) {
  if (!allowed) return fail("not allowed");
  return {};
}

TEST(Result, KeepsThePhraseTheNumberAndTheLineOfTheRefusal) {
  const auto before = std::source_location::current().line();
  const Result<int> refused = fail("too short", 7);
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().what, "too short");
  EXPECT_EQ(refused.error().detail, 7);
  EXPECT_EQ(refused.error().line, before + 1);
}

TEST(Result, OfAnOwnErrorCodeCarriesThatCode) {
  const Result<std::string, Refusal> refused = Unexpected{Refusal::Forbidden};
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error(), Refusal::Forbidden);
}

TEST(ResultDeathTest, AskingAFailureForItsValueStopsTheProcess) {
  Result<int> refused = half(3);
  EXPECT_DEATH(static_cast<void>(refused.value()), "assertion failed");
  EXPECT_DEATH(static_cast<void>(*refused), "assertion failed");
}

TEST(ResultDeathTest, AskingASuccessForItsErrorStopsTheProcess) {
  const Result<int> good = half(4);
  EXPECT_DEATH(static_cast<void>(good.error()), "assertion failed");
}

TEST(Result, HoldsTheValue) {
  const auto good = half(8);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 4);
  EXPECT_EQ(good.value(), 4);
}

TEST(Result, FallsBackOnlyWhenThereIsNoValue) {
  EXPECT_EQ(half(3).value_or(-1), -1);
  EXPECT_EQ(half(4).value_or(-1), 2);
}

TEST(Result, MovesAMoveOnlyValueOut) {
  Result<std::unique_ptr<int>> owned = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = *std::move(owned);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ReachesMembersThroughTheArrow) {
  Result<std::string> word = std::string("trunk");
  EXPECT_EQ(word->size(), 5u);
  word->push_back('s');
  EXPECT_EQ(*word, "trunks");
}

TEST(Result, KeepsApartAValueAndAnErrorOfTheSameType) {
  const Result<int, int> refused = Unexpected{1};
  const Result<int, int> good = 1;
  EXPECT_FALSE(refused.has_value());
  EXPECT_TRUE(good.has_value());
}

TEST(VoidResult, IsSuccessByDefaultAndKeepsTheRefusal) {
  EXPECT_TRUE(allow(true));
  const auto refused = allow(false);
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "not allowed");
}

}  // namespace
}  // namespace xivo
