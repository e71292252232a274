#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite behind RAII and Result. Only sqlite.cpp includes its C header.
namespace xivo::store {

/// What kind of thing went wrong, for who must decide: try again, refuse, or give up.
enum class Failure : std::uint8_t {
  Locked,
  DiskFull,
  DiskError,
  CannotOpen,
  NotADatabase,
  Newer,
  Constraint,
  Other
};
/// The phrase of an Error of kind Newer.
constexpr std::string_view kNewerDatabase = "database is newer than this program";
/// The kind of an Error that this folder returned.
Failure failure_of(const Error& error);

/// Deleter of a connection.
struct CloseConnection {
  void operator()(sqlite3* connection) const;
};
/// Deleter of a statement.
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const;
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// One run of a prepared statement; gives the statement back to its connection's cache at the end of its life.
/// Shape   parameters and columns count from 0
/// Thread  its connection's.
class Query {
 public:
  explicit Query(sqlite3_stmt* cached) : statement_(cached) {}
  explicit Query(StatementPtr own) : statement_(own.get()), own_(std::move(own)) {}
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  /// True: a row stands ready; false: there is none (any more).
  Result<bool> next();
  /// Runs to the end, rows ignored.
  Result<void> finish();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string_view view(int column) const;  // valid until next()
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::string_view text);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, std::nullopt_t);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, std::nullopt);
  }

 private:
  sqlite3_stmt* statement_;
  StatementPtr own_;  // set when the cached one was in use
  int bind_error_ = 0;
};

/// One connection to a database file in WAL mode.
/// Thread  one at a time.
class Database {
 public:
  enum class Durability : std::uint8_t {
    Full,  // a commit that returned survives a power cut
    Normal,  // a commit survives the death of the process; a power cut may take the last ones, never part of one
  };
  struct Options {
    Durability durability = Durability::Normal;
    std::chrono::milliseconds busy_timeout{1000};
  };
  static constexpr std::size_t kStatementsMax = 128;  // cached

  /// Opens the file, making it (readable by its owner only) when it is not there.
  /// Errors  the phrase says why; failure_of() tells its kind
  static Result<Database> open(const std::string& path, const Options& options);

  /// Runs one statement with its parameters, rows ignored.
  template <class... Args>
  Result<void> run(std::string_view sql, const Args&... args) {
    auto prepared = query(sql, args...);
    if (!prepared) return Unexpected{prepared.error()};
    return prepared->finish();
  }
  /// One statement with its parameters bound, ready for next(). The connection must outlive it.
  template <class... Args>
  Result<Query> query(std::string_view sql, const Args&... args) {
    auto prepared = prepare(sql);
    if (!prepared) return prepared;
    int index = 0;
    (prepared->bind(index++, args), ...);
    return prepared;
  }
  /// Runs several statements without parameters.
  Result<void> script(const std::string& sql);

  [[nodiscard]] std::int64_t last_row_id() const;
  [[nodiscard]] std::int64_t changed_rows() const;  // by the last statement
  [[nodiscard]] bool in_transaction() const;
  void set_busy_timeout(std::chrono::milliseconds timeout);

 private:
  explicit Database(sqlite3* connection) : connection_(connection) {}
  Result<Query> prepare(std::string_view sql);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::unordered_map<std::string, StatementPtr, Hash, std::equal_to<>> statements_;
};

/// A write transaction (BEGIN IMMEDIATE); undone at the end of its life unless committed.
class WriteTransaction {
 public:
  static Result<WriteTransaction> begin(Database& database);
  WriteTransaction(WriteTransaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  WriteTransaction& operator=(WriteTransaction&&) = delete;
  ~WriteTransaction();
  Result<void> commit();

 private:
  explicit WriteTransaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace xivo::store
