#pragma once

#include <vector>

#include "api/access/audit_book.hpp"
#include "api/access/credential_desk.hpp"
#include "api/access/session_book.hpp"
#include "api/route.hpp"
#include "model/config.hpp"

namespace xivo::api {

/// POST /login, POST /logout, GET /session, and the sessions of one's own.
/// Thread  the web loop.
class AccountRoutes {
 public:
  struct Parts {
    const model::ConfigSource& config;
    CredentialDesk& desk;
    SessionBook& sessions;
    AuditBook& audit;
    bool secure_cookies = false;
  };
  explicit AccountRoutes(const Parts& parts) : parts_(parts), self_(std::make_shared<AccountRoutes*>(this)) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void add_session_routes(std::vector<Route>& routes);
  void log_in(const ExchangePtr& exchange);
  void log_out(const ExchangePtr& exchange);
  void show_session(const ExchangePtr& exchange);
  void list_sessions(const ExchangePtr& exchange);
  void end_session(const ExchangePtr& exchange);
  void end_other_sessions(const ExchangePtr& exchange);
  void on_verdict(const ExchangePtr& exchange, const CredentialDesk::Attempt& attempt,
                  CredentialDesk::Verdict verdict);
  void open_session(const ExchangePtr& exchange, const CredentialDesk::Attempt& attempt, bool recovery);
  void note(const Exchange& exchange, AuditEvent event, std::string account, std::string detail);
  [[nodiscard]] http::Header cookie(const Exchange& exchange, std::string_view token,
                                    std::chrono::seconds lifetime) const;
  [[nodiscard]] model::Value session_value(const Exchange& exchange) const;

  const Parts parts_;
  std::shared_ptr<AccountRoutes*> self_;  // what callbacks hold weakly
};

/// True when the exchange is an account's own session; otherwise it has been refused.
bool has_session(const Exchange& exchange);

}  // namespace xivo::api
