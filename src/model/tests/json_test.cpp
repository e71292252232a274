#include "model/json.hpp"

#include <gtest/gtest.h>

namespace xivo::model {
namespace {

std::string error_of(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  return value ? "accepted" : std::string(value.error().what);
}

TEST(Json, RefusesWhatIsNotOneDocument) {
  EXPECT_EQ(error_of(""), "JSON is malformed");
  EXPECT_EQ(error_of("{"), "JSON is malformed");
  EXPECT_EQ(error_of("{} {}"), "JSON is malformed");
  EXPECT_EQ(error_of("[1,]"), "JSON is malformed");
  EXPECT_EQ(error_of("{\"a\":\"\xFF\"}"), "JSON is malformed");
  EXPECT_EQ(error_of("NaN"), "JSON is malformed");
}

TEST(Json, SaysWhereItIsMalformed) {
  const auto value = parse_json(R"({"a": tru})");
  ASSERT_FALSE(value);
  EXPECT_GE(value.error().detail, 6);
}

TEST(Json, RefusesFractionsAndNumbersBeyond64Bits) {
  EXPECT_EQ(error_of("1.5"), "JSON number is not an integer");
  EXPECT_EQ(error_of("1e3"), "JSON number is not an integer");
  EXPECT_EQ(error_of("9223372036854775808"), "JSON number is beyond 64 bits");
  EXPECT_EQ(parse_json("9223372036854775807")->integer(), INT64_MAX);
  EXPECT_EQ(parse_json("-9223372036854775808")->integer(), INT64_MIN);
}

TEST(Json, RefusesAMemberNamedTwice) {
  EXPECT_EQ(error_of(R"({"a":1,"a":2})"), "JSON member is named twice");
}

TEST(Json, StopsAtEachLimit) {
  EXPECT_EQ(error_of("[1,2,3]", {.bytes_max = 6}), "JSON is too large");
  EXPECT_EQ(error_of("[[[1]]]", {.depth_max = 2}), "JSON is nested too deeply");
  EXPECT_EQ(error_of("[1,2,3]", {.values_max = 3}), "JSON holds too many values");
  EXPECT_EQ(error_of(R"({"a":1,"b":2})", {.members_max = 1}), "JSON object has too many members");
}

TEST(Json, SurvivesDeepNestingWithoutRecursion) {
  const std::string deep(500'000, '[');
  EXPECT_EQ(error_of(deep), "JSON is nested too deeply");
}

TEST(Json, KeepsMembersInTheirOrder) {
  const std::string text = R"({"z":1,"a":[true,null,"é\"\\\n"],"m":{"x":-3}})";
  const auto value = parse_json(text);
  ASSERT_TRUE(value);
  EXPECT_EQ(to_json(*value), text);
}

TEST(Json, ReadsEscapesAndSurrogatePairs) {
  EXPECT_EQ(*parse_json(R"("\u00e9\ud83d\ude00")")->text(), "é😀");
  EXPECT_EQ(error_of(R"("\ud83d")"), "JSON is malformed");
}

TEST(Json, WritesControlCharactersEscapedAndBadBytesReplaced) {
  EXPECT_EQ(to_json(Value(std::string("a\x01\x7F\r"))), "\"a\\u0001\\u007f\\u000d\"");
  EXPECT_EQ(to_json(Value(std::string("\xC3"))), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(to_json(Value(std::string("\xED\xA0\x80"))).size(), 2 + 3 * 3);  // a surrogate: three bad bytes
}

TEST(Json, WritesTheEmptyOnes) {
  EXPECT_EQ(to_json(Value::list()), "[]");
  EXPECT_EQ(to_json(Value::object()), "{}");
  EXPECT_EQ(to_json(Value()), "null");
}

}  // namespace
}  // namespace xivo::model
