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

/// A key with which a program acts for an account.
struct ApiToken {
  std::int64_t id = 0;
  std::int64_t account = 0;
  std::string label{};
  std::vector<std::string> scopes{};  // it may do what these and its account's role allow
  runtime::WallTime created{};
  std::optional<runtime::WallTime> expires{};
  std::optional<runtime::WallTime> last_used{};  // to the minute
  std::string last_source{};
};

/// API tokens. They are kept as SHA-256: the file does not reveal them.
/// Thread  one at a time; blocks.
class TokenStore {
 public:
  static constexpr std::string_view kPrefix = "xivo_";
  static constexpr int kTokensMax = 50;  // of one account
  static constexpr std::string_view kTooMany = "too many tokens";

  static Result<std::unique_ptr<TokenStore>> open(const std::string& path);

  /// What becomes of a wish: the token itself is shown this once.
  struct Made {
    std::int64_t id = 0;
    std::string token;
  };
  /// `wish`: account, label, scopes, expires. Expired tokens make room. Errors  kTooMany
  Result<Made> create(const ApiToken& wish, runtime::WallTime now);
  /// Oldest first, expired ones too.
  Result<std::vector<ApiToken>> list(std::int64_t account);
  /// False when the account has no such token.
  Result<bool> remove(std::int64_t account, std::int64_t id);
  /// Nothing when the token is unknown or expired.
  Result<std::optional<ApiToken>> find(std::string_view token, runtime::WallTime now);
  Result<void> mark_used(std::int64_t id, std::string_view source, runtime::WallTime now);

 private:
  explicit TokenStore(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace xivo::store
