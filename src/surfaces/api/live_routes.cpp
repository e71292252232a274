#include "api/live_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/parameters.hpp"

namespace xivo::api {
namespace {

using model::Language;
using model::Value;
using Reason = RegistrationFailure::Reason;

struct ReasonWords {
  Reason reason;
  std::string_view name;
  model::Words sentence;
};

constexpr std::array kReasons{
    ReasonWords{Reason::UnknownUser,
                "unknown-user",
                {"Aucune ligne ne porte cet identifiant", "No line has this user name"}},
    ReasonWords{Reason::WrongSecret,
                "wrong-secret",
                {"Le mot de passe SIP du téléphone n'est pas celui de la ligne",
                 "The phone's SIP password is not the line's"}},
    ReasonWords{
        Reason::WrongRealm,
        "wrong-realm",
        {"Le téléphone s'identifie pour un autre domaine", "The phone authenticates for another realm"}},
    ReasonWords{Reason::WrongTransport,
                "wrong-transport",
                {"La ligne n'admet pas ce transport", "The line does not allow this transport"}},
    ReasonWords{Reason::WrongPort,
                "wrong-port",
                {"Le téléphone écrit d'un autre port que celui prévu",
                 "The phone sends from another port than expected"}},
    ReasonWords{Reason::TooManyContacts,
                "too-many-contacts",
                {"Trop de téléphones sont déjà enregistrés avec cette ligne",
                 "Too many phones are registered with this line already"}},
    ReasonWords{Reason::Disabled, "disabled", {"La ligne est désactivée", "The line is disabled"}},
    ReasonWords{Reason::FixedHost,
                "fixed-host",
                {"La ligne a une adresse fixe et ne s'enregistre pas",
                 "The line has a fixed address and does not register"}},
    ReasonWords{Reason::StaleNonce,
                "stale-nonce",
                {"Le défi d'authentification avait expiré", "The authentication challenge had expired"}},
    ReasonWords{Reason::ReplayedNonce,
                "replayed-nonce",
                {"Une réponse déjà utilisée a été rejouée", "An answer that was used before was sent again"}},
    ReasonWords{
        Reason::Malformed, "malformed", {"La requête SIP est mal formée", "The SIP request is malformed"}},
    ReasonWords{
        Reason::IntervalTooBrief,
        "interval-too-brief",
        {"Le téléphone demande un enregistrement trop court", "The phone asks for too short a registration"}},
    ReasonWords{Reason::LockedOut,
                "locked-out",
                {"Trop de mots de passe erronés avant : cette tentative n'a pas été examinée",
                 "Too many wrong passwords before: this attempt was not looked at"}},
    ReasonWords{Reason::Other, "other", {"Autre raison", "Another reason"}},
};

const ReasonWords& words_of(Reason reason) {
  const auto at =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const auto& row) { return row.reason == reason; });
  return at == kReasons.end() ? kReasons.back() : *at;
}

Value reference(std::int64_t id) { return id == 0 ? Value() : Value(id); }
Value time_value(const std::optional<runtime::WallTime>& at) { return at ? Value(time_text(*at)) : Value(); }
/// Addresses that are not known (yet) are null.
Value address_value(const SocketAddress& address) {
  return address == SocketAddress{} ? Value() : Value(address.to_string());
}

Value to_value(const Registration& r, Language) {
  return Value::object({{"line_id", reference(r.line_id)},
                        {"line", r.line},
                        {"exten", r.exten},
                        {"user_id", reference(r.user_id)},
                        {"user", r.user},
                        {"contact", r.contact},
                        {"source", address_value(r.source)},
                        {"transport", r.transport},
                        {"user_agent", r.user_agent},
                        {"registered", time_text(r.registered)},
                        {"expires", time_value(r.expires)},
                        {"priority", int{r.q}}});
}

Value to_value(const RegistrationFailure& f, Language language) {
  return Value::object({{"first", time_text(f.first)},
                        {"last", time_text(f.last)},
                        {"count", std::int64_t{f.count}},
                        {"account", f.account},
                        {"source", address_value(f.source)},
                        {"transport", f.transport},
                        {"method", f.method},
                        {"reason", name(f.reason)},
                        {"message", describe(f.reason, language)},
                        {"detail", f.detail},
                        {"user_agent", f.user_agent}});
}

Value to_value(const LiveLeg& leg) {
  return Value::object({{"line_id", reference(leg.line_id)},
                        {"peer", leg.peer},
                        {"number", leg.number},
                        {"name", leg.name},
                        {"role", leg.caller ? "caller" : "called"},
                        {"channel", leg.channel},
                        {"state", leg.state},
                        {"codec", leg.codec},
                        {"address", address_value(leg.address)}});
}

