#include "api/access/admission.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/metrics.hpp"
#include "base/text.hpp"
#include "model/access.hpp"
#include "store/password.hpp"

namespace xivo::api {
namespace {

metrics::Counter unauthenticated("xivo_api_unauthenticated_total",
                                 "API requests refused for want of a session");
metrics::Counter refused("xivo_api_forbidden_total", "API requests refused for want of a right");

constexpr std::string_view kBearer = "Bearer ";

/// The token a request carries, and whether a browser sent it by itself.
struct Credentials {
  std::string token;
  bool from_cookie = false;
};

Credentials credentials_of(const http::Request& request) {
  const std::string_view authorization = request.header("authorization").value_or("");
  if (authorization.size() > kBearer.size() &&
      text::equal_ignoring_case(authorization.substr(0, kBearer.size()), kBearer)) {
    return {std::string(text::trim(authorization.substr(kBearer.size()))), false};
  }
  return {std::string(request.cookie(session_cookie(request.secure)).value_or("")), true};
}

bool is_read(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

void refuse_stranger(const Exchange& exchange) {
  unauthenticated.add();
  exchange.refuse(Refusal::Unauthenticated);
}

}  // namespace

bool Admission::is_trusted(const http::Request& request) const {
  return parts_.trust_local_users && request.local_user &&
         (*request.local_user == 0 || *request.local_user == geteuid());
}

void Admission::admit(const ExchangePtr& exchange, const Route& route) {
  auto [token, from_cookie] = credentials_of(exchange->request);
  if (token.empty() && is_trusted(exchange->request)) {
    exchange->account = "root";
    exchange->who = {.kind = Principal::Kind::Local, .rights = model::Rights::all()};
    return route.handler(exchange);
  }
  if (token.empty()) return refuse_stranger(*exchange);
  if (!from_cookie && token.starts_with(store::TokenStore::kPrefix))
    return admit_token(exchange, route, token);
  // SameSite=Strict keeps cookies out of other sites' requests; a browser that says where a request comes from is
  // believed as a second guard, and the header that only pages of ours can fill is the third.
  if (from_cookie && !is_read(exchange->request) && is_cross_site(exchange->request)) {
    return exchange->refuse(Refusal::CrossSite);
  }
  admit_session(exchange, route, token, from_cookie);
}

void Admission::admit_session(const ExchangePtr& exchange, const Route& route, const std::string& token,
                              bool from_cookie) {
  const bool needs_proof = from_cookie && !is_read(exchange->request);
  parts_.sessions.find(token, [exchange, &route, token, needs_proof, weak = std::weak_ptr(self_)](
                                  const Result<std::optional<store::Session>>& found) {
    const auto alive = weak.lock();
    if (!alive) return;
    if (!found) return exchange->refuse(storage_refusal(found.error(), exchange->language));
    if (!*found) return refuse_stranger(*exchange);
    const auto proof = exchange->request.header("x-csrf-token").value_or("");
    if (needs_proof && !store::same_secret(proof, csrf_token(token))) {
      return exchange->refuse(Refusal::BadCsrfToken);
    }
    exchange->who = {
        .kind = Principal::Kind::Session, .account = (*found)->account, .token = token, .session = **found};
    (*alive)->enter(exchange, route, nullptr);
  });
}

void Admission::admit_token(const ExchangePtr& exchange, const Route& route, const std::string& token) {
  parts_.tokens.find(
      token, exchange->source(),
      [exchange, &route, token,
       weak = std::weak_ptr(self_)](const Result<std::optional<TokenBook::Use>>& found) {
        const auto alive = weak.lock();
        if (!alive) return;
        if (!found) return exchange->refuse(storage_refusal(found.error(), exchange->language));
        if (!*found) return refuse_stranger(*exchange);
        const store::ApiToken& used = (*found)->token;
        exchange->who = {.kind = Principal::Kind::Token, .account = used.account, .token = token};
        if ((*found)->first) {
          const auto* account = (*alive)->parts_.config.current()->find(model::AccountId{used.account});
          (*alive)->parts_.audit.note({.event = AuditEvent::TokenUsedFirst,
                                       .account = account != nullptr ? account->name : "",
                                       .source = exchange->source(),
                                       .detail = fmt::format("{} ({})", used.label, used.id)});
        }
        (*alive)->enter(exchange, route, &used.scopes);
      });
}

std::optional<model::Rights> Admission::rights_of(std::int64_t id,
                                                  const std::vector<std::string>* scopes) const {
  const auto config = parts_.config.current();
  const auto* account = config->find(model::AccountId{id});
  const auto* role = account != nullptr && account->enabled ? config->find(account->role) : nullptr;
  if (role == nullptr) return std::nullopt;
  const model::Rights rights(role->rights);
  return scopes == nullptr ? rights : rights.limited_to(*scopes);
}

void Admission::enter(const ExchangePtr& exchange, const Route& route,
                      const std::vector<std::string>* scopes) {
  auto rights = rights_of(exchange->who.account, scopes);
  if (!rights) {
    exchange->who = {};
    return refuse_stranger(*exchange);
  }
  exchange->account = parts_.config.current()->find(model::AccountId{exchange->who.account})->name;
  exchange->who.rights = std::move(*rights);
  if (exchange->may(route.scope)) return route.handler(exchange);
  refused.add();
  parts_.audit.note({.event = AuditEvent::Forbidden,
                     .account = exchange->account,
                     .source = exchange->source(),
                     .detail = fmt::format("{} {} ({})", route.method, route.path, route.scope)});
  exchange->refuse(forbidden(route.scope, exchange->language));
}

// A database that cannot be asked ends nothing.
void Admission::recheck(const ExchangePtr& exchange, std::function<void(bool)> done) {
  const Principal& who = exchange->who;
  const auto holds = [exchange, weak = std::weak_ptr(self_)](const std::vector<std::string>* scopes) {
    const auto alive = weak.lock();
    return alive && (*alive)->rights_of(exchange->who.account, scopes) == exchange->who.rights;
  };
  if (who.kind == Principal::Kind::Session) {
    parts_.sessions.find(who.token, [holds, done](const Result<std::optional<store::Session>>& found) {
      done(!found || (*found && holds(nullptr)));
    });
  } else if (who.kind == Principal::Kind::Token) {
    parts_.tokens.find(who.token, exchange->source(),
                       [holds, done](const Result<std::optional<TokenBook::Use>>& found) {
                         done(!found || (*found && holds(&(*found)->token.scopes)));
                       });
  } else {
    done(who.kind == Principal::Kind::Local);
  }
}

bool is_cross_site(const http::Request& request) {
  const auto site = request.header("sec-fetch-site");
  return site && *site != "same-origin" && *site != "none";
}

}  // namespace xivo::api
