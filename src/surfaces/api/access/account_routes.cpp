#include "api/access/account_routes.hpp"

#include <fmt/format.h>

#include "api/access/admission.hpp"
#include "api/body_check.hpp"
#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/access.hpp"

namespace xivo::api {

using model::Value;
using Verdict = CredentialDesk::Verdict;

namespace {

constexpr std::size_t kNameMax = 64;  // bytes of a typed name that are looked at

ParameterSpec id_parameter(Wording help) {
  return {"id", "path", Value::object({{"type", "integer"}, {"minimum", 1}}), std::move(help)};
}

Value to_value(const store::Session& session, std::int64_t own) {
  return Value::object({{"id", session.id},
                        {"created", time_text(session.created)},
                        {"seen", time_text(session.seen)},
                        {"expires", time_text(session.expires)},
                        {"source", session.source},
                        {"agent", session.agent},
                        {"current", session.id == own}});
}

void refuse_code(const Exchange& exchange, bool wrong) {
  ProblemDocument document;
  document.refusal = Refusal::SecondFactorNeeded;
  document.detail =
      wrong ? exchange.say("Ce code n'est pas, ou plus, le bon", "This code is not right, or not any more")
            : exchange.say("Donnez aussi le code de votre application, ou un code de secours",
                           "Give the code of your application, too, or a recovery code");
  document.problems.push_back(Value::object(
      {{"rule", wrong ? "totp-wrong" : "totp-required"}, {"message", document.detail}, {"field", "totp"}}));
  exchange.refuse(document);
}

}  // namespace

bool has_session(const Exchange& exchange) {
  if (exchange.who.kind == Principal::Kind::Session) return true;
  exchange.refuse(Refusal::SessionNeeded);
  return false;
}

void AccountRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "POST",
       .path = "/login",
       .open = true,
       .id = "log_in",
       .tag = "session",
       .summary = {"Ouvrir une session", "Sign in"},
       .body = "Credentials",
       .answers = {{200,
                    {"Session ouverte ; le jeton est posé en cookie, et rendu aux programmes",
                     "Signed in; the token is set as a cookie, and told to programs"},
                    "SignedIn"}},
       .refusals = {Refusal::Malformed, Refusal::WrongCredentials, Refusal::SecondFactorNeeded,
                    Refusal::CrossSite, Refusal::WrongMediaType, Refusal::TooManyAttempts, Refusal::Busy},
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
                    .summary = {"Qui suis-je ?", "Who am I?"},
                    .answers = {{200, {"Le compte et ses droits", "The account and its rights"}, "Session"}},
                    .refusals = {Refusal::Busy},
                    .handler = [this](const ExchangePtr& exchange) { show_session(exchange); }});
  add_session_routes(routes);
}

void AccountRoutes::add_session_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/sessions",
                    .id = "list_sessions",
                    .tag = "session",
                    .summary = {"Mes sessions ouvertes", "My open sessions"},
                    .answers = {{200, {"La plus récente d'abord", "Newest first"}, "OpenSessionPage"}},
                    .refusals = {Refusal::SessionNeeded, Refusal::Busy},
                    .handler = [this](const ExchangePtr& exchange) { list_sessions(exchange); }});
  routes.push_back({.method = "DELETE",
                    .path = "/sessions",
                    .id = "end_other_sessions",
                    .tag = "session",
                    .summary = {"Fermer toutes mes autres sessions", "End all my other sessions"},
                    .answers = {{204, {"Fermées", "Ended"}, ""}},
                    .refusals = {Refusal::SessionNeeded, Refusal::Busy},
                    .handler = [this](const ExchangePtr& exchange) { end_other_sessions(exchange); }});
  routes.push_back({.method = "DELETE",
                    .path = "/sessions/{id}",
                    .id = "end_session",
                    .tag = "session",
                    .summary = {"Fermer une de mes sessions", "End one of my sessions"},
                    .parameters = {id_parameter({"Numéro de la session", "The session's number"})},
                    .answers = {{204, {"Fermée", "Ended"}, ""}},
                    .refusals = {Refusal::SessionNeeded, Refusal::NotFound, Refusal::Busy},
                    .handler = [this](const ExchangePtr& exchange) { end_session(exchange); }});
}

