#include "api/ban_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/body_check.hpp"
#include "api/parameters.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Reason = LiveBan::Reason;

struct ReasonWords {
  Reason reason;
  std::string_view name;
  model::Words sentence;
};

constexpr std::array kReasons{
    ReasonWords{Reason::WrongSecrets,
                "wrong-secrets",
                {"Trop de mots de passe SIP erronés", "Too many wrong SIP passwords"}},
    ReasonWords{
        Reason::UnknownUsers,
        "unknown-users",
        {"A essayé trop d'identifiants qui n'existent pas", "Tried too many user names that do not exist"}},
    ReasonWords{Reason::Scanning,
                "scanning",
                {"Sonde le système sans jamais s'identifier", "Probes the system and never authenticates"}},
    ReasonWords{
        Reason::Malformed,
        "malformed",
        {"Inonde le système de messages qui ne sont pas du SIP", "Floods the system with what is no SIP"}},
    ReasonWords{Reason::Manual, "manual", {"Banni par une personne", "Banned by a person"}},
};

const ReasonWords& words_of(Reason reason) {
  return *std::find_if(kReasons.begin(), kReasons.end(),
                       [&](const auto& row) { return row.reason == reason; });
}

Value to_value(const LiveBan& ban, Language language) {
  return Value::object({{"id", ban.id},
                        {"network", ban.network},
                        {"reason", name(ban.reason)},
                        {"message", describe(ban.reason, language)},
                        {"detail", ban.detail},
                        {"author", ban.author},
                        {"since", time_text(ban.since)},
                        {"until", ban.until ? Value(time_text(*ban.until)) : Value()}});
}

std::optional<IpNetwork> read_network(const Value& body, BodyCheck& check) {
  const auto* text = body.find("network");
  const auto network =
      text != nullptr && text->text() != nullptr ? IpNetwork::parse(*text->text()) : std::nullopt;
  if (!network) {
    check.wrong("network", text == nullptr ? "required" : "pattern",
                "« network » doit être une adresse IP ou un réseau (203.0.113.9, 203.0.113.0/24)",
                "\"network\" has to be an IP address or a network (203.0.113.9, 203.0.113.0/24)");
    return std::nullopt;
  }
  const unsigned least = network->address.is_v4() && network->prefix >= 96 ? BanRoutes::kPrefixMinV4 + 96
                                                                           : BanRoutes::kPrefixMinV6;
  if (network->prefix < least) {
    check.wrong("network", "out-of-range", "Ce réseau est trop vaste : au moins /8 en IPv4, /16 en IPv6",
                "This network is too large: at least /8 with IPv4, /16 with IPv6");
  }
  return network;
}

BanWish read_wish(const Value& body, BodyCheck& check) {
  BanWish wish;
  check.only({"network", "detail", "seconds"});
  if (const auto network = read_network(body, check)) wish.network = *network;
  wish.detail = check.text("detail", 0, BanRoutes::kReasonBytesMax);
  if (const auto* seconds = body.find("seconds"); seconds != nullptr && !seconds->is_null()) {
    const auto number = seconds->integer();
    if (!number || *number < 1 || *number > BanRoutes::kSecondsMax) {
      check.wrong("seconds", number ? "out-of-range" : "wrong-type",
                  "« seconds » doit être un nombre de secondes, dix ans au plus",
                  "\"seconds\" has to be a number of seconds, ten years at most");
    } else {
      wish.lasts = std::chrono::seconds(*number);
    }
  }
  return wish;
}

}  // namespace

std::string_view name(Reason reason) { return words_of(reason).name; }
std::string_view describe(Reason reason, Language language) { return words_of(reason).sentence.in(language); }

void BanRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "GET",
       .path = "/bans",
       .scope = "ban:read",
       .id = "list_bans",
       .tag = "live",
       .summary = {"Adresses bannies", "Banned addresses"},
       .parameters = page_parameters(),
       .answers = {{200, {"Bannissements, du plus ancien au plus récent", "Bans, oldest first"}, "BanPage"}},
       .refusals = {Refusal::BadParameter, Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { list(e); }});
  routes.push_back({.method = "POST",
                    .path = "/bans",
                    .scope = "ban:write",
                    .id = "add_ban",
                    .tag = "live",
                    .summary = {"Bannir une adresse ou un réseau", "Ban an address or a network"},
                    .body = "BanWish",
                    .answers = {{201, {"Banni", "Banned"}, "Ban"}},
                    .refusals = {Refusal::Malformed, Refusal::WrongMediaType, Refusal::Invalid,
                                 Refusal::Conflict, Refusal::Busy},
                    .handler = [this](const ExchangePtr& e) { add(e); }});
  routes.push_back({.method = "DELETE",
                    .path = "/bans/{id}",
                    .scope = "ban:write",
                    .id = "release_ban",
                    .tag = "live",
                    .summary = {"Lever un bannissement", "Release a ban"},
                    .parameters = {{"id",
                                    "path",
                                    Value::object({{"type", "integer"}}),
                                    {"Numéro du bannissement", "The ban's number"}}},
                    .answers = {{204, {"Levé", "Released"}, ""}},
                    .refusals = {Refusal::NotFound},
                    .handler = [this](const ExchangePtr& e) { release(e); }});
}

void BanRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const Page page = Page::read(parameters);
  if (!parameters.finish()) return;
  live_.bans([exchange, page](const std::vector<LiveBan>& all) {
    Value::List items;
    const auto total = std::ssize(all);
    for (auto i = page.offset; i < std::min<std::int64_t>(total, page.offset + page.limit); ++i)
      items.push_back(to_value(all[static_cast<std::size_t>(i)], exchange->language));
    exchange->json(200, page_value(std::move(items), total));
  });
}

void BanRoutes::add(const ExchangePtr& exchange) {
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  auto wish = read_wish(*body, check);
  if (!check.finish()) return;
  wish.author = exchange->account;
  live_.add_ban(std::move(wish), [exchange](const std::optional<LiveBan>& ban) {
    if (!ban) {
      return exchange->refuse(Refusal::Conflict, exchange->say("La liste des bannissements est pleine",
                                                               "The list of bans is full"));
    }
    exchange->json(201, to_value(*ban, exchange->language),
                   {{"Location", fmt::format("/api/v1/bans/{}", ban->id)}});
  });
}

void BanRoutes::release(const ExchangePtr& exchange) {
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  if (!id) return exchange->refuse(Refusal::NotFound);
  live_.release_ban(*id, exchange->account, [exchange](bool found) {
    if (!found) return exchange->refuse(Refusal::NotFound);
    exchange->no_content();
  });
}

}  // namespace xivo::api
