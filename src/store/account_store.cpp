#include "store/account_store.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/migration.hpp"
#include "store/password.hpp"
#include "store/wall_time.hpp"

namespace xivo::store {

namespace {

/// What an unknown account's password is compared with, so that the answer takes as long.
const std::string& nobodys_hash() {
  static const std::string hash = hash_password(make_token()).value_or("");
  return hash;
}

/// As people copy it: blanks, hyphens and case do not count.
std::string normal_code(std::string_view code) {
  std::string normal;
  for (const char c : code) {
    if (text::is_alnum(c)) normal += text::lower(c);
  }
  return normal;
}

}  // namespace

Result<std::unique_ptr<AccountStore>> AccountStore::open(const std::string& path) {
  auto database = open_access(path);
  if (!database) return Unexpected{database.error()};
  nobodys_hash();
  return std::unique_ptr<AccountStore>(new AccountStore(std::move(*database)));
}

std::optional<PasswordFault> AccountStore::fault_of(std::string_view password,
                                                    std::string_view account_name) {
  if (password.size() < kPasswordMin) return PasswordFault::TooShort;
  if (password.size() > kPasswordMax) return PasswordFault::TooLong;
  if (text::equal_ignoring_case(password, account_name)) return PasswordFault::IsTheName;
  return std::nullopt;
}

Result<bool> AccountStore::has_passwords() {
  auto rows = database_.query("SELECT 1 FROM credential WHERE password_hash IS NOT NULL LIMIT 1");
  if (!rows) return Unexpected{rows.error()};
  return rows->next();
}

Result<void> AccountStore::set_password(std::int64_t account, std::string_view password,
                                        runtime::WallTime now) {
  const auto hash = hash_password(password);
  if (!hash) return fail("not enough memory to hash a password");
  return database_.run(
      "INSERT INTO credential (account, password_hash, changed_ms) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (account) DO UPDATE SET password_hash = ?2, changed_ms = ?3",
      account, *hash, to_ms(now));
}

Result<std::optional<std::string>> AccountStore::password_hash_of(std::int64_t account) {
  auto rows = database_.query("SELECT password_hash FROM credential WHERE account = ?", account);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row && !rows->is_null(0) ? std::optional(rows->text(0)) : std::nullopt;
}

Result<bool> AccountStore::verify_password(std::optional<std::int64_t> account, std::string_view password) {
  const auto hash = password_hash_of(account.value_or(0));
  if (!hash) return Unexpected{hash.error()};
  const bool matches =
      password.size() <= kPasswordMax && password_matches(hash->value_or(nobodys_hash()), password);
  return account && hash->has_value() && matches;
}

Result<std::optional<SecondFactor>> AccountStore::second_factor(std::int64_t account) {
  auto rows = database_.query(
      "SELECT totp_secret, totp_last_step FROM credential WHERE account = ? AND totp_secret IS NOT NULL",
      account);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  if (!*row) return std::optional<SecondFactor>();
  return std::optional(SecondFactor{rows->text(0), rows->integer(1)});
}

Result<void> AccountStore::propose_second_factor(std::int64_t account, std::string_view secret,
                                                 runtime::WallTime now) {
  return database_.run(
      "INSERT INTO credential (account, totp_pending, changed_ms) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (account) DO UPDATE SET totp_pending = ?2",
      account, secret, to_ms(now));
}

Result<std::optional<std::string>> AccountStore::proposed_second_factor(std::int64_t account) {
  auto rows = database_.query("SELECT totp_pending FROM credential WHERE account = ?", account);
  if (!rows) return Unexpected{rows.error()};
  const auto row = rows->next();
  if (!row) return Unexpected{row.error()};
  return *row && !rows->is_null(0) ? std::optional(rows->text(0)) : std::nullopt;
}

Result<void> AccountStore::confirm_second_factor(std::int64_t account, std::int64_t step,
                                                 const std::vector<std::string>& recovery_codes) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  auto done = database_.run(
      "UPDATE credential SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = ?2"
      " WHERE account = ?1 AND totp_pending IS NOT NULL",
      account, step);
  if (!done) return done;
  if (database_.changed_rows() == 0) return fail("no second factor was proposed");
  if (done = write_recovery_codes(account, recovery_codes); !done) return done;
  return transaction->commit();
}

