#include "api/schedules/toll_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/body_check.hpp"
#include "api/parameters.hpp"
#include "model/guard/guard.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::api {

namespace guard = model::guard;
using model::Language;
using model::Value;

namespace {

std::string label_of(const TollAccount& account, const model::Config& config) {
  if (account.is_trunk) {
    const auto* trunk = config.find(model::TrunkId{account.id});
    return trunk == nullptr ? std::string() : trunk->title();
  }
  const auto* user = config.user(model::UserId{account.id});
  return user == nullptr ? std::string() : user->full_name();
}

Value block_value(const TollBlock& block, const model::Config& config, Language language) {
  const auto* by = config.find(block.verdict.guard);
  const Value named = by == nullptr ? Value() : Value::object({{"id", by->id.value}, {"label", by->name}});
  std::string sentence = language == Language::French ? "Bloqué : " : "Blocked: ";
  sentence += guard::describe(config, block.verdict, language) + ".";
  return Value::object({{"since", time_text(block.since)},
                        {"reason", guard::name(block.verdict.reason)},
                        {"guard", named},
                        {"limit", block.verdict.limit},
                        {"count", block.verdict.count},
                        {"sentence", std::move(sentence)}});
}

/// Whom a body names: {"user": 1} or {"trunk": 2}.
TollAccount read_payer(const Value& body, BodyCheck& check) {
  check.only({"user", "trunk"});
  const Value* user = body.find("user");
  const Value* trunk = body.find("trunk");
  TollAccount payer;
  if ((user == nullptr) == (trunk == nullptr)) {
    check.wrong("user", "required", "Dites « user » ou « trunk », l'un des deux",
                "Say \"user\" or \"trunk\", one of them");
    return payer;
  }
  payer.is_trunk = trunk != nullptr;
  const auto id = (payer.is_trunk ? trunk : user)->integer();
  if (!id || *id < 1) {
    check.wrong(payer.is_trunk ? "trunk" : "user", "wrong-type", "Un numéro est attendu",
                "A number is expected");
    return payer;
  }
  payer.id = *id;
  return payer;
}

}  // namespace

Value to_value(const TollAccount& account, const model::Config& config, Language language) {
  return Value::object(
      {{"kind", account.is_trunk ? "trunk" : "user"},
       {"id", account.id},
       {"label", label_of(account, config)},
       {"in_progress", account.in_progress},
       {"hour", account.hour},
       {"international_hour", account.international_hour},
       {"premium_hour", account.premium_hour},
       {"blocked", account.block ? block_value(*account.block, config, language) : Value()}});
}

void TollRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/toll-guards/state",
                    .scope = "toll_guard:read",
                    .id = "get_toll_state",
                    .tag = "toll_guard",
                    .summary = {"Appels vers l'extérieur par utilisateur et par trunk, et qui est bloqué",
                                "Calls to the outside by user and trunk, and who is blocked"},
                    .parameters = page_parameters(),
                    .answers = {{200,
                                 {"D'abord ceux qui sont bloqués, puis ceux qui appellent le plus",
                                  "First those blocked, then those who call most"},
                                 "TollAccountPage"}},
                    .refusals = {Refusal::BadParameter},
                    .handler = [this](const ExchangePtr& e) { list(e); }});
  routes.push_back(
      {.method = "POST",
       .path = "/toll-guards/release",
       .scope = "toll_guard:write",
       .id = "release_toll",
       .tag = "toll_guard",
       .summary = {"Débloquer un utilisateur ou un trunk", "Release a user or a trunk"},
       .body = "TollRelease",
       .answers = {{204, {"Débloqué ; son heure repart de zéro", "Released; its hour starts anew"}, ""}},
       .refusals = {Refusal::Malformed, Refusal::WrongMediaType, Refusal::Invalid, Refusal::NotFound},
       .handler = [this](const ExchangePtr& e) { release(e); }});
}

void TollRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const Page page = Page::read(parameters);
  if (!parameters.finish()) return;
  auto all = parts_.live.toll_accounts();
  std::sort(all.begin(), all.end(), [](const TollAccount& a, const TollAccount& b) {
    const auto key = [](const TollAccount& each) {
      return std::tuple(!each.block, -each.hour, each.is_trunk, each.id);
    };
    return key(a) < key(b);
  });
  const auto config = parts_.config.current();
  const auto total = std::ssize(all);
  Value::List items;
  for (auto i = page.offset; i < std::min<std::int64_t>(total, page.offset + page.limit); ++i)
    items.push_back(to_value(all[static_cast<std::size_t>(i)], *config, exchange->language));
  exchange->json(200, page_value(std::move(items), total));
}

void TollRoutes::release(const ExchangePtr& exchange) {
  const auto body = exchange->json_body();
  if (!body) return;
  BodyCheck check(*exchange, *body);
  const TollAccount payer = read_payer(*body, check);
  if (!check.finish()) return;
  if (!parts_.live.release_toll(payer.is_trunk, payer.id)) {
    return exchange->refuse(Refusal::NotFound, exchange->say("Personne de ce numéro n'est bloqué",
                                                             "Nobody of that number is blocked"));
  }
  const auto config = parts_.config.current();
  parts_.audit.note(
      {AuditEvent::TollReleased, exchange->account, exchange->source(),
       fmt::format("{} {} ({})", payer.is_trunk ? "trunk" : "user", payer.id, label_of(payer, *config))});
  parts_.events.publish_worded(Topic::Guard, "released",
                               [&](Language language) { return to_value(payer, *config, language); });
  exchange->no_content();
}

}  // namespace xivo::api
