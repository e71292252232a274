#include "api/access/password_routes.hpp"

#include <fmt/format.h>

#include "api/access/account_routes.hpp"
#include "api/access/totp.hpp"
#include "api/body_check.hpp"
#include "base/text.hpp"
#include "model/rights.hpp"

namespace xivo::api {

using model::Value;
using store::AccountStore;
using store::PasswordFault;
using Verdict = CredentialDesk::Verdict;

namespace {

constexpr std::size_t kCodeMax = 64;  // bytes

ParameterSpec account_parameter() {
  return {"id",
          "path",
          Value::object({{"type", "integer"}, {"minimum", 1}}),
          {"Numéro du compte", "The account's number"}};
}

/// A member "password" or "new" that may become the password of the account of that name.
std::string new_password(BodyCheck& check, std::string_view field, std::string_view account) {
  std::string password = check.text(field, AccountStore::kPasswordMin, AccountStore::kPasswordMax);
  if (!password.empty() && AccountStore::fault_of(password, account) == PasswordFault::IsTheName) {
    check.wrong(field, "same-as-name", "Le mot de passe ne peut pas être le nom du compte",
                "The password cannot be the account's name");
  }
  return password;
}

void refuse_field(const Exchange& exchange, std::string_view field, std::string_view rule,
                  std::string_view french, std::string_view english) {
  const Value nothing = Value::object();
  BodyCheck check(exchange, nothing);
  check.wrong(field, rule, french, english);
  (void)check.finish();
}

Value codes_value(const std::vector<std::string>& codes) {
  return Value::object({{"recovery_codes", Value(codes)}});
}

}  // namespace

void PasswordRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "POST",
                    .path = "/session/password",
                    .id = "change_my_password",
                    .tag = "session",
                    .summary = {"Changer mon mot de passe ; mes autres sessions se ferment",
                                "Change my password; my other sessions end"},
                    .body = "PasswordChange",
                    .answers = {{204, {"Changé", "Changed"}, ""}},
                    .refusals = {Refusal::Malformed, Refusal::SessionNeeded, Refusal::WrongMediaType,
                                 Refusal::Invalid, Refusal::TooManyAttempts, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { change_own(e); }});
  add_second_factor_routes(routes);
  add_account_routes(routes);
}

void PasswordRoutes::add_second_factor_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "POST",
       .path = "/session/totp",
       .id = "start_second_factor",
       .tag = "session",
       .summary = {"Proposer un second facteur : secret à donner à l'application",
                   "Propose a second factor: the secret for the application"},
       .answers = {{200, {"À confirmer par un code", "To be confirmed by a code"}, "SecondFactor"}},
       .refusals = {Refusal::SessionNeeded, Refusal::Conflict, Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { start_second_factor(e); }});
  routes.push_back(
      {.method = "PUT",
       .path = "/session/totp",
       .id = "confirm_second_factor",
       .tag = "session",
       .summary = {"Mettre le second facteur en service", "Put the second factor into use"},
       .body = "SecondFactorCode",
       .answers = {{200,
                    {"Codes de secours, montrés cette seule fois", "Recovery codes, shown this once"},
                    "RecoveryCodes"}},
       .refusals = {Refusal::Malformed, Refusal::SessionNeeded, Refusal::WrongMediaType, Refusal::Invalid,
                    Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { confirm_second_factor(e); }});
  routes.push_back({.method = "DELETE",
                    .path = "/session/totp",
                    .id = "remove_second_factor",
                    .tag = "session",
                    .summary = {"Renoncer au second facteur, avec le mot de passe",
                                "Give the second factor up, with the password"},
                    .body = "PasswordAgain",
                    .answers = {{204, {"Il n'y en a plus", "There is none any more"}, ""}},
                    .refusals = {Refusal::Malformed, Refusal::SessionNeeded, Refusal::WrongMediaType,
                                 Refusal::Invalid, Refusal::TooManyAttempts, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { remove_own_second_factor(e); }});
  routes.push_back(
      {.method = "POST",
       .path = "/session/recovery-codes",
       .id = "make_recovery_codes",
       .tag = "session",
       .summary = {"De nouveaux codes de secours ; les anciens ne valent plus",
                   "New recovery codes; the old ones are worth nothing any more"},
       .body = "PasswordAgain",
       .answers = {{200, {"Montrés cette seule fois", "Shown this once"}, "RecoveryCodes"}},
       .refusals = {Refusal::Malformed, Refusal::SessionNeeded, Refusal::WrongMediaType, Refusal::Invalid,
                    Refusal::TooManyAttempts, Refusal::Conflict, Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { make_recovery_codes_anew(e); }});
}

void PasswordRoutes::add_account_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "PUT",
                    .path = "/accounts/{id}/password",
                    .scope = "account:write",
                    .id = "set_account_password",
                    .tag = "access",
                    .summary = {"Donner un mot de passe à un compte ; ses sessions se ferment",
                                "Give an account a password; its sessions end"},
                    .parameters = {account_parameter()},
                    .body = "PasswordCreate",
                    .answers = {{204, {"Fait", "Done"}, ""}},
                    .refusals = {Refusal::Malformed, Refusal::NotFound, Refusal::Conflict,
                                 Refusal::WrongMediaType, Refusal::Invalid, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { set_of_account(e); }});
  routes.push_back({.method = "DELETE",
                    .path = "/accounts/{id}/totp",
                    .scope = "account:write",
                    .id = "remove_account_second_factor",
                    .tag = "access",
                    .summary = {"Retirer le second facteur d'un compte (téléphone perdu)",
                                "Take an account's second factor away (a lost telephone)"},
                    .parameters = {account_parameter()},
                    .answers = {{204, {"Retiré", "Taken away"}, ""}},
                    .refusals = {Refusal::NotFound, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { remove_of_account(e); }});
}

void PasswordRoutes::note(const Exchange& exchange, AuditEvent event, std::string detail) {
  parts_.audit.note({event, exchange.account, exchange.source(), std::move(detail)});
}

void PasswordRoutes::change_own(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"old", "new"});
  const std::string old = check.text("old", 1, AccountStore::kPasswordMax);
  const std::string fresh = new_password(check, "new", exchange->account);
  if (!check.finish()) return;
  check_own(exchange, "old", old, [exchange, fresh](PasswordRoutes& routes) {
    routes.store_password(exchange, exchange->who.account, fresh);
  });
}