http::Header AccountRoutes::cookie(const Exchange& exchange, std::string_view token,
                                   std::chrono::seconds lifetime) const {
  const bool secure = parts_.secure_cookies || exchange.request.secure;
  return {"Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}",
                                    session_cookie(exchange.request.secure), token, lifetime.count(),
                                    secure ? "; Secure" : "")};
}

void AccountRoutes::note(const Exchange& exchange, AuditEvent event, std::string account,
                         std::string detail) {
  parts_.audit.note({event, std::move(account), exchange.source(), std::move(detail)});
}

void AccountRoutes::log_in(const ExchangePtr& exchange) {
  if (is_cross_site(exchange->request)) return exchange->refuse(Refusal::CrossSite);
  const auto body = exchange->json_body();
  if (!body) return;
  CredentialDesk::Attempt attempt;
  attempt.name = text::to_lower(body->text_at("account").substr(0, kNameMax));
  attempt.password = body->text_at("password");
  attempt.code = body->text_at("totp").substr(0, kNameMax);
  const auto config = parts_.config.current();
  const model::Account* account = model::account_by_name(*config, attempt.name);
  if (account != nullptr && account->enabled) attempt.account = account->id.value;
  parts_.desk.check(exchange, attempt, [exchange, attempt, weak = std::weak_ptr(self_)](Verdict verdict) {
    if (const auto alive = weak.lock()) (*alive)->on_verdict(exchange, attempt, verdict);
  });
}

void AccountRoutes::on_verdict(const ExchangePtr& exchange, const CredentialDesk::Attempt& attempt,
                               Verdict verdict) {
  switch (verdict) {
    case Verdict::Right:
    case Verdict::RightByRecoveryCode:
      return open_session(exchange, attempt, verdict == Verdict::RightByRecoveryCode);
    case Verdict::CodeNeeded: return refuse_code(*exchange, false);
    case Verdict::WrongCode:
      note(*exchange, AuditEvent::LoginRefused, attempt.name, "wrong code");
      return refuse_code(*exchange, true);
    case Verdict::Wrong: break;
  }
  // What is typed as a name may be a password: only names of accounts are written down.
  const auto config = parts_.config.current();
  const model::Account* account = model::account_by_name(*config, attempt.name);
  const std::string_view why = account == nullptr  ? "unknown account"
                               : !account->enabled ? "disabled account"
                                                   : "wrong password";
  note(*exchange, AuditEvent::LoginRefused, account == nullptr ? "" : account->name, std::string(why));
  exchange->refuse(Refusal::WrongCredentials);
}

void AccountRoutes::open_session(const ExchangePtr& exchange, const CredentialDesk::Attempt& attempt,
                                 bool recovery) {
  const std::string agent(exchange->request.header("user-agent").value_or(""));
  note(*exchange, AuditEvent::Login, attempt.name, recovery ? "recovery code" : "");
  // A page of ours has the cookie, which no script of it can read; the token itself is for programs.
  const bool from_browser = exchange->request.header("sec-fetch-site").has_value();
  parts_.sessions.open({*attempt.account, exchange->source(), agent},
                       [exchange, account = attempt.name, from_browser,
                        weak = std::weak_ptr(self_)](const Result<SessionBook::Opened>& opened) {
                         if (!opened)
                           return exchange->refuse(storage_refusal(opened.error(), exchange->language));
                         const auto alive = weak.lock();
                         if (!alive) return;
                         Value body = Value::object({{"account", account},
                                                     {"csrf", csrf_token(opened->token)},
                                                     {"expires", time_text(opened->expires)}});
                         if (!from_browser) body.set("token", opened->token);
                         exchange->json(200, body,
                                        {(*alive)->cookie(*exchange, opened->token, SessionBook::kLifetime)});
                       });
}

