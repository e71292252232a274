#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/audit_book.hpp"
#include "api/access/credential_desk.hpp"
#include "api/access/session_book.hpp"
#include "api/route.hpp"
#include "model/access.hpp"
#include "model/config.hpp"

namespace xivo::api {

/// Passwords and second factors: one's own, and those of accounts that one may write.
/// Thread  the web loop.
class PasswordRoutes {
 public:
  static constexpr std::size_t kRecoveryCodes = 10;

  struct Parts {
    const model::ConfigSource& config;
    CredentialDesk& desk;
    SessionBook& sessions;
    AuditBook& audit;
  };
  explicit PasswordRoutes(const Parts& parts)
      : parts_(parts), self_(std::make_shared<PasswordRoutes*>(this)) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void add_second_factor_routes(std::vector<Route>& routes);
  void add_account_routes(std::vector<Route>& routes);
  void change_own(const ExchangePtr& exchange);
  void set_of_account(const ExchangePtr& exchange);
  void store_password(const ExchangePtr& exchange, std::int64_t account, const std::string& password);
  void start_second_factor(const ExchangePtr& exchange);
  void confirm_second_factor(const ExchangePtr& exchange);
  void remove_own_second_factor(const ExchangePtr& exchange);
  void remove_of_account(const ExchangePtr& exchange);
  void make_recovery_codes_anew(const ExchangePtr& exchange);
  void replace_recovery_codes(const ExchangePtr& exchange);
  /// Calls `done` when that is the password of the account that asks; refuses, naming `field`, when it is not.
  void check_own(const ExchangePtr& exchange, std::string_view field, const std::string& password,
                 std::function<void(PasswordRoutes&)> done);
  /// Calls `done` when the body has the password of who asks: an open session alone, which somebody may have found at an
  /// unlocked screen, does not weaken an account.
  void ask_password_again(const ExchangePtr& exchange, std::function<void(PasswordRoutes&)> done);
  void remove_second_factor(const ExchangePtr& exchange, std::int64_t account, const std::string& detail);
  /// The account of the path, when it is there and has no right that who asks has not; otherwise this has been refused.
  [[nodiscard]] std::optional<model::Account> account_of_path(const Exchange& exchange) const;
  void note(const Exchange& exchange, AuditEvent event, std::string detail);

  const Parts parts_;
  std::shared_ptr<PasswordRoutes*> self_;  // what callbacks hold weakly
};

}  // namespace xivo::api
