#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// Who may administer the system.
struct Account {
  std::int64_t id = 0;
  std::string name;
  runtime::WallTime created{};
};

/// An administrator who signed in.
struct Session {
  std::int64_t account_id = 0;
  std::string account;
  runtime::WallTime created{};
  runtime::WallTime expires{};
};

/// Administrator accounts and their sessions. Passwords are kept as argon2id hashes, tokens as SHA-256: the file
/// reveals neither.
/// Thread  one at a time; blocks. verify_password() and create() take some 20 ms and 19 MiB by design.
class AccountStore {
 public:
  static constexpr std::size_t kNameMax = 64;
  static constexpr std::size_t kPasswordMin = 8;
  static constexpr std::size_t kPasswordMax = 256;
  static constexpr int kSessionsMax = 100;  // of one account; the oldest makes room

  static Result<std::unique_ptr<AccountStore>> open(const std::string& path);

  Result<bool> has_accounts();
  Result<std::vector<Account>> list();
  /// Errors  "account name is taken", "password is too short", "password is too long", "account name is not usable"
  Result<Account> create(std::string_view name, std::string_view password, runtime::WallTime now);
  /// Ends all sessions of the account too. Errors  "no such account", as create()
  Result<void> set_password(std::string_view name, std::string_view password);
  /// Removes the account and its sessions. Errors  "no such account", "the last account cannot be removed"
  Result<void> remove(std::string_view name);

  /// Takes the same time for an unknown name as for a wrong password.
  Result<bool> verify_password(std::string_view name, std::string_view password);

  /// Signs an account in. Returns the token: 256 random bits as 64 hex digits, shown once.
  Result<std::string> create_session(std::string_view name, runtime::WallTime now,
                                     std::chrono::seconds lifetime);
  /// Nothing when the token is unknown or expired.
  Result<std::optional<Session>> find_session(std::string_view token, runtime::WallTime now);
  Result<void> delete_session(std::string_view token);
  Result<void> delete_expired_sessions(runtime::WallTime now);

 private:
  explicit AccountStore(Database database) : database_(std::move(database)) {}
  Result<std::optional<std::int64_t>> id_of(std::string_view name);
  Result<std::optional<std::string>> password_hash_of(std::string_view name);

  Database database_;
};

}  // namespace xivo::store
