#include "store/audit_store.hpp"

#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

Result<std::unique_ptr<AuditStore>> AuditStore::open(const std::string& path) {
  auto database = open_access(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<AuditStore>(new AuditStore(std::move(*database)));
}

Result<void> AuditStore::append(const std::vector<AuditEntry>& entries, runtime::WallTime now) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  for (const AuditEntry& entry : entries) {
    auto done =
        database_.run("INSERT INTO audit (at_ms, account, event, source, detail) VALUES (?, ?, ?, ?, ?)",
                      to_ms(entry.at), entry.account, entry.event, entry.source, entry.detail);
    if (!done) return done;
  }
  if (auto done = prune(now); !done) return done;
  return transaction->commit();
}

// The refusals that stay are counted along their index, some milliseconds at its worst; nobody waits for it.
Result<void> AuditStore::prune(runtime::WallTime now) {
  auto done = database_.run("DELETE FROM audit WHERE at_ms < ?", to_ms(now - kAgeMax));
  if (!done) return done;
  done = database_.run("DELETE FROM audit WHERE id <= (SELECT MAX(id) FROM audit) - ?", kEntriesMax);
  if (!done) return done;
  for (const std::string_view refusal : kRefusals) {
    done = database_.run(
        "DELETE FROM audit WHERE event = ?1 AND id <= (SELECT id FROM audit WHERE event = ?1"
        " ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        refusal, kRefusalsMax);
    if (!done) return done;
  }
  return {};
}

Result<std::vector<AuditEntry>> AuditStore::list(const AuditFilter& filter) {
  auto rows = database_.query(
      "SELECT id, at_ms, account, event, source, detail FROM audit WHERE (?1 = 0 OR id < ?1)"
      " AND (?2 IS NULL OR at_ms >= ?2) AND (?3 IS NULL OR at_ms < ?3) AND (?4 = '' OR account = ?4)"
      " AND (?5 = '' OR event = ?5) ORDER BY id DESC LIMIT ?6",
      filter.before, to_ms(filter.since), to_ms(filter.until), filter.account, filter.event, filter.limit);
  if (!rows) return Unexpected{rows.error()};
  std::vector<AuditEntry> found;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return found;
    found.push_back({rows->integer(0), from_ms(rows->integer(1)), rows->text(2), rows->text(3), rows->text(4),
                     rows->text(5)});
  }
}

}  // namespace xivo::store
