#include "store/account_store.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/migration.hpp"
#include "store/password.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

bool is_usable_name(std::string_view name) {
  return !name.empty() && name.size() <= AccountStore::kNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return text::is_alnum(c) || std::string_view("._-@+").find(c) != std::string_view::npos;
         });
}

Result<std::string> checked_hash(std::string_view password) {
  if (password.size() < AccountStore::kPasswordMin)
    return fail("password is too short", AccountStore::kPasswordMin);
  if (password.size() > AccountStore::kPasswordMax)
    return fail("password is too long", AccountStore::kPasswordMax);
  auto hash = hash_password(password);
  if (!hash) return fail("not enough memory to hash a password");
  return std::move(*hash);
}

/// What an unknown account's password is compared with, so that the answer takes as long.
const std::string& nobodys_hash() {
  static const std::string hash = hash_password(make_token()).value_or("");
  return hash;
}

}  // namespace

Result<std::unique_ptr<AccountStore>> AccountStore::open(const std::string& path) {
  auto database = open_configuration(path);
  if (!database) return Unexpected{database.error()};
  nobodys_hash();
  return std::unique_ptr<AccountStore>(new AccountStore(std::move(*database)));
}

Result<bool> AccountStore::has_accounts() {
  auto rows = database_.query("SELECT 1 FROM account LIMIT 1");
  if (!rows) return Unexpected{rows.error()};
  return rows->next();
}

Result<std::vector<Account>> AccountStore::list() {
  auto rows = database_.query("SELECT id, name, created_ms FROM account ORDER BY name");
  if (!rows) return Unexpected{rows.error()};
  std::vector<Account> all;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return all;
    all.push_back({rows->integer(0), rows->text(1), from_ms(rows->integer(2))});
  }
}

Result<std::optional<std::int64_t>> AccountStore::id_of(std::string_view name) {
  auto rows = database_.query("SELECT id FROM account WHERE name = ?", name);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? std::optional(rows->integer(0)) : std::nullopt;
}

Result<Account> AccountStore::create(std::string_view name, std::string_view password,
                                     runtime::WallTime now) {
  if (!is_usable_name(name)) return fail("account name is not usable");
  const auto hash = checked_hash(password);
  if (!hash) return Unexpected{hash.error()};
  const auto made = database_.run("INSERT INTO account (name, password_hash, created_ms) VALUES (?, ?, ?)",
                                  name, *hash, to_ms(now));
  if (!made) {
    const bool taken = failure_of(made.error()) == Failure::Constraint;
    return taken ? fail("account name is taken") : Unexpected{made.error()};
  }
  return Account{database_.last_row_id(), std::string(name), now};
}

Result<void> AccountStore::set_password(std::string_view name, std::string_view password) {
  const auto hash = checked_hash(password);
  if (!hash) return Unexpected{hash.error()};
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  const auto id = id_of(name);
  if (!id) return Unexpected{id.error()};
  if (!*id) return fail("no such account");
  if (auto done = database_.run("UPDATE account SET password_hash = ? WHERE id = ?", *hash, **id); !done)
    return done;
  if (auto done = database_.run("DELETE FROM session WHERE account = ?", **id); !done) return done;
  return transaction->commit();
}

Result<void> AccountStore::remove(std::string_view name) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  const auto id = id_of(name);
  if (!id) return Unexpected{id.error()};
  if (!*id) return fail("no such account");
  const auto done =
      database_.run("DELETE FROM account WHERE id = ? AND (SELECT COUNT(*) FROM account) > 1", **id);
  if (!done) return done;
  if (database_.changed_rows() == 0) return fail("the last account cannot be removed");
  return transaction->commit();
}

Result<std::optional<std::string>> AccountStore::password_hash_of(std::string_view name) {
  auto rows = database_.query("SELECT password_hash FROM account WHERE name = ?", name);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row ? std::optional(rows->text(0)) : std::nullopt;
}

Result<bool> AccountStore::verify_password(std::string_view name, std::string_view password) {
  const auto hash = password_hash_of(name);
  if (!hash) return Unexpected{hash.error()};
  const bool matches =
      password.size() <= kPasswordMax && password_matches(hash->value_or(nobodys_hash()), password);
  return hash->has_value() && matches;
}

Result<std::string> AccountStore::create_session(std::string_view name, runtime::WallTime now,
                                                 std::chrono::seconds lifetime) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  const auto id = id_of(name);
  if (!id) return Unexpected{id.error()};
  if (!*id) return fail("no such account");
  std::string token = make_token();
  auto done = database_.run("INSERT INTO session VALUES (?, ?, ?, ?)", token_digest(token), **id, to_ms(now),
                            to_ms(now + lifetime));
  if (!done) return Unexpected{done.error()};
  done = database_.run(
      "DELETE FROM session WHERE account = ?1 AND digest NOT IN"
      " (SELECT digest FROM session WHERE account = ?1 ORDER BY created_ms DESC, digest LIMIT ?2)",
      **id, kSessionsMax);
  if (!done) return Unexpected{done.error()};
  if (done = transaction->commit(); !done) return Unexpected{done.error()};
  return token;
}

Result<std::optional<Session>> AccountStore::find_session(std::string_view token, runtime::WallTime now) {
  auto rows = database_.query(
      "SELECT account.id, account.name, session.created_ms, session.expires_ms FROM session"
      " JOIN account ON account.id = session.account WHERE digest = ? AND expires_ms > ?",
      token_digest(token), to_ms(now));
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  if (!*row) return std::optional<Session>();
  return std::optional(
      Session{rows->integer(0), rows->text(1), from_ms(rows->integer(2)), from_ms(rows->integer(3))});
}

Result<void> AccountStore::delete_session(std::string_view token) {
  return database_.run("DELETE FROM session WHERE digest = ?", token_digest(token));
}

Result<void> AccountStore::delete_expired_sessions(runtime::WallTime now) {
  return database_.run("DELETE FROM session WHERE expires_ms <= ?", to_ms(now));
}

}  // namespace xivo::store
