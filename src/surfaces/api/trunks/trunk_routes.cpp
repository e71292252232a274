#include "api/trunks/trunk_routes.hpp"

#include <algorithm>

#include "api/parameters.hpp"
#include "api/trunks/trunk_values.hpp"
#include "base/text.hpp"

namespace xivo::api {
namespace {

using model::Value;

const TrunkState* find(const std::vector<TrunkState>& all, std::int64_t id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const TrunkState& state) { return state.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const model::Trunk* trunk_of(const model::Config& config, const std::string& captured) {
  const auto id = text::parse_decimal<std::int64_t>(captured);
  return id ? config.find(model::TrunkId{*id}) : nullptr;
}

std::vector<ParameterSpec> id_parameter() {
  return {{"id",
           "path",
           Value::object({{"type", "integer"}, {"minimum", 1}}),
           {"Numéro du trunk", "The trunk's number"}}};
}

}  // namespace

void TrunkRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/trunks/states",
                    .scope = "trunk:read",
                    .id = "list_trunk_states",
                    .tag = "live",
                    .summary = {"État de tous les trunks", "State of all trunks"},
                    .parameters = page_parameters(),
                    .answers = {{200,
                                 {"États, dans l'ordre des trunks", "States, in the order of the trunks"},
                                 "TrunkStatePage"}},
                    .refusals = {Refusal::BadParameter},
                    .handler = [this](const ExchangePtr& e) { list(e); }});
  routes.push_back({.method = "GET",
                    .path = "/trunks/{id}/state",
                    .scope = "trunk:read",
                    .id = "show_trunk_state",
                    .tag = "live",
                    .summary = {"État d'un trunk : enregistrement, appels, derniers échecs",
                                "State of a trunk: registration, calls, last failures"},
                    .parameters = id_parameter(),
                    .answers = {{200, {"L'état", "The state"}, "TrunkState"}},
                    .refusals = {Refusal::NotFound},
                    .handler = [this](const ExchangePtr& e) { show(e); }});
  routes.push_back({.method = "POST",
                    .path = "/trunks/{id}/register",
                    .scope = "trunk:write",
                    .id = "register_trunk",
                    .tag = "live",
                    .summary = {"Enregistrer un trunk tout de suite", "Register a trunk at once"},
                    .parameters = id_parameter(),
                    .answers = {{204, {"Demandé", "Asked for"}, ""}},
                    .refusals = {Refusal::NotFound},
                    .handler = [this](const ExchangePtr& e) { retry(e); }});
  routes.push_back(
      {.method = "GET",
       .path = "/trunk-templates",
       .scope = "trunk:read",
       .id = "list_trunk_templates",
       .tag = "live",
       .summary = {"Modèles d'opérateurs", "Templates of operators"},
       .answers = {{200, {"Les modèles", "The templates"}, "TrunkTemplatePage"}},
       .refusals = {},
       .handler = [](const ExchangePtr& e) { e->json(200, trunk_templates_value(e->language)); }});
}

void TrunkRoutes::list(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const Page page = Page::read(parameters);
  if (!parameters.finish()) return;
  live_.trunks([exchange, page, config = config_.current()](const std::vector<TrunkState>& states) {
    Value::List items;
    std::int64_t total = 0;
    for (const auto& [id, trunk] : config->objects<model::Trunk>()) {
      const bool wanted = total >= page.offset && total < page.offset + page.limit;
      if (wanted) items.push_back(trunk_state_value(*trunk, find(states, id), exchange->language));
      ++total;
    }
    exchange->json(200, page_value(std::move(items), total));
  });
}

void TrunkRoutes::show(const ExchangePtr& exchange) {
  const auto config = config_.current();
  if (trunk_of(*config, exchange->captured.at(0)) == nullptr) return exchange->refuse(Refusal::NotFound);
  live_.trunks([exchange, config](const std::vector<TrunkState>& states) {
    const auto* trunk = trunk_of(*config, exchange->captured.at(0));
    exchange->json(200, trunk_state_value(*trunk, find(states, trunk->id.value), exchange->language));
  });
}

void TrunkRoutes::retry(const ExchangePtr& exchange) {
  const auto config = config_.current();
  const auto* trunk = trunk_of(*config, exchange->captured.at(0));
  if (trunk == nullptr || !trunk->enabled || !trunk->registers) return exchange->refuse(Refusal::NotFound);
  live_.register_trunk(trunk->id.value, [exchange](bool found) {
    if (!found) return exchange->refuse(Refusal::NotFound);
    exchange->no_content();
  });
}

}  // namespace xivo::api