Value to_value(const LiveCall& call, Language) {
  Value::List legs;
  for (const auto& leg : call.legs) legs.push_back(to_value(leg));
  return Value::object({{"id", call.id},
                        {"caller_number", call.caller_number},
                        {"caller_name", call.caller_name},
                        {"dialled", call.dialled},
                        {"state", call.state},
                        {"since", time_text(call.since)},
                        {"answered", time_value(call.answered)},
                        {"legs", std::move(legs)}});
}

/// Whether any text of an item, its parts included, has the searched one in it.
bool found(const Value& value, std::string_view search) {
  if (const auto* text = value.text()) return contains_folded(*text, search);
  if (const auto* items = value.items()) {
    return std::any_of(items->begin(), items->end(), [&](const Value& item) { return found(item, search); });
  }
  if (const auto* members = value.members()) {
    return std::any_of(members->begin(), members->end(),
                       [&](const auto& member) { return found(member.value, search); });
  }
  return false;
}

template <class Item>
Value page_of(const std::vector<Item>& all, const std::string& search, const Page& page, Language language) {
  Value::List items;
  std::int64_t total = 0;
  for (const Item& item : all) {
    const bool wanted = total >= page.offset && total < page.offset + page.limit;
    if (search.empty() && !wanted) {
      ++total;
      continue;
    }
    Value value = to_value(item, language);
    if (!search.empty() && !found(value, search)) continue;
    if (wanted) items.push_back(std::move(value));
    ++total;
  }
  return page_value(std::move(items), total);
}

std::vector<ParameterSpec> search_parameters() {
  std::vector<ParameterSpec> parameters{
      query_parameter("search", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                      {"Texte à chercher", "Text to look for"})};
  for (auto& parameter : page_parameters()) parameters.push_back(std::move(parameter));
  return parameters;
}

}  // namespace

std::string_view name(Reason reason) { return words_of(reason).name; }
std::string_view describe(Reason reason, Language language) { return words_of(reason).sentence.in(language); }

void LiveRoutes::add_routes(std::vector<Route>& routes) {
  const std::vector<Refusal> refusals{Refusal::BadParameter, Refusal::Busy};
  routes.push_back(
      {.method = "GET",
       .path = "/registrations",
       .id = "list_registrations",
       .tag = "live",
       .summary = {"Téléphones enregistrés", "Registered telephones"},
       .parameters = search_parameters(),
       .answers = {{200, {"Enregistrements", "Registrations"}, "RegistrationPage"}},
       .refusals = refusals,
       .handler = [this](const ExchangePtr& e) { list<Registration>(e, &LiveView::registrations); }});
  routes.push_back(
      {.method = "GET",
       .path = "/registrations/failures",
       .id = "list_registration_failures",
       .tag = "live",
       .summary = {"Pourquoi des téléphones ne s'enregistrent pas", "Why telephones fail to register"},
       .parameters = search_parameters(),
       .answers = {{200,
                    {"Échecs, le plus récent d'abord", "Failures, newest first"},
                    "RegistrationFailurePage"}},
       .refusals = refusals,
       .handler = [this](const ExchangePtr& e) {
         list<RegistrationFailure>(e, &LiveView::registration_failures);
       }});
  routes.push_back({.method = "GET",
                    .path = "/calls",
                    .id = "list_calls",
                    .tag = "live",
                    .summary = {"Appels en cours", "Calls in progress"},
                    .parameters = search_parameters(),
                    .answers = {{200, {"Appels en cours", "Calls in progress"}, "CallPage"}},
                    .refusals = refusals,
                    .handler = [this](const ExchangePtr& e) { list<LiveCall>(e, &LiveView::calls); }});
  routes.push_back(
      {.method = "DELETE",
       .path = "/calls/{id}",
       .id = "hang_up_call",
       .tag = "live",
       .summary = {"Raccrocher un appel", "Hang up a call"},
       .parameters =
           {{"id", "path", Value::object({{"type", "string"}}), {"Identifiant de l'appel", "The call's id"}}},
       .answers = {{204, {"Raccroché", "Hung up"}, ""}},
       .refusals = {Refusal::NotFound},
       .handler = [this](const ExchangePtr& e) { hang_up(e); }});
}

template <class Item>
void LiveRoutes::list(const ExchangePtr& exchange, Ask<Item> ask) {
  Parameters parameters(*exchange);
  const std::string search = folded(parameters.text("search").value_or(""));
  const Page page = Page::read(parameters);
  if (!parameters.finish()) return;
  (live_.*ask)([exchange, search, page, &workers = workers_](std::vector<Item> all) {
    auto shared = std::make_shared<std::vector<Item>>(std::move(all));
    const bool accepted = workers.submit([exchange, search, page, shared] {
      exchange->json(200, page_of(*shared, search, page, exchange->language));
    });
    if (!accepted) exchange->refuse(Refusal::Busy);
  });
}

void LiveRoutes::hang_up(const ExchangePtr& exchange) {
  live_.hang_up(exchange->captured.at(0), [exchange](bool found) {
    if (!found) return exchange->refuse(Refusal::NotFound);
    exchange->no_content();
  });
}

}  // namespace xivo::api
