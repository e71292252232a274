#include "store/migration.hpp"

#include <gtest/gtest.h>

#include "store/tests/scratch.hpp"

namespace xivo::store {
namespace {

using namespace std::chrono_literals;

Database open(const Scratch& scratch) {
  auto database =
      Database::open(scratch.path(), {.durability = Database::Durability::Normal, .busy_timeout = 0ms});
  EXPECT_TRUE(database) << database.error().what;
  return std::move(*database);
}

std::int64_t number(Database& database, std::string_view sql) {
  auto row = database.query(sql);
  EXPECT_TRUE(row && *row->next());
  return row->integer(0);
}

template <class T>
Failure failure(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? Failure::Other : failure_of(result.error());
}

constexpr Migration kFirst{1, "first", "CREATE TABLE one (a INTEGER) STRICT"};
constexpr Migration kSecond{2, "second", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO two VALUES (5)"};

TEST(Migration, RefusesAFileFromANewerProgram) {
  const Scratch scratch;
  Database database = open(scratch);
  const Migration both[] = {kFirst, kSecond};
  ASSERT_TRUE(migrate(database, "set", both));
  const auto older = migrate(database, "set", std::span(both).first(1));
  EXPECT_EQ(failure(older), Failure::Newer);
  EXPECT_EQ(older.error().detail, 2);
}

TEST(Migration, RefusesAStepThatWasEdited) {
  const Scratch scratch;
  Database database = open(scratch);
  const Migration before[] = {kFirst};
  ASSERT_TRUE(migrate(database, "set", before));
  const Migration edited[] = {{1, "first", "CREATE TABLE one (b INTEGER) STRICT"}};
  const auto refused = migrate(database, "set", edited);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "database has another history than this program");
}

TEST(Migration, AFailingStepLeavesNothingBehind) {
  const Scratch scratch;
  Database database = open(scratch);
  const Migration steps[] = {
      kFirst, {2, "broken", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO three VALUES (1)"}};
  EXPECT_FALSE(migrate(database, "set", steps));
  EXPECT_EQ(number(database, "SELECT COUNT(*) FROM sqlite_schema"), 0);
}

TEST(Migration, GoesOnWhereItStoppedAndRunsEachStepOnce) {
  const Scratch scratch;
  Database database = open(scratch);
  const Migration both[] = {kFirst, kSecond};
  ASSERT_TRUE(migrate(database, "set", std::span(both).first(1)));
  ASSERT_TRUE(migrate(database, "set", both));
  ASSERT_TRUE(migrate(database, "set", both));
  EXPECT_EQ(number(database, "SELECT COUNT(*) FROM two"), 1);
}

TEST(Migration, SetsOfTablesShareAFile) {
  const Scratch scratch;
  ASSERT_TRUE(open_configuration(scratch.path()));
  ASSERT_TRUE(open_calls(scratch.path()));
  ASSERT_TRUE(open_configuration(scratch.path()));
}

TEST(Migration, ANewDatabaseCanBeReopenedWhileItIsWrittenTo) {
  const Scratch scratch;
  auto first = open_calls(scratch.path());
  ASSERT_TRUE(first);
  auto held = WriteTransaction::begin(*first);
  ASSERT_TRUE(held);
  EXPECT_TRUE(open_calls(scratch.path()));  // nothing to migrate: no lock asked for
}

}  // namespace
}  // namespace xivo::store
