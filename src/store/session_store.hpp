#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.hpp"
#include "store/sqlite.hpp"

namespace xivo::store {

/// Somebody who signed in.
struct Session {
  std::int64_t id = 0;
  std::int64_t account = 0;
  runtime::WallTime created{};
  runtime::WallTime seen{};     // last use, to the minute
  runtime::WallTime expires{};  // however much it is used
  std::string source;           // address it was opened from
  std::string agent;            // program it was opened with, as it called itself
};

/// Sessions of accounts. Tokens are kept as SHA-256: the file does not reveal them.
/// Thread  one at a time; blocks.
class SessionStore {
 public:
  static constexpr int kSessionsMax = 50;  // of one account; the oldest makes room
  static constexpr std::size_t kAgentMax = 200;  // bytes kept of it
  static constexpr std::chrono::hours kIdleMax{2};
  static constexpr std::chrono::seconds kSeenEvery{60};  // how exactly the last use is kept

  /// Who signs in, and from where.
  struct SignIn {
    std::int64_t account = 0;
    std::string source{};
    std::string agent{};
  };

  static Result<std::unique_ptr<SessionStore>> open(const std::string& path);

  /// Returns the token: 256 random bits as 64 hex digits, shown once.
  Result<std::string> create(const SignIn& sign_in, runtime::WallTime now, std::chrono::seconds lifetime);
  /// Nothing when the token is unknown, expired or was idle for too long; otherwise this is a use of it.
  Result<std::optional<Session>> find(std::string_view token, runtime::WallTime now);
  /// Newest first, those that still hold.
  Result<std::vector<Session>> list(std::int64_t account, runtime::WallTime now);
  /// False when the account has no such session.
  Result<bool> end(std::int64_t account, std::int64_t id);
  Result<void> end_by_token(std::string_view token);
  /// Ends all sessions of an account but the kept one (0: none is kept).
  Result<void> end_others(std::int64_t account, std::int64_t kept);
  Result<void> delete_expired(runtime::WallTime now);

 private:
  explicit SessionStore(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace xivo::store
