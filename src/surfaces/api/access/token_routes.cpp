#include "api/access/token_routes.hpp"

#include <fmt/format.h>

#include <set>

#include "api/body_check.hpp"
#include "api/parameters.hpp"
#include "base/text.hpp"
#include "model/rights.hpp"

namespace xivo::api {

using model::Value;
using store::ApiToken;

namespace {

Value time_value(const std::optional<runtime::WallTime>& time) {
  return time ? Value(time_text(*time)) : Value();
}

Value to_value(const ApiToken& token) {
  return Value::object({{"id", token.id},
                        {"label", token.label},
                        {"scopes", Value(token.scopes)},
                        {"created", time_text(token.created)},
                        {"expires", time_value(token.expires)},
                        {"last_used", time_value(token.last_used)},
                        {"last_source", token.last_source}});
}

/// A token acts for an account; a local user has none.
bool has_account(const Exchange& exchange) {
  if (exchange.who.account != 0) return true;
  exchange.refuse(Refusal::SessionNeeded);
  return false;
}

void read_scope(const Exchange& exchange, const Value& item, BodyCheck& check,
                std::set<std::string>& scopes) {
  constexpr std::size_t kShownMax = 80;
  const std::string* text = item.text();
  if (text == nullptr || !model::is_scope(*text)) {
    const std::string shown = text == nullptr ? "?" : text->substr(0, kShownMax);
    return check.wrong("scopes", "unknown-scope",
                       fmt::format("« {} » n'est pas un droit ; un droit s'écrit domaine:action", shown),
                       fmt::format("\"{}\" is no right; a right is written area:action", shown));
  }
  if (!exchange.who.rights.allows(*text)) {
    return check.wrong("scopes", "above-own-rights",
                       fmt::format("Vous n'avez pas vous-même le droit « {} »", *text),
                       fmt::format("You do not have the right \"{}\" yourself", *text));
  }
  scopes.insert(*text);
}

std::vector<std::string> read_scopes(const Exchange& exchange, const Value& body, BodyCheck& check) {
  const Value* value = body.find("scopes");
  const Value::List* items = value == nullptr ? nullptr : value->items();
  std::set<std::string> scopes;
  if (items == nullptr || items->empty()) {
    check.wrong("scopes", value == nullptr || items != nullptr ? "required" : "wrong-type",
                "« scopes » doit être une liste d'au moins un droit",
                "\"scopes\" has to be a list of at least one right");
  } else if (items->size() > TokenRoutes::kScopesMax) {
    check.wrong("scopes", "too-long", fmt::format("Au plus {} droits", TokenRoutes::kScopesMax),
                fmt::format("At most {} rights", TokenRoutes::kScopesMax));
  } else {
    for (const Value& item : *items) read_scope(exchange, item, check, scopes);
  }
  return {scopes.begin(), scopes.end()};
}

std::optional<runtime::WallTime> read_expiry(const Value& body, runtime::WallTime now, BodyCheck& check) {
  const Value* value = body.find("expires");
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto at = value->text() == nullptr ? std::nullopt : parse_time(*value->text());
  if (!at) {
    check.wrong("expires", "pattern", "« expires » doit être une date (2026-11-25T08:00:00Z)",
                "\"expires\" has to be a time (2026-11-25T08:00:00Z)");
  } else if (*at <= now || *at > now + TokenRoutes::kLifetimeMax) {
    check.wrong("expires", "out-of-range", "« expires » doit être à venir, dans dix ans au plus",
                "\"expires\" has to be in the future, ten years from now at most");
  }
  return at;
}

}  // namespace

void TokenRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/tokens",
                    .scope = "token:write",
                    .id = "list_tokens",
                    .tag = "access",
                    .summary = {"Mes jetons d'accès", "My access tokens"},
                    .answers = {{200, {"Du plus ancien au plus récent", "Oldest first"}, "TokenPage"}},
                    .refusals = {Refusal::SessionNeeded, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { list(e); }});
  routes.push_back({.method = "POST",
                    .path = "/tokens",
                    .scope = "token:write",
                    .id = "create_token",
                    .tag = "access",
                    .summary = {"Créer un jeton d'accès ; il n'est montré que cette fois",
                                "Create an access token; it is shown this once"},
                    .body = "TokenCreate",
                    .answers = {{201, {"Le jeton", "The token"}, "TokenMade"}},
                    .refusals = {Refusal::Malformed, Refusal::SessionNeeded, Refusal::Conflict,
                                 Refusal::WrongMediaType, Refusal::Invalid, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { create(e); }});
  routes.push_back({.method = "DELETE",
                    .path = "/tokens/{id}",
                    .scope = "token:write",
                    .id = "delete_token",
                    .tag = "access",
                    .summary = {"Supprimer un de mes jetons d'accès", "Delete one of my access tokens"},
                    .parameters = {{"id",
                                    "path",
                                    Value::object({{"type", "integer"}, {"minimum", 1}}),
                                    {"Numéro du jeton", "The token's number"}}},
                    .answers = {{204, {"Supprimé", "Deleted"}, ""}},
                    .refusals = {Refusal::SessionNeeded, Refusal::NotFound, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { remove(e); }});
}

void TokenRoutes::list(const ExchangePtr& exchange) {
  if (!has_account(*exchange)) return;
  tokens_.list(exchange->who.account, [exchange](const Result<std::vector<ApiToken>>& all) {
    if (!all) return exchange->refuse(storage_refusal(all.error(), exchange->language));
    Value::List items;
    for (const ApiToken& token : *all) items.push_back(to_value(token));
    exchange->json(200, page_value(std::move(items), std::ssize(*all)));
  });
}

void TokenRoutes::create(const ExchangePtr& exchange) {
  if (!has_account(*exchange)) return;
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  check.only({"label", "scopes", "expires"});
  ApiToken wish{.account = exchange->who.account};
  wish.label = check.text("label", 1, kLabelMax);
  wish.scopes = read_scopes(*exchange, *body, check);
  wish.expires = read_expiry(*body, loop_.clock().wall(), check);
  if (!check.finish()) return;
  tokens_.create(wish, [exchange, wish,
                        weak = std::weak_ptr(self_)](const Result<store::TokenStore::Made>& made) {
    if (!made && made.error().what == store::TokenStore::kTooMany) {
      return exchange->refuse(Refusal::Conflict,
                              fmt::format(fmt::runtime(exchange->say("Un compte a au plus {} jetons",
                                                                     "An account has at most {} tokens")),
                                          store::TokenStore::kTokensMax));
    }
    if (!made) return exchange->refuse(storage_refusal(made.error(), exchange->language));
    if (const auto alive = weak.lock()) {
      (*alive)->audit_.note({AuditEvent::TokenCreated, exchange->account, exchange->source(),
                             fmt::format("{} ({}): {}", wish.label, made->id, fmt::join(wish.scopes, " "))});
    }
    exchange->json(201,
                   Value::object({{"id", made->id},
                                  {"token", made->token},
                                  {"label", wish.label},
                                  {"scopes", Value(wish.scopes)},
                                  {"expires", time_value(wish.expires)}}),
                   {{"Location", fmt::format("/api/v1/tokens/{}", made->id)}});
  });
}

void TokenRoutes::remove(const ExchangePtr& exchange) {
  if (!has_account(*exchange)) return;
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  if (!id) return exchange->refuse(Refusal::NotFound);
  tokens_.remove(
      exchange->who.account, *id, [exchange, id, weak = std::weak_ptr(self_)](const Result<bool>& gone) {
        if (!gone) return exchange->refuse(storage_refusal(gone.error(), exchange->language));
        if (!*gone) return exchange->refuse(Refusal::NotFound);
        if (const auto alive = weak.lock()) {
          (*alive)->audit_.note(
              {AuditEvent::TokenRemoved, exchange->account, exchange->source(), fmt::to_string(*id)});
        }
        exchange->no_content();
      });
}

}  // namespace xivo::api
