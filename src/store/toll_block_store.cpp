#include "store/toll_block_store.hpp"

#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

Result<std::vector<TollBlockRow>> TollBlockStore::load(const std::string& path) {
  auto database = open_calls(path);
  if (!database) return Unexpected{database.error()};
  auto rows = database->query(
      "SELECT payer_kind, payer, reason, toll_guard, calls_max, calls, since_ms FROM toll_block "
      "ORDER BY payer_kind, payer");
  if (!rows) return Unexpected{rows.error()};
  std::vector<TollBlockRow> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    all.push_back({rows->text(0), rows->integer(1), rows->text(2), rows->integer(3), rows->integer(4),
                   rows->integer(5), from_ms(rows->integer(6))});
  }
}

bool TollBlockStore::upsert(TollBlockRow row) {
  return writer_.write([row = std::move(row)](Database& database) {
    return database.run("INSERT OR REPLACE INTO toll_block VALUES (?, ?, ?, ?, ?, ?, ?)", row.payer_kind,
                        row.payer, row.reason, row.guard, row.limit, row.count, to_ms(row.since));
  });
}

bool TollBlockStore::erase(std::string payer_kind, std::int64_t payer) {
  return writer_.write([payer_kind = std::move(payer_kind), payer](Database& database) {
    return database.run("DELETE FROM toll_block WHERE payer_kind = ? AND payer = ?", payer_kind, payer);
  });
}

}  // namespace xivo::store