void PasswordRoutes::check_own(const ExchangePtr& exchange, std::string_view field,
                               const std::string& password, std::function<void(PasswordRoutes&)> done) {
  CredentialDesk::Attempt attempt;
  attempt.name = exchange->account;
  attempt.account = exchange->who.account;
  attempt.password = password;
  attempt.password_only = true;
  parts_.desk.check(exchange, attempt,
                    [exchange, field = std::string(field), done = std::move(done),
                     weak = std::weak_ptr(self_)](Verdict verdict) {
                      const auto alive = weak.lock();
                      if (!alive) return;
                      if (verdict == Verdict::Right) return done(**alive);
                      (*alive)->note(*exchange, AuditEvent::LoginRefused, "wrong password of one's own");
                      refuse_field(*exchange, field, "wrong-password",
                                   "Ce mot de passe n'est pas celui du compte",
                                   "This is not the account's password");
                    });
}

void PasswordRoutes::ask_password_again(const ExchangePtr& exchange,
                                        std::function<void(PasswordRoutes&)> done) {
  if (!has_session(*exchange)) return;
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"password"});
  const std::string password = check.text("password", 1, AccountStore::kPasswordMax);
  if (check.finish()) check_own(exchange, "password", password, std::move(done));
}

void PasswordRoutes::store_password(const ExchangePtr& exchange, std::int64_t account,
                                    const std::string& password) {
  parts_.desk.run(
      exchange,
      [account, password](AccountStore& accounts, runtime::WallTime now) {
        return accounts.set_password(account, password, now);
      },
      [this, exchange, account](const Result<void>&) {
        const bool own = account == exchange->who.account;
        const std::int64_t kept = own && exchange->who.session ? exchange->who.session->id : 0;
        const auto config = parts_.config.current();
        const auto* whose = config->find(model::AccountId{account});
        note(*exchange, AuditEvent::PasswordChanged, whose == nullptr ? "" : whose->name);
        parts_.sessions.end_others(account, kept, [exchange](const Result<void>& ended) {
          if (!ended) return exchange->refuse(storage_refusal(ended.error(), exchange->language));
          exchange->no_content();
        });
      });
}

std::optional<model::Account> PasswordRoutes::account_of_path(const Exchange& exchange) const {
  const auto id = text::parse_decimal<std::int64_t>(exchange.captured.at(0));
  const auto config = parts_.config.current();
  const auto* account = id ? config->find(model::AccountId{*id}) : nullptr;
  if (account == nullptr) {
    exchange.refuse(Refusal::NotFound);
    return std::nullopt;
  }
  // Who could take over an account that may more would have what it may.
  const auto* role = config->find(account->role);
  const auto missing = role == nullptr ? std::string_view() : exchange.who.rights.missing(role->rights);
  if (!missing.empty()) {
    exchange.refuse(forbidden(missing, exchange.language));
    return std::nullopt;
  }
  return *account;
}

