#include "api/live_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/live/line_registration.hpp"
#include "api/parameters.hpp"
#include "api/records/record_routes.hpp"
#include "base/text.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using model::Value;

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
Value page_of(const std::vector<Item>& all, const std::string& search, const Page& page,
              model::Language language) {
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

void LiveRoutes::add_routes(std::vector<Route>& routes) {
  const std::vector<Refusal> refusals{Refusal::BadParameter, Refusal::Busy};
  routes.push_back(
      {.method = "GET",
       .path = "/registrations",
       .scope = "registration:read",
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
       .scope = "registration:read",
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
                    .scope = "call:read",
                    .id = "list_calls",
                    .tag = "live",
                    .summary = {"Appels en cours", "Calls in progress"},
                    .parameters = search_parameters(),
                    .answers = {{200, {"Appels en cours", "Calls in progress"}, "CallPage"}},
                    .refusals = refusals,
                    .handler = [this](const ExchangePtr& e) { list<LiveCall>(e, &LiveView::calls); }});
  routes.push_back(
      {.method = "GET",
       .path = "/calls/{id}",
       .scope = "call:read",
       .id = "show_call",
       .tag = "live",
       .summary = {"Un appel en cours : ses branches et sa trace jusqu'ici",
                   "One call in progress: its legs and its trace so far"},
       .parameters =
           {{"id", "path", Value::object({{"type", "string"}}), {"Identifiant de l'appel", "The call's id"}}},
       .answers = {{200, {"L'appel", "The call"}, "CallDetail"}},
       .refusals = {Refusal::NotFound, Refusal::Busy},
       .handler = [this](const ExchangePtr& e) { show_call(e); }});
  routes.push_back({.method = "GET",
                    .path = "/lines/{id}/registration",
                    .scope = "registration:read",
                    .id = "explain_registration",
                    .tag = "live",
                    .summary = {"Pourquoi une ligne est, ou n'est pas, enregistrée, et que faire",
                                "Why a line is, or is not, registered, and what to do"},
                    .parameters = {{"id",
                                    "path",
                                    Value::object({{"type", "integer"}, {"minimum", 1}}),
                                    {"Numéro de la ligne", "The line's number"}}},
                    .answers = {{200, {"L'explication", "The explanation"}, "LineRegistration"}},
                    .refusals = {Refusal::NotFound},
                    .handler = [this](const ExchangePtr& e) { explain_line(e); }});
  routes.push_back(
      {.method = "DELETE",
       .path = "/calls/{id}",
       .scope = "call:hangup",
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

void LiveRoutes::show_call(const ExchangePtr& exchange) {
  live_.call(exchange->captured.at(0), [exchange, &workers = workers_](std::optional<LiveCallDetail> found) {
    if (!found) return exchange->refuse(Refusal::NotFound);
    auto shared = std::make_shared<const LiveCallDetail>(std::move(*found));
    const bool accepted = workers.submit([exchange, shared] {
      Value value = to_value(shared->call);
      value.set("config_revision", shared->config_revision);
      value.set("feature", shared->feature);
      value.set("trace", trace_value(shared->trace, exchange->language));
      exchange->json(200, value);
    });
    if (!accepted) exchange->refuse(Refusal::Busy);
  });
}

void LiveRoutes::explain_line(const ExchangePtr& exchange) {
  const auto id = text::parse_decimal<std::int64_t>(exchange->captured.at(0));
  const Value line = id ? model::object_value(*config_.current(), *model::find_kind("line"), *id) : Value();
  if (line.is_null()) return exchange->refuse(Refusal::NotFound);
  live_.line(*id, line.text_at("name"), [exchange, line](const LineState& state) {
    exchange->json(200, line_registration_value(line, state, exchange->language));
  });
}

void LiveRoutes::hang_up(const ExchangePtr& exchange) {
  live_.hang_up(exchange->captured.at(0), [exchange](bool found) {
    if (!found) return exchange->refuse(Refusal::NotFound);
    exchange->no_content();
  });
}

}  // namespace xivo::api
