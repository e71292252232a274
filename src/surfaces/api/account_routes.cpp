#include "api/account_routes.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace xivo::api {

using model::Value;

/// What became of an attempt to sign in.
struct AccountRoutes::Verdict {
  std::string account;
  bool right = false;
  std::string token;
  runtime::WallTime expires{};
  std::optional<Error> error;
};

namespace {

std::string seconds_text(runtime::Duration duration) {
  return fmt::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

}  // namespace

AccountRoutes::AccountRoutes(runtime::Loop& loop, runtime::WorkerPool& workers,
                             std::shared_ptr<store::AccountStore> passwords, SessionBook& sessions,
                             bool secure_cookies)
    : loop_(loop),
      passwords_(std::move(passwords)),
      sessions_(sessions),
      secure_cookies_(secure_cookies),
      strand_(loop, workers, kLoginsWaitingMax),
      self_(std::make_shared<AccountRoutes*>(this)) {}

void AccountRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "POST",
                    .path = "/login",
                    .open = true,
                    .id = "log_in",
                    .tag = "session",
                    .summary = {"Ouvrir une session", "Sign in"},
                    .body = "Credentials",
                    .answers = {{200,
                                 {"Session ouverte ; le jeton est aussi posé en cookie",
                                  "Signed in; the token is set as a cookie too"},
                                 "SignedIn"}},
                    .refusals = {Refusal::Malformed, Refusal::WrongCredentials, Refusal::WrongMediaType,
                                 Refusal::TooManyAttempts, Refusal::Busy},
                    .handler = [this](const ExchangePtr& exchange) { log_in(exchange); }});
  routes.push_back({.method = "POST",
                    .path = "/logout",
                    .id = "log_out",
                    .tag = "session",
                    .summary = {"Fermer la session", "Sign out"},
                    .answers = {{204, {"Session fermée", "Signed out"}, ""}},
                    .handler = [this](const ExchangePtr& exchange) { log_out(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/session",
                    .id = "show_session",
                    .tag = "session",
                    .summary = {"Qui suis-je ?", "Who am I?"},
                    .answers = {{200, {"Le compte de la session", "The session's account"}, "Session"}},
                    .handler = [this](const ExchangePtr& exchange) { show_session(exchange); }});
}

http::Header AccountRoutes::cookie(std::string_view token, std::chrono::seconds lifetime) const {
  return {"Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", kSessionCookie,
                                    token, lifetime.count(), secure_cookies_ ? "; Secure" : "")};
}

void AccountRoutes::log_in(const ExchangePtr& exchange) {
  const auto body = exchange->json_body();
  if (!body) return;
  const std::string account = body->text_at("account");
  const std::string password = body->text_at("password");
  const IpAddress from = exchange->request.remote.ip;
  if (!guard_.admit(from, loop_.clock().now())) {
    ProblemDocument document;
    document.refusal = Refusal::TooManyAttempts;
    document.headers.push_back({"Retry-After", seconds_text(guard_.wait_of(from, loop_.clock().now()))});
    return exchange->refuse(document);
  }
  auto verify = [exchange, account, password, store = passwords_, &loop = loop_,
                 weak = std::weak_ptr(self_)] {
    Verdict verdict;
    verdict.account = account;
    const auto now = loop.clock().wall();
    const auto right = store->verify_password(account, password);
    if (!right) verdict.error = right.error();
    if (right && *right) {
      verdict.right = true;
      verdict.expires = now + kSessionLifetime;
      const auto cleaned = store->delete_expired_sessions(now);
      const auto token = store->create_session(account, now, kSessionLifetime);
      if (!cleaned) verdict.error = cleaned.error();
      if (!token) verdict.error = token.error();
      if (token) verdict.token = *token;
    }
    loop.post([exchange, verdict, weak] {
      if (const auto alive = weak.lock()) (*alive)->on_verdict(exchange, verdict);
    });
  };
  if (strand_.run(std::move(verify))) return;
  guard_.answered(from);
  exchange->refuse(Refusal::Busy);
}

void AccountRoutes::on_verdict(const ExchangePtr& exchange, const Verdict& verdict) {
  const IpAddress from = exchange->request.remote.ip;
  if (verdict.error) {
    guard_.answered(from);
    return exchange->refuse(storage_refusal(*verdict.error, exchange->language));
  }
  if (verdict.right) {
    guard_.accepted(from);
    log::notice("api", "{} signed in from {}", verdict.account, exchange->request.remote.ip.to_string());
    return exchange->json(200,
                          Value::object({{"account", verdict.account},
                                         {"token", verdict.token},
                                         {"expires", time_text(verdict.expires)}}),
                          {cookie(verdict.token, kSessionLifetime)});
  }
  const auto delay = guard_.failed(from, loop_.clock().now());
  log::warning("api", "wrong account or password from {}", exchange->request.remote.ip.to_string());
  loop_.timers().set(delay, [exchange, from, weak = std::weak_ptr(self_)] {
    if (const auto alive = weak.lock()) (*alive)->guard_.answered(from);
    exchange->refuse(Refusal::WrongCredentials);
  });
}

void AccountRoutes::log_out(const ExchangePtr& exchange) {
  auto gone = cookie("", std::chrono::seconds(0));
  if (exchange->token.empty()) return exchange->no_content({std::move(gone)});
  sessions_.end(exchange->token, [exchange, gone = std::move(gone)](const Result<void>& ended) {
    if (!ended) return exchange->refuse(storage_refusal(ended.error(), exchange->language));
    exchange->no_content({gone});
  });
}

void AccountRoutes::show_session(const ExchangePtr& exchange) {
  Value body = Value::object({{"account", exchange->account}});
  if (exchange->token.empty()) return exchange->json(200, body);
  sessions_.find(exchange->token, [exchange, body](const SessionBook::Found& found) mutable {
    if (found && *found) body.set("expires", time_text((*found)->expires));
    exchange->json(200, body);
  });
}

}  // namespace xivo::api
