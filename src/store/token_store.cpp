#include "store/token_store.hpp"

#include "base/text.hpp"
#include "store/migration.hpp"
#include "store/password.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

std::string joined(const std::vector<std::string>& scopes) {
  std::string all;
  for (const std::string& scope : scopes) all += (all.empty() ? "" : " ") + scope;
  return all;
}

std::vector<std::string> taken_apart(std::string_view scopes) {
  std::vector<std::string> all;
  for (const auto scope : text::split(scopes, ' ')) {
    if (!scope.empty()) all.emplace_back(scope);
  }
  return all;
}

ApiToken token_of(const Query& row) {
  return {row.integer(0),
          row.integer(1),
          row.text(2),
          taken_apart(row.view(3)),
          from_ms(row.integer(4)),
          from_ms(row.optional_integer(5)),
          from_ms(row.optional_integer(6)),
          row.text(7)};
}

}  // namespace

Result<std::unique_ptr<TokenStore>> TokenStore::open(const std::string& path) {
  auto database = open_access(path);
  if (!database) return Unexpected{database.error()};
  return std::unique_ptr<TokenStore>(new TokenStore(std::move(*database)));
}

Result<TokenStore::Made> TokenStore::create(const ApiToken& wish, runtime::WallTime now) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  auto done =
      database_.run("DELETE FROM token WHERE account = ? AND expires_ms <= ?", wish.account, to_ms(now));
  if (!done) return Unexpected{done.error()};
  const std::string token = std::string(kPrefix) + make_token();
  done = database_.run(
      "INSERT INTO token (digest, account, label, scopes, created_ms, expires_ms)"
      " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT COUNT(*) FROM token WHERE account = ?2) < ?7",
      token_digest(token), wish.account, wish.label, joined(wish.scopes), to_ms(now), to_ms(wish.expires),
      kTokensMax);
  if (!done) return Unexpected{done.error()};
  if (database_.changed_rows() == 0) return fail(kTooMany, kTokensMax);
  const std::int64_t id = database_.last_row_id();
  if (done = transaction->commit(); !done) return Unexpected{done.error()};
  return Made{id, token};
}

Result<std::vector<ApiToken>> TokenStore::list(std::int64_t account) {
  auto rows = database_.query(
      "SELECT id, account, label, scopes, created_ms, expires_ms, last_used_ms, last_source FROM token"
      " WHERE account = ? ORDER BY id",
      account);
  if (!rows) return Unexpected{rows.error()};
  std::vector<ApiToken> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    all.push_back(token_of(*rows));
  }
}

Result<bool> TokenStore::remove(std::int64_t account, std::int64_t id) {
  const auto done = database_.run("DELETE FROM token WHERE account = ? AND id = ?", account, id);
  if (!done) return Unexpected{done.error()};
  return database_.changed_rows() > 0;
}

Result<std::optional<ApiToken>> TokenStore::find(std::string_view token, runtime::WallTime now) {
  auto rows = database_.query(
      "SELECT id, account, label, scopes, created_ms, expires_ms, last_used_ms, last_source FROM token"
      " WHERE digest = ? AND (expires_ms IS NULL OR expires_ms > ?)",
      token_digest(token), to_ms(now));
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? std::optional(token_of(*rows)) : std::nullopt;
}

Result<void> TokenStore::mark_used(std::int64_t id, std::string_view source, runtime::WallTime now) {
  return database_.run("UPDATE token SET last_used_ms = ?, last_source = ? WHERE id = ?", to_ms(now), source,
                       id);
}

}  // namespace xivo::store
