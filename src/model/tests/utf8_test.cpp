#include "model/utf8.hpp"

#include <gtest/gtest.h>

namespace xivo::model {
namespace {

TEST(Utf8, CountsCharactersNotBytes) {
  EXPECT_EQ(printable_length("élève"), 5U);
  EXPECT_EQ(printable_length("😀"), 1U);
  EXPECT_EQ(printable_length(""), 0U);
  EXPECT_EQ(printable_length("\xF4\x90\x80\x80"), std::nullopt);  // beyond U+10FFFF
  EXPECT_EQ(printable_length("\xE2\x82"), std::nullopt);          // cut short
}

}  // namespace
}  // namespace xivo::model