void PasswordRoutes::set_of_account(const ExchangePtr& exchange) {
  const auto account = account_of_path(*exchange);
  if (!account) return;
  if (account->id.value == exchange->who.account) {
    return exchange->refuse(
        Refusal::Conflict,
        exchange->say("Votre propre mot de passe se change avec l'ancien (/session/password)",
                      "Your own password is changed with the old one (/session/password)"));
  }
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"password"});
  const std::string password = new_password(check, "password", account->name);
  if (check.finish()) store_password(exchange, account->id.value, password);
}

void PasswordRoutes::start_second_factor(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  const std::string secret = make_totp_secret();
  auto propose = [account = exchange->who.account, secret](AccountStore& accounts,
                                                           runtime::WallTime now) -> Result<bool> {
    const auto factor = accounts.second_factor(account);
    if (!factor) return Unexpected{factor.error()};
    if (*factor) return false;
    if (const auto done = accounts.propose_second_factor(account, secret, now); !done)
      return Unexpected{done.error()};
    return true;
  };
  parts_.desk.run(exchange, std::move(propose), [exchange, secret](const Result<bool>& proposed) {
    // Another secret in its place would do what removing it does, without the password.
    if (!*proposed) {
      return exchange->refuse(
          Refusal::Conflict,
          exchange->say("Un second facteur est en service ; renoncez-y d'abord, avec le mot de passe",
                        "A second factor is in use; give it up first, with the password"));
    }
    exchange->json(200, Value::object({{"secret", secret}, {"uri", totp_uri(secret, exchange->account)}}));
  });
}

void PasswordRoutes::confirm_second_factor(const ExchangePtr& exchange) {
  if (!has_session(*exchange)) return;
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"code"});
  const std::string code = check.text("code", 1, kCodeMax);
  if (!check.finish()) return;
  auto codes = make_recovery_codes(kRecoveryCodes);
  auto confirm = [account = exchange->who.account, code, codes](AccountStore& accounts,
                                                                runtime::WallTime now) -> Result<bool> {
    const auto secret = accounts.proposed_second_factor(account);
    if (!secret) return Unexpected{secret.error()};
    const auto step = *secret ? matching_step(**secret, code, now, 0) : std::nullopt;
    if (!step) return false;
    if (const auto done = accounts.confirm_second_factor(account, *step, codes); !done)
      return Unexpected{done.error()};
    return true;
  };
  parts_.desk.run(exchange, std::move(confirm), [this, exchange, codes](const Result<bool>& right) {
    if (!*right) {
      return refuse_field(*exchange, "code", "wrong-code",
                          "Ce code n'est pas celui du secret proposé ; vérifiez l'heure du téléphone",
                          "This is no code of the proposed secret; check the telephone's clock");
    }
    note(*exchange, AuditEvent::SecondFactorChanged, "on");
    exchange->json(200, codes_value(codes));
  });
}

void PasswordRoutes::remove_second_factor(const ExchangePtr& exchange, std::int64_t account,
                                          const std::string& detail) {
  parts_.desk.run(
      exchange,
      [account](AccountStore& accounts, runtime::WallTime) { return accounts.remove_second_factor(account); },
      [this, exchange, detail](const Result<void>&) {
        note(*exchange, AuditEvent::SecondFactorChanged, detail);
        exchange->no_content();
      });
}

void PasswordRoutes::remove_own_second_factor(const ExchangePtr& exchange) {
  ask_password_again(exchange, [exchange](PasswordRoutes& routes) {
    routes.remove_second_factor(exchange, exchange->who.account, "off");
  });
}

void PasswordRoutes::remove_of_account(const ExchangePtr& exchange) {
  const auto account = account_of_path(*exchange);
  if (account) remove_second_factor(exchange, account->id.value, fmt::format("off ({})", account->name));
}

void PasswordRoutes::make_recovery_codes_anew(const ExchangePtr& exchange) {
  ask_password_again(exchange,
                     [exchange](PasswordRoutes& routes) { routes.replace_recovery_codes(exchange); });
}

void PasswordRoutes::replace_recovery_codes(const ExchangePtr& exchange) {
  auto codes = make_recovery_codes(kRecoveryCodes);
  auto replace = [account = exchange->who.account, codes](AccountStore& accounts,
                                                          runtime::WallTime) -> Result<bool> {
    const auto factor = accounts.second_factor(account);
    if (!factor) return Unexpected{factor.error()};
    if (!*factor) return false;
    if (const auto done = accounts.set_recovery_codes(account, codes); !done) return Unexpected{done.error()};
    return true;
  };
  parts_.desk.run(exchange, std::move(replace), [this, exchange, codes](const Result<bool>& replaced) {
    if (!*replaced) {
      return exchange->refuse(Refusal::Conflict, exchange->say("Il n'y a pas de second facteur en service",
                                                               "There is no second factor in use"));
    }
    note(*exchange, AuditEvent::RecoveryCodesMade, "");
    exchange->json(200, codes_value(codes));
  });
}

}  // namespace xivo::api
