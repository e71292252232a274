#include "store/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/log.hpp"
#include "runtime/socket.hpp"

namespace xivo::store {

namespace {

std::string_view phrase_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "database is locked";
    case SQLITE_FULL: return "disk is full";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return "database cannot be opened";
    case SQLITE_READONLY: return "database cannot be written";
    case SQLITE_NOTADB: return "file is not a database";
    case SQLITE_CORRUPT: return "database is damaged";
    case SQLITE_CONSTRAINT: return "database refuses the row";
    case SQLITE_IOERR: return "disk error";
    default: return "database error";
  }
}

/// SQLite's own words go to the log; the Error carries what a program can act on.
Unexpected<Error> failed(sqlite3* connection, int code, std::string_view doing) {
  const char* words = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  const int kind = code & 0xFF;
  const bool told_by_caller = kind == SQLITE_BUSY || kind == SQLITE_CONSTRAINT || kind == SQLITE_FULL ||
                              kind == SQLITE_NOTADB || kind == SQLITE_CANTOPEN;
  if (!told_by_caller) log::error("store", "{}: {} ({})", doing, words, code);
  return fail(phrase_of(code), code);
}

/// Makes the file before SQLite does, so that nobody but its owner ever can read it.
void make_private(const std::string& path) {
  const runtime::Fd made(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

}  // namespace

Failure failure_of(const Error& error) {
  if (error.what == kNewerDatabase) return Failure::Newer;
  switch (error.detail & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Failure::Locked;
    case SQLITE_FULL: return Failure::DiskFull;
    case SQLITE_IOERR: return Failure::DiskError;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return Failure::CannotOpen;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return Failure::NotADatabase;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return Failure::Constraint;
    default: return Failure::Other;
  }
}

void CloseConnection::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Query::Query(Query&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)),
      own_(std::move(other.own_)),
      bind_error_(other.bind_error_) {}

Query::~Query() {
  if (statement_ == nullptr || own_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> Query::next() {
  sqlite3* connection = sqlite3_db_handle(statement_);
  if (bind_error_ != SQLITE_OK) return failed(connection, bind_error_, "binding a parameter");
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failed(connection, sqlite3_extended_errcode(connection), sqlite3_sql(statement_));
}

Result<void> Query::finish() {
  while (true) {
    const auto row = next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return {};
  }
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }
bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::string_view Query::view(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Query::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

void Query::bind(int index, std::int64_t value) {
  bind_error_ |= sqlite3_bind_int64(statement_, index + 1, value);
}

void Query::bind(int index, std::string_view text) {
  // A null pointer would bind NULL, not the empty text.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  bind_error_ |=
      sqlite3_bind_text64(statement_, index + 1, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Query::bind(int index, std::nullopt_t) { bind_error_ |= sqlite3_bind_null(statement_, index + 1); }

Result<Database> Database::open(const std::string& path, const Options& options) {
  make_private(path);
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return failed(raw, code, "opening " + path);
  database.set_busy_timeout(options.busy_timeout);
  const bool full = options.durability == Durability::Full;
  const auto prepared = database.script(
      std::string("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                  "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; PRAGMA synchronous=") +
      (full ? "FULL" : "NORMAL"));
  if (!prepared) return Unexpected{prepared.error()};
  return database;
}

Result<void> Database::script(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(connection_.get(), code, sql);
  return {};
}

Result<Query> Database::prepare(std::string_view sql) {
  const auto cached = statements_.find(sql);
  if (cached != statements_.end() && sqlite3_stmt_busy(cached->second.get()) == 0) {
    return Query(cached->second.get());
  }
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  StatementPtr statement(raw);
  if (code != SQLITE_OK) return failed(connection_.get(), code, sql);
  if (cached != statements_.end() || statements_.size() >= kStatementsMax) return Query(std::move(statement));
  statements_.emplace(sql, std::move(statement));
  return Query(raw);
}

std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(connection_.get()); }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_.get()); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

void Database::set_busy_timeout(std::chrono::milliseconds timeout) {
  sqlite3_busy_timeout(connection_.get(), static_cast<int>(timeout.count()));
}

Result<WriteTransaction> WriteTransaction::begin(Database& database) {
  const auto begun = database.run("BEGIN IMMEDIATE");
  if (!begun) return Unexpected{begun.error()};
  return WriteTransaction(database);
}

WriteTransaction::~WriteTransaction() {
  // Some errors (disk full, for one) have SQLite roll back by itself.
  if (database_ != nullptr && database_->in_transaction())
    static_cast<void>(database_->run("ROLLBACK").has_value());
}

Result<void> WriteTransaction::commit() {
  auto done = database_->run("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace xivo::store
