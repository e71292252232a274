// Fields that hold more than one value: lists of references, rows, destinations.
#include <gtest/gtest.h>

#include "model/declare.hpp"
#include "model/references.hpp"

namespace xivo::model {
namespace {

using namespace declare;
using Rule = Problem::Rule;

constexpr Words kWords{"mot", "word"};

struct Seat {
  std::string name;
  UserId user{};
};
struct Table4 {
  ObjectId<Table4> id{};
  std::vector<UserId> guests;
  std::vector<Seat> seats;
  Destination overflow;
};

Field guests() {
  return reference_list(
      &Table4::guests,
      {.name = "guests", .title = kWords, .help = kWords, .bounds = {0, 3}, .reference = "user"});
}
Field seats() {
  return rows(
      &Table4::seats, {.name = "seats", .title = kWords, .help = kWords, .bounds = {0, 2}},
      {text(&Seat::name,
            {.name = "name", .title = kWords, .help = kWords, .required = true, .bounds = {1, 5}}),
       reference(&Seat::user, {.name = "user", .title = kWords, .help = kWords, .reference = "user"})});
}
Field overflow() {
  return destination(&Table4::overflow, {.name = "overflow", .title = kWords, .help = kWords});
}

Value row(Value name, Value user = {}) {
  return Value::object({{"name", std::move(name)}, {"user", std::move(user)}});
}
Value rows_of(Value one) { return Value::List{row("a"), std::move(one)}; }

void expect_broken(const Field& field, const Value& value, Rule rule, std::string_view path) {
  const auto problem = field.check(value);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->rule, rule);
  EXPECT_EQ(problem->field, path);
}

TEST(ReferenceList, RefusesWhatIsNoListOfReferences) {
  expect_broken(guests(), Value(1), Rule::WrongType, "guests");
  expect_broken(guests(), Value::List{Value(true)}, Rule::WrongType, "guests");
  expect_broken(guests(), Value::List{Value()}, Rule::WrongType, "guests");
  expect_broken(guests(), Value::List{Value(1), Value(2), Value(1)}, Rule::Repeated, "guests");
  expect_broken(guests(), Value::List{Value(1), Value(2), Value(3), Value(4)}, Rule::TooLong, "guests");
}

TEST(ReferenceList, TakesIdsAndKeysAndKeepsTheirOrder) {
  EXPECT_EQ(guests().check(Value::List{Value(7), Value("key"), Value(-1)}), std::nullopt);
  Table4 table;
  guests().store(&table, Value::List{Value(7), Value(3)});
  EXPECT_EQ(table.guests, (std::vector<UserId>{{7}, {3}}));
  EXPECT_EQ(guests().get(&table), Value(Value::List{Value(7), Value(3)}));
}

TEST(Rows, NameTheRowAndMemberThatIsWrong) {
  expect_broken(seats(), Value("x"), Rule::WrongType, "seats");
  expect_broken(seats(), Value::List{Value("x")}, Rule::WrongType, "seats");
  expect_broken(seats(), rows_of(row("toolong")), Rule::TooLong, "seats.1.name");
  expect_broken(seats(), rows_of(row("b", Value(true))), Rule::WrongType, "seats.1.user");
  expect_broken(seats(), rows_of(Value::object()), Rule::Required, "seats.1.name");
  expect_broken(seats(), rows_of(row("")), Rule::Required, "seats.1.name");
  expect_broken(seats(), rows_of(Value::object({{"name", "b"}, {"hat", 1}})), Rule::UnknownField,
                "seats.1.hat");
  expect_broken(seats(), Value::List{row("a"), row("b"), row("c")}, Rule::TooLong, "seats");
}

TEST(Rows, KeepWhatEachRowSaysAndFillInDefaults) {
  Table4 table;
  seats().store(&table, Value::List{row("a", Value(4)), Value::object({{"name", "b"}})});
  ASSERT_EQ(table.seats.size(), 2U);
  EXPECT_EQ(table.seats[0].user, UserId{4});
  EXPECT_EQ(table.seats[1].name, "b");
  EXPECT_EQ(seats().get(&table), Value(Value::List{row("a", Value(4)), row("b")}));
}

TEST(DestinationField, RefusesWhatIsNoDestination) {
  expect_broken(overflow(), Value("hangup"), Rule::WrongType, "overflow");
  expect_broken(overflow(), Value::object({{"user", 1}}), Rule::UnknownChoice, "overflow");
  expect_broken(overflow(), Value::object({{"type", "moon"}}), Rule::UnknownChoice, "overflow");
  expect_broken(overflow(), Value::object({{"type", "user"}}), Rule::Required, "overflow.user");
  expect_broken(overflow(), Value::object({{"type", "user"}, {"user", Value()}}), Rule::Required,
                "overflow.user");
  expect_broken(overflow(), Value::object({{"type", "hangup"}, {"cause", "bored"}}), Rule::UnknownChoice,
                "overflow.cause");
  expect_broken(overflow(), Value::object({{"type", "none"}, {"user", 1}}), Rule::UnknownField,
                "overflow.user");
}

TEST(DestinationField, HoldsTheOptionsOfItsType) {
  Table4 table;
  EXPECT_EQ(overflow().get(&table), Value::object({{"type", "none"}}));
  overflow().store(&table, Value::object({{"type", "user"}, {"user", 3}}));
  ASSERT_NE(table.overflow.as<ToUser>(), nullptr);
  EXPECT_EQ(table.overflow.as<ToUser>()->user, UserId{3});
  EXPECT_EQ(table.overflow.as<ToHangup>(), nullptr);
  EXPECT_EQ(overflow().get(&table), Value::object({{"type", "user"}, {"user", 3}, {"ring_seconds", 0}}));
  overflow().store(&table, Value());
  EXPECT_TRUE(table.overflow.is_none());
}

TEST(References, AreFoundWhereverTheyAre) {
  std::string seen;
  const auto note = [&](std::string_view kind, Value& target, const std::string& path) {
    seen += std::string(kind) + " " + std::to_string(*target.integer()) + " at '" + path + "'; ";
    target = Value(*target.integer() * 10);
  };
  Value list = Value::List{Value(1), Value(2)};
  visit_references(guests(), list, note);
  EXPECT_EQ(list, Value(Value::List{Value(10), Value(20)}));
  Value all_rows = Value::List{row("a"), row("b", Value(3))};
  visit_references(seats(), all_rows, note);
  EXPECT_EQ(all_rows, Value(Value::List{row("a"), row("b", Value(30))}));
  Value where = Value::object({{"type", "user"}, {"user", 4}});
  visit_references(overflow(), where, note);
  EXPECT_EQ(where.integer_at("user"), 40);
  EXPECT_EQ(seen, "user 1 at '0'; user 2 at '1'; user 3 at '1.user'; user 4 at 'user'; ");
}

TEST(References, AFieldMayReferToTheKindsItNames) {
  EXPECT_TRUE(may_refer(guests(), "user"));
  EXPECT_FALSE(may_refer(guests(), "line"));
  EXPECT_TRUE(may_refer(seats(), "user"));
  EXPECT_TRUE(may_refer(overflow(), "line"));
  EXPECT_FALSE(may_refer(overflow(), "tenant"));
  EXPECT_FALSE(may_refer(*find_kind("user")->field("firstname")));
}

}  // namespace
}  // namespace xivo::model
