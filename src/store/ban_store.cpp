#include "store/ban_store.hpp"

#include "store/migration.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {
namespace {

constexpr std::int64_t kForever = 0;  // until_ms of a ban that does not end

}  // namespace

Result<std::vector<BanRow>> BanStore::load(const std::string& path) {
  auto database = open_calls(path);
  if (!database) return Unexpected{database.error()};
  auto rows =
      database->query("SELECT id, network, reason, detail, author, since_ms, until_ms FROM ban ORDER BY id");
  if (!rows) return Unexpected{rows.error()};
  std::vector<BanRow> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    BanRow ban{rows->integer(0),
               rows->text(1),
               rows->text(2),
               rows->text(3),
               rows->text(4),
               from_ms(rows->integer(5)),
               {}};
    if (rows->integer(6) != kForever) ban.until = from_ms(rows->integer(6));
    all.push_back(std::move(ban));
  }
}

bool BanStore::upsert(BanRow row) {
  return writer_.write([row = std::move(row)](Database& database) {
    return database.run("INSERT OR REPLACE INTO ban VALUES (?, ?, ?, ?, ?, ?, ?)", row.id, row.network,
                        row.reason, row.detail, row.author, to_ms(row.since),
                        row.until ? to_ms(*row.until) : kForever);
  });
}

bool BanStore::erase(std::int64_t id) {
  return writer_.write([id](Database& database) { return database.run("DELETE FROM ban WHERE id = ?", id); });
}

}  // namespace xivo::store
