#include "cli/rest/arguments.hpp"

#include <gtest/gtest.h>

namespace xivo::cli {
namespace {

Arguments parse(const std::vector<std::string>& words) { return Arguments::parse(words); }

TEST(Arguments, WhatNobodyTakesIsComplainedOf) {
  Arguments arguments = parse({"user", "list", "--colour", "red"});
  const auto left = arguments.nothing_left(model::Language::English);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, kUsage);
  EXPECT_NE(left.error().text.find("--colour"), std::string::npos);
  EXPECT_EQ(arguments.take("colour"), "red");
  EXPECT_TRUE(arguments.nothing_left(model::Language::English));
}

TEST(Arguments, OptionsStandAnywhere) {
  Arguments arguments = parse({"--json", "user", "--firstname", "Alice", "set", "--email=a@b", "12"});
  EXPECT_EQ(arguments.words(), (std::vector<std::string>{"user", "set", "12"}));
  EXPECT_TRUE(arguments.take_flag("json"));
  EXPECT_EQ(arguments.take("firstname"), "Alice");
  EXPECT_EQ(arguments.take("email"), "a@b");
  EXPECT_EQ(arguments.word(7), "");
}

TEST(Arguments, AnEmptyValueAndANumberBelowZeroAreValues) {
  Arguments arguments = parse({"--email", "", "--position", "-1", "--enabled", "--yes", "--no-supervision"});
  EXPECT_EQ(arguments.take("email"), "");
  EXPECT_EQ(arguments.take("position"), "-1");
  EXPECT_EQ(arguments.take("enabled"), "");
  EXPECT_EQ(arguments.take("supervision"), "false");
  EXPECT_TRUE(arguments.take_flag("yes"));
}

TEST(Arguments, NothingBehindTwoHyphensIsAnOption) {
  EXPECT_EQ(parse({"a", "--", "--json"}).words(), (std::vector<std::string>{"a", "--json"}));
}

}  // namespace
}  // namespace xivo::cli