Result<void> AccountStore::remove_second_factor(std::int64_t account) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  auto done = database_.run(
      "UPDATE credential SET totp_secret = NULL, totp_pending = NULL, totp_last_step = 0 WHERE account = ?",
      account);
  if (!done) return done;
  if (done = write_recovery_codes(account, {}); !done) return done;
  return transaction->commit();
}

Result<void> AccountStore::set_recovery_codes(std::int64_t account, const std::vector<std::string>& codes) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  if (auto done = write_recovery_codes(account, codes); !done) return done;
  return transaction->commit();
}

Result<void> AccountStore::write_recovery_codes(std::int64_t account, const std::vector<std::string>& codes) {
  if (auto done = database_.run("DELETE FROM recovery_code WHERE account = ?", account); !done) return done;
  for (const std::string& code : codes) {
    auto done =
        database_.run("INSERT INTO recovery_code VALUES (?, ?)", account, token_digest(normal_code(code)));
    if (!done) return done;
  }
  return {};
}

Result<bool> AccountStore::use_step(std::int64_t account, std::int64_t step) {
  const auto done = database_.run(
      "UPDATE credential SET totp_last_step = ?2 WHERE account = ?1 AND totp_last_step < ?2", account, step);
  if (!done) return Unexpected{done.error()};
  return database_.changed_rows() > 0;
}

Result<bool> AccountStore::use_recovery_code(std::int64_t account, std::string_view code) {
  const auto done = database_.run("DELETE FROM recovery_code WHERE account = ? AND digest = ?", account,
                                  token_digest(normal_code(code)));
  if (!done) return Unexpected{done.error()};
  return database_.changed_rows() > 0;
}

Result<std::int64_t> AccountStore::recovery_codes_left(std::int64_t account) {
  auto rows = database_.query("SELECT COUNT(*) FROM recovery_code WHERE account = ?", account);
  if (!rows) return Unexpected{rows.error()};
  if (const auto row = rows->next(); !row) return Unexpected{row.error()};
  return rows->integer(0);
}

Result<void> AccountStore::keep_only(const std::set<std::int64_t>& accounts, std::int64_t next_id) {
  std::string kept;
  for (const std::int64_t id : accounts) kept += (kept.empty() ? "" : ",") + std::to_string(id);
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  for (const std::string_view table : {"credential", "recovery_code", "sign_in", "token"}) {
    const auto done = database_.script(
        fmt::format("DELETE FROM {} WHERE account < {} AND account NOT IN ({})", table, next_id, kept));
    if (!done) return done;
  }
  return transaction->commit();
}

Result<std::vector<std::string>> AccountStore::legacy_accounts() {
  auto rows = database_.query("SELECT name FROM account ORDER BY id");
  if (!rows) return Unexpected{rows.error()};
  std::vector<std::string> names;
  while (true) {
    const auto row = rows->next();
    if (!row) return Unexpected{row.error()};
    if (!*row) return names;
    names.push_back(rows->text(0));
  }
}

Result<void> AccountStore::adopt_legacy(std::string_view name, std::int64_t account, runtime::WallTime now) {
  auto transaction = WriteTransaction::begin(database_);
  if (!transaction) return Unexpected{transaction.error()};
  auto done = database_.run(
      "INSERT OR IGNORE INTO credential (account, password_hash, changed_ms)"
      " SELECT ?2, password_hash, ?3 FROM account WHERE name = ?1",
      name, account, to_ms(now));
  if (!done) return done;
  done = database_.run("DELETE FROM session WHERE account = (SELECT id FROM account WHERE name = ?)", name);
  if (!done) return done;
  if (done = database_.run("DELETE FROM account WHERE name = ?", name); !done) return done;
  return transaction->commit();
}

}  // namespace xivo::store
