#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// What a password may not be.
enum class PasswordFault : std::uint8_t { TooShort, TooLong, IsTheName };

/// A second factor in use: the shared secret, and the last time step that a code was taken of.
struct SecondFactor {
  std::string secret;  // base32
  std::int64_t last_step = 0;
};

/// The credentials of accounts, by the account object's id: passwords as argon2id hashes, second factors, recovery codes
/// as SHA-256. They are no part of the configuration, so no roll back brings an old password back.
/// Thread  one at a time; blocks. set_password() and verify_password() take some 20 ms and 19 MiB by design.
class AccountStore {
 public:
  static constexpr std::size_t kPasswordMin = 10;  // bytes
  static constexpr std::size_t kPasswordMax = 256;

  static Result<std::unique_ptr<AccountStore>> open(const std::string& path);

  /// What is wrong with a password for the account of that name.
  static std::optional<PasswordFault> fault_of(std::string_view password, std::string_view account_name);

  /// Whether anybody could sign in with a password.
  Result<bool> has_passwords();
  /// The caller has asked fault_of(). Ends nobody's session: that is SessionStore's.
  Result<void> set_password(std::int64_t account, std::string_view password, runtime::WallTime now);
  /// Takes the same time for nobody as for a wrong password.
  Result<bool> verify_password(std::optional<std::int64_t> account, std::string_view password);

  /// Nothing when the account has none in use.
  Result<std::optional<SecondFactor>> second_factor(std::int64_t account);
  /// Keeps a secret until a code of it proves that somebody has it; what is in use stays so.
  Result<void> propose_second_factor(std::int64_t account, std::string_view secret, runtime::WallTime now);
  Result<std::optional<std::string>> proposed_second_factor(std::int64_t account);
  /// Puts the proposed secret into use.
  Result<void> confirm_second_factor(std::int64_t account, std::int64_t step,
                                     const std::vector<std::string>& recovery_codes);
  Result<void> remove_second_factor(std::int64_t account);
  /// Replaces all recovery codes.
  Result<void> set_recovery_codes(std::int64_t account, const std::vector<std::string>& codes);
  /// Marks a time step as used; false when it or a later one had been.
  Result<bool> use_step(std::int64_t account, std::int64_t step);
  /// Uses a recovery code up; false when it is none.
  Result<bool> use_recovery_code(std::int64_t account, std::string_view code);
  Result<std::int64_t> recovery_codes_left(std::int64_t account);

  /// Forgets everything, sessions and tokens included, of accounts below `next_id` that are not among `accounts`.
  Result<void> keep_only(const std::set<std::int64_t>& accounts, std::int64_t next_id);

  /// Accounts of a database from before accounts were objects, by name.
  Result<std::vector<std::string>> legacy_accounts();
  /// Gives the account object the password of the old account, unless it has one, and forgets the old account.
  Result<void> adopt_legacy(std::string_view name, std::int64_t account, runtime::WallTime now);

 private:
  explicit AccountStore(Database database) : database_(std::move(database)) {}
  Result<std::optional<std::string>> password_hash_of(std::int64_t account);
  Result<void> write_recovery_codes(std::int64_t account, const std::vector<std::string>& codes);

  Database database_;
};

}  // namespace xivo::store
