#include "store/sqlite.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST(Database, SaysThatAFileIsNoDatabase) {
  const Scratch scratch;
  scratch.write("test.db", std::string(8192, 'x'));
  const auto database = Database::open(scratch.path(), {});
  EXPECT_EQ(failure(database), Failure::NotADatabase);
  EXPECT_EQ(database.error().what, "file is not a database");
}

TEST(Database, SaysThatAFileCannotBeOpened) {
  const Scratch scratch;
  EXPECT_EQ(failure(Database::open(scratch.path("no/such/folder.db"), {})), Failure::CannotOpen);
  EXPECT_EQ(failure(Database::open("/", {})), Failure::CannotOpen);
}

TEST(Database, IsReadableByItsOwnerOnly) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (a INTEGER) STRICT"));
  for (const char* name : {"test.db", "test.db-wal", "test.db-shm"}) {
    struct stat status{};
    ASSERT_EQ(::stat(scratch.path(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

TEST(Database, ReportsAFullDiskAndRecovers) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (a TEXT) STRICT; PRAGMA max_page_count = 10"));
  const auto full = database.run("INSERT INTO t VALUES (?)", std::string(100'000, 'x'));
  EXPECT_EQ(failure(full), Failure::DiskFull);
  EXPECT_EQ(full.error().what, "disk is full");
  EXPECT_TRUE(database.run("INSERT INTO t VALUES ('small')"));
}

TEST(Database, ReportsALockInsteadOfWaitingForEver) {
  const Scratch scratch;
  Database first = open(scratch);
  Database second = open(scratch);
  ASSERT_TRUE(first.script("CREATE TABLE t (a INTEGER) STRICT"));
  {
    auto held = WriteTransaction::begin(first);
    ASSERT_TRUE(held);
    EXPECT_EQ(failure(WriteTransaction::begin(second)), Failure::Locked);
    EXPECT_EQ(number(second, "SELECT COUNT(*) FROM t"), 0);  // reading goes on
  }
  EXPECT_TRUE(second.run("INSERT INTO t VALUES (1)"));
}

TEST(Database, RefusesAValueOfTheWrongType) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (a INTEGER) STRICT"));
  EXPECT_EQ(failure(database.run("INSERT INTO t VALUES ('x')")), Failure::Constraint);
  EXPECT_FALSE(database.run("INSERT INTO nowhere VALUES (1)"));
  EXPECT_FALSE(database.run("INSERT INTO t VALUES (?)", 1, 2));  // a parameter too many
}

TEST(Database, KeepsForeignKeys) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(
      database.script("CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE b (a INTEGER NOT NULL "
                      "REFERENCES a (id)) STRICT"));
  EXPECT_EQ(failure(database.run("INSERT INTO b VALUES (7)")), Failure::Constraint);
}

TEST(Database, BindsAndReadsEveryType) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (i INTEGER, s TEXT, n TEXT, e TEXT, o INTEGER) STRICT"));
  const std::string with_nul("a\0b", 3);
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", INT64_MIN, with_nul, std::nullopt,
                           std::string_view(), std::optional<std::int64_t>(7)));
  auto row = database.query("SELECT i, s, n, e, o FROM t");
  ASSERT_TRUE(row && *row->next());
  EXPECT_EQ(row->integer(0), INT64_MIN);
  EXPECT_EQ(row->text(1), with_nul);
  EXPECT_TRUE(row->is_null(2));
  EXPECT_FALSE(row->is_null(3));
  EXPECT_EQ(row->text(3), "");
  EXPECT_EQ(row->optional_integer(4), 7);
  EXPECT_FALSE(*row->next());
}

TEST(Database, OneStatementCanRunInsideItself) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1), (2)"));
  auto outer = database.query("SELECT a FROM t ORDER BY a");
  ASSERT_TRUE(*outer->next());
  auto inner = database.query("SELECT a FROM t ORDER BY a");
  ASSERT_TRUE(*inner->next());
  EXPECT_EQ(inner->integer(0), 1);
  ASSERT_TRUE(*outer->next());
  EXPECT_EQ(outer->integer(0), 2);
}

TEST(WriteTransaction, IsUndoneUnlessCommitted) {
  const Scratch scratch;
  Database database = open(scratch);
  ASSERT_TRUE(database.script("CREATE TABLE t (a INTEGER) STRICT"));
  {
    auto transaction = WriteTransaction::begin(database);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(number(database, "SELECT COUNT(*) FROM t"), 0);
  {
    auto transaction = WriteTransaction::begin(database);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(number(database, "SELECT COUNT(*) FROM t"), 1);
}

}  // namespace
}  // namespace xivo::store