void AccountRoutes::log_out(const ExchangePtr& exchange) {
  auto gone = cookie(*exchange, "", std::chrono::seconds(0));
  if (!exchange->who.session) return exchange->no_content({std::move(gone)});
  note(*exchange, AuditEvent::Logout, exchange->account, "");
  parts_.sessions.end(exchange->who.account, exchange->who.session->id,
                      [exchange, gone = std::move(gone)](const Result<bool>& ended) {
                        if (!ended)
                          return exchange->refuse(storage_refusal(ended.error(), exchange->language));
                        exchange->no_content({gone});
                      });
}

Value AccountRoutes::session_value(const Exchange& exchange) const {
  const auto config = parts_.config.current();
  const auto* account = config->find(model::AccountId{exchange.who.account});
  const auto* role = account == nullptr ? nullptr : config->find(account->role);
  const auto& session = exchange.who.session;
  return Value::object(
      {{"kind", name(exchange.who.kind)},
       {"account", exchange.account},
       {"account_id", exchange.who.account == 0 ? Value() : Value(exchange.who.account)},
       {"role", role == nullptr ? Value() : Value(role->name)},
       {"role_label", role == nullptr ? Value() : Value(model::label_in(*role, exchange.language))},
       {"rights", Value(exchange.who.rights.scopes())},
       {"language", account == nullptr ? std::string("auto") : account->language},
       {"expires", session ? Value(time_text(session->expires)) : Value()},
       {"csrf", session ? Value(csrf_token(exchange.who.token)) : Value()}});
}

void AccountRoutes::show_session(const ExchangePtr& exchange) {
  Value body = session_value(*exchange);
  if (exchange->who.account == 0) {
    body.set("totp", false);
    return exchange->json(200, body);
  }
  parts_.desk.run(
      exchange,
      [account = exchange->who.account](store::AccountStore& accounts, runtime::WallTime) {
        return accounts.second_factor(account);
      },
      [exchange, body](const Result<std::optional<store::SecondFactor>>& factor) {
        Value with_factor = body;
        with_factor.set("totp", factor->has_value());
        exchange->json(200, with_factor);
      });
}

void AccountRoutes::list_sessions(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  parts_.sessions.list(exchange->who.account, [exchange](const Result<std::vector<store::Session>>& all) {
    if (!all) return exchange->refuse(storage_refusal(all.error(), exchange->language));
    Value::List items;
    for (const auto& session : *all) items.push_back(to_value(session, exchange->who.session->id));
    exchange->json(200, page_value(std::move(items), std::ssize(*all)));
  });
}

void AccountRoutes::end_session(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  if (!id) return exchange->refuse(Refusal::NotFound);
  parts_.sessions.end(
      exchange->who.account, *id, [exchange, id, weak = std::weak_ptr(self_)](const Result<bool>& ended) {
        if (!ended) return exchange->refuse(storage_refusal(ended.error(), exchange->language));
        if (!*ended) return exchange->refuse(Refusal::NotFound);
        if (const auto alive = weak.lock()) {
          (*alive)->note(*exchange, AuditEvent::SessionEnded, exchange->account, fmt::to_string(*id));
        }
        exchange->no_content();
      });
}

void AccountRoutes::end_other_sessions(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  note(*exchange, AuditEvent::SessionEnded, exchange->account, "all others");
  parts_.sessions.end_others(exchange->who.account, exchange->who.session->id,
                             [exchange](const Result<void>& ended) {
                               if (!ended)
                                 return exchange->refuse(storage_refusal(ended.error(), exchange->language));
                               exchange->no_content();
                             });
}

}  // namespace xivo::api
