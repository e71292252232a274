#include "model/value.hpp"

#include <gtest/gtest.h>

#include "model/json.hpp"

namespace xivo::model {
namespace {

TEST(Value, AnswersNothingForAnotherType) {
  const Value text("102");
  EXPECT_FALSE(text.integer());
  EXPECT_FALSE(text.boolean());
  EXPECT_EQ(text.items(), nullptr);
  EXPECT_EQ(text.find("x"), nullptr);
  EXPECT_EQ(text.integer_at("x", 7), 7);
}

TEST(Value, SetReplacesAndEraseRemoves) {
  Value object = Value::object({{"a", 1}, {"b", 2}});
  object.set("a", "x").set("c", true);
  object.erase("b");
  EXPECT_EQ(to_json(object), R"({"a":"x","c":true})");
  EXPECT_EQ(object.text_at("a"), "x");
  EXPECT_TRUE(object.boolean_at("c"));
}

}  // namespace
}  // namespace xivo::model
