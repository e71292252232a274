#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "api/login_guard.hpp"
#include "api/route.hpp"
#include "api/session_book.hpp"
#include "api/strand.hpp"
#include "store/account_store.hpp"

namespace xivo::api {

inline constexpr std::string_view kSessionCookie = "xivo_session";

/// POST /login, POST /logout, GET /session.
/// Thread  the web loop. Passwords are verified on a worker, one at a time: 19 MiB and 20 ms each.
class AccountRoutes {
 public:
  static constexpr std::size_t kLoginsWaitingMax = 32;
  static constexpr std::chrono::hours kSessionLifetime{12};

  /// `passwords`: a connection of its own, so that no session waits for a hash.
  AccountRoutes(runtime::Loop& loop, runtime::WorkerPool& workers,
                std::shared_ptr<store::AccountStore> passwords, SessionBook& sessions, bool secure_cookies);
  void add_routes(std::vector<Route>& routes);

 private:
  struct Verdict;
  void log_in(const ExchangePtr& exchange);
  void log_out(const ExchangePtr& exchange);
  void show_session(const ExchangePtr& exchange);
  void on_verdict(const ExchangePtr& exchange, const Verdict& verdict);
  [[nodiscard]] http::Header cookie(std::string_view token, std::chrono::seconds lifetime) const;

  runtime::Loop& loop_;
  std::shared_ptr<store::AccountStore> passwords_;
  SessionBook& sessions_;
  const bool secure_cookies_;
  LoginGuard guard_;
  Strand strand_;
  std::shared_ptr<AccountRoutes*> self_;  // what callbacks of workers hold weakly
};

}  // namespace xivo::api
