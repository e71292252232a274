#include "store/migration.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace xivo::store {

namespace {

constexpr std::string_view kLedger = R"sql(
CREATE TABLE IF NOT EXISTS migration (
  tables     TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  checksum   TEXT    NOT NULL,
  applied_at INTEGER NOT NULL,
  PRIMARY KEY (tables, number)
) STRICT, WITHOUT ROWID
)sql";

/// FNV-1a: notices an edited step, which is an accident and not an attack.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return fmt::format("{:016x}", hash);
}

Result<bool> has_ledger(Database& database) {
  auto rows = database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'");
  if (!rows) return Unexpected{rows.error()};
  return rows->next();
}

/// How many steps the file has already; refuses what does not agree with `steps`.
Result<std::size_t> applied_steps(Database& database, std::string_view set,
                                  std::span<const Migration> steps) {
  auto rows = database.query("SELECT number, checksum FROM migration WHERE tables = ? ORDER BY number", set);
  if (!rows) return Unexpected{rows.error()};
  std::size_t count = 0;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return count;
    if (count >= steps.size()) return fail(kNewerDatabase, rows->integer(0));
    const Migration& step = steps[count++];
    if (rows->integer(0) != step.number || rows->view(1) != checksum(step.sql)) {
      return fail("database has another history than this program", rows->integer(0));
    }
  }
}

Result<void> apply_step(Database& database, std::string_view set, const Migration& step) {
  if (auto done = database.script(std::string(step.sql)); !done) return done;
  log::debug("store", "database step {} {}: {}", set, step.number, step.name);
  return database.run("INSERT INTO migration VALUES (?, ?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER))",
                      set, step.number, step.name, checksum(step.sql));
}

Result<Database> open_and_migrate(const std::string& path, Database::Durability durability,
                                  std::string_view set, std::span<const Migration> steps) {
  auto database = Database::open(path, {.durability = durability});
  if (!database) return database;
  if (const auto done = migrate(*database, set, steps); !done) return Unexpected{done.error()};
  return database;
}

}  // namespace

Result<void> migrate(Database& database, std::string_view set, std::span<const Migration> steps) {
  // Most times there is nothing to do, and then a writer at work must not be waited for.
  const auto ledger = has_ledger(database);
  if (!ledger) return Unexpected{ledger.error()};
  if (*ledger) {
    const auto present = applied_steps(database, set, steps);
    if (!present) return Unexpected{present.error()};
    if (*present == steps.size()) return {};
  }
  auto transaction = WriteTransaction::begin(database);
  if (!transaction) return Unexpected{transaction.error()};
  if (auto made = database.run(kLedger); !made) return made;
  const auto done = applied_steps(database, set, steps);
  if (!done) return Unexpected{done.error()};
  for (const Migration& step : steps.subspan(*done)) {
    if (auto stepped = apply_step(database, set, step); !stepped) return stepped;
  }
  return transaction->commit();
}

Result<Database> open_configuration(const std::string& path) {
  return open_and_migrate(path, Database::Durability::Full, "configuration", configuration_migrations());
}

Result<Database> open_access(const std::string& path) {
  auto database = open_configuration(path);
  if (!database) return database;
  if (const auto done = migrate(*database, "access", access_migrations()); !done)
    return Unexpected{done.error()};
  return database;
}

Result<Database> open_calls(const std::string& path) {
  return open_and_migrate(path, Database::Durability::Normal, "calls", call_migrations());
}

}  // namespace xivo::store
