#pragma once

#include <memory>

#include "api/access/audit_book.hpp"
#include "api/access/session_book.hpp"
#include "api/access/token_book.hpp"
#include "api/exchange.hpp"
#include "api/route.hpp"
#include "model/config.hpp"

namespace xivo::api {

/// The cookie of a session. By HTTPS it has a name of its own, which no page of plain HTTP can set or is given: cookies do
/// not tell ports apart, and a browser does not let HTTP replace what HTTPS has set.                RFC 6265bis §4.1.3.2
constexpr std::string_view session_cookie(bool secure) {
  return secure ? "__Host-xivo_session" : "xivo_session";
}

/// Finds out who asks, and whether he may, before a route's handler runs. Account and role are those of now: who is
/// disabled is out with the next request.
/// Thread  the web loop.
class Admission {
 public:
  struct Parts {
    const model::ConfigSource& config;
    SessionBook& sessions;
    TokenBook& tokens;
    AuditBook& audit;
    bool trust_local_users = true;
  };
  explicit Admission(const Parts& parts) : parts_(parts), self_(std::make_shared<Admission*>(this)) {}

  /// Calls the route's handler, or refuses. The route outlives this.
  void admit(const ExchangePtr& exchange, const Route& route);
  /// Whether what an exchange was admitted with still holds, with the same rights; `done` on the loop.
  void recheck(const ExchangePtr& exchange, std::function<void(bool)> done);

 private:
  [[nodiscard]] bool is_trusted(const http::Request& request) const;
  void admit_session(const ExchangePtr& exchange, const Route& route, const std::string& token,
                     bool from_cookie);
  void admit_token(const ExchangePtr& exchange, const Route& route, const std::string& token);
  /// What an account may do now; nothing when it is gone or disabled.
  [[nodiscard]] std::optional<model::Rights> rights_of(std::int64_t account,
                                                       const std::vector<std::string>* scopes) const;
  /// Fills in who asks; `scopes`: what a token is limited to, or nothing.
  void enter(const ExchangePtr& exchange, const Route& route, const std::vector<std::string>* scopes);

  const Parts parts_;
  std::shared_ptr<Admission*> self_;  // what callbacks hold weakly
};

/// Whether a browser says that another site's page sent the request.
bool is_cross_site(const http::Request& request);

}  // namespace xivo::api
