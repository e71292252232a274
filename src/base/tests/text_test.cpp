#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace xivo::text {
namespace {

TEST(ParseDecimal, RefusesWhatIsNotWhollyANumber) {
  for (const char* bad : {"", " ", "-1", "+1", " 1", "1 ", "0x10", "1.0", "1e3", "12a", "a12", "\xd9\xa1"}) {
    EXPECT_FALSE(parse_decimal<std::uint32_t>(bad)) << '"' << bad << '"';
    EXPECT_FALSE(parse_decimal<int>(bad)) << '"' << bad << '"';
  }
  EXPECT_FALSE(parse_decimal<int>(std::string_view("1\0", 2)));
}

TEST(ParseDecimal, RefusesOverflowAtEveryWidth) {
  EXPECT_FALSE(parse_decimal<std::uint8_t>("256"));
  EXPECT_FALSE(parse_decimal<std::uint16_t>("65536"));
  EXPECT_FALSE(parse_decimal<std::uint32_t>("4294967296"));
  EXPECT_FALSE(parse_decimal<std::uint64_t>("18446744073709551616"));
  EXPECT_FALSE(parse_decimal<int>("2147483648"));
  EXPECT_FALSE(parse_decimal<std::uint64_t>(std::string(10'000, '9')));
}

TEST(ParseDecimal, ReadsTheLargestAndLeadingZeros) {
  EXPECT_EQ(parse_decimal<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_decimal<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_decimal<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_decimal<int>("0000000000000000000000000000007"), 7);
}

TEST(Characters, OnlyAsciiLettersAndDigitsCount) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool digit = i >= 48 && i <= 57;
    const bool alpha = (i >= 65 && i <= 90) || (i >= 97 && i <= 122);
    EXPECT_EQ(is_digit(c), digit) << i;
    EXPECT_EQ(is_alpha(c), alpha) << i;
    EXPECT_EQ(is_alnum(c), digit || alpha) << i;
    EXPECT_EQ(lower(c), i >= 65 && i <= 90 ? static_cast<char>(i + 32) : c) << i;
  }
}

TEST(EqualIgnoringCase, KnowsNoLocaleAndNoPrefix) {
  EXPECT_TRUE(equal_ignoring_case("Call-ID", "cALL-id"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("Call-ID", "Call-I"));
  EXPECT_FALSE(equal_ignoring_case("\xc9", "\xe9"));  // É and é in Latin-1
  EXPECT_FALSE(equal_ignoring_case("[", "{"));        // 32 apart, but no letters
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Trim, TakesSpacesAndTabsOffBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("a\r\n"), "a\r\n");
}

TEST(Split, GivesOnePartMoreThanSeparators) {
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split(",", ','), (std::vector<std::string_view>{"", ""}));
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("abc", ','), (std::vector<std::string_view>{"abc"}));
}

TEST(ToLower, LeavesOtherBytesAlone) { EXPECT_EQ(to_lower("SIP:Ünïté@X"), "sip:Ünïté@x"); }

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  const unsigned char bytes[] = {0x00, 0x0f, 0xf0, 0xff, 0x7a};
  EXPECT_EQ(hex(bytes, sizeof bytes), "000ff0ff7a");
  EXPECT_EQ(hex(bytes, 0), "");
}

}  // namespace
}  // namespace xivo::text
