#include "api/planning/planning_routes.hpp"

#include <chrono>

#include "api/parameters.hpp"
#include "api/planning/review_values.hpp"
#include "api/planning/simulation_body.hpp"

namespace xivo::api {

using model::Value;
namespace checker = model::checker;

void PlanningRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "GET",
       .path = "/configuration/findings",
       .scope = "context:read",
       .id = "list_findings",
       .tag = "configuration",
       .summary = {"Ce qui ne va pas dans le plan de numérotation, et comment le corriger",
                   "What is wrong with the numbering plan, and how to cure it"},
       .answers = {{200, {"Constats, les plus graves d'abord", "Findings, the worst first"}, "Findings"}},
       .refusals = {Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { findings(exchange); }});
  routes.push_back(
      {.method = "POST",
       .path = "/routing/simulations",
       .scope = "context:read",
       .id = "simulate_call",
       .tag = "configuration",
       .summary = {"Où irait un appel, sans le passer", "Where a call would go, without placing it"},
       .body = "SimulationQuestion",
       .answers = {{200, {"Le chemin et ses raisons", "The path and its reasons"}, "Simulation"}},
       .refusals = {Refusal::Malformed, Refusal::WrongMediaType, Refusal::Invalid, Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { simulate(exchange); }});
}

void PlanningRoutes::findings(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  auto work = [exchange, config = config_.current()] {
    exchange->json(
        200, Value::object({{"revision", config->revision()},
                            {"items", findings_value(checker::findings(*config), exchange->language)}}));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

void PlanningRoutes::simulate(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  const auto body = exchange->json_body();
  if (!body) return;
  const auto now = std::chrono::floor<std::chrono::seconds>(loop_.clock().wall());
  auto work = [exchange, now, config = config_.current(), body = *body] {
    const auto question = read_question(*exchange, *config, body, now);
    if (!question) return;
    const auto result = model::simulation::simulate(*config, question->request, question->assumed);
    exchange->json(200, simulation_value(*config, result, exchange->language));
  };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
