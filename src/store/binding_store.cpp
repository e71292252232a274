#include "store/binding_store.hpp"

#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

Result<std::vector<BindingRow>> BindingStore::load(const std::string& path) {
  auto database = open_calls(path);
  if (!database) return Unexpected{database.error()};
  auto rows = database->query(
      "SELECT line, key, contact, flow, path, instance, user_agent, call_id, reg_id, cseq, q_milli, "
      "registered_ms,"
      " expires_ms, extra FROM binding ORDER BY line, key");
  if (!rows) return Unexpected{rows.error()};
  std::vector<BindingRow> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    all.push_back({.line = {rows->integer(0)},
                   .key = rows->text(1),
                   .contact = rows->text(2),
                   .flow = rows->text(3),
                   .path = rows->text(4),
                   .instance = rows->text(5),
                   .user_agent = rows->text(6),
                   .call_id = rows->text(7),
                   .reg_id = rows->integer(8),
                   .cseq = rows->integer(9),
                   .q_milli = rows->integer(10),
                   .registered = from_ms(rows->integer(11)),
                   .expires = from_ms(rows->integer(12)),
                   .extra = rows->text(13)});
  }
}

bool BindingStore::upsert(BindingRow row) {
  return writer_.write([row = std::move(row)](Database& database) {
    return database.run("INSERT OR REPLACE INTO binding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        row.line.value, row.key, row.contact, row.flow, row.path, row.instance,
                        row.user_agent, row.call_id, row.reg_id, row.cseq, row.q_milli, to_ms(row.registered),
                        to_ms(row.expires), row.extra);
  });
}

bool BindingStore::erase(model::SipLineId line, std::string key) {
  return writer_.write([line, key = std::move(key)](Database& database) {
    return database.run("DELETE FROM binding WHERE line = ? AND key = ?", line.value, key);
  });
}

bool BindingStore::erase_line(model::SipLineId line) {
  return writer_.write(
      [line](Database& database) { return database.run("DELETE FROM binding WHERE line = ?", line.value); });
}

bool BindingStore::erase_expired(runtime::WallTime now) {
  return writer_.write([now](Database& database) {
    return database.run("DELETE FROM binding WHERE expires_ms <= ?", to_ms(now));
  });
}

}  // namespace xivo::store
