#include "api/planning/planning_routes.hpp"

#include <chrono>

#include "api/parameters.hpp"
#include "api/planning/review_values.hpp"
#include "api/planning/run_body.hpp"
#include "api/planning/simulation_body.hpp"
#include "model/impact/impact.hpp"
#include "model/schema.hpp"

namespace xivo::api {

using model::Value;

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
  routes.push_back(
      {.method = "POST",
       .path = "/scenarios/runs",
       .scope = "scenario:read",
       .id = "run_scenarios",
       .tag = "scenarios",
       .summary = {"Jouer les scénarios, sur le plan actuel ou tel qu'il serait après des modifications",
                   "Run the scenarios, on the plan of now or as it would be after changes"},
       .body = "ScenarioRunWish",
       .answers = {{200, {"Lesquels passent", "Which of them pass"}, "ScenarioRuns"}},
       .refusals = {Refusal::Malformed, Refusal::WrongMediaType, Refusal::Invalid, Refusal::NotFound,
                    Refusal::Conflict, Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { run_scenarios(exchange); }});
  routes.push_back(
      {.method = "GET",
       .path = "/configuration/impact",
       .scope = "context:read",
       .id = "show_impact",
       .tag = "configuration",
       .summary = {"Ce qui ne serait plus joignable sans un objet",
                   "What could no longer be reached without an object"},
       .parameters = {query_parameter(
                          "kind", Value::object({{"type", "string"}, {"maxLength", Parameters::kTextMax}}),
                          {"Genre de l'objet", "The object's kind"}),
                      query_parameter("id", Value::object({{"type", "integer"}, {"minimum", 1}}),
                                      {"Numéro de l'objet", "The object's number"})},
       .answers = {{200, {"Ce qui serait perdu", "What would be lost"}, "Impact"}},
       .refusals = {Refusal::BadParameter, Refusal::NotFound, Refusal::Busy},
       .handler = [this](const ExchangePtr& exchange) { tell_impact(exchange); }});
}

std::chrono::sys_seconds PlanningRoutes::now() const {
  return std::chrono::floor<std::chrono::seconds>(parts_.loop.clock().wall());
}

void PlanningRoutes::work(const ExchangePtr& exchange, std::function<void()> job) {
  if (!parts_.workers.submit(std::move(job))) exchange->refuse(Refusal::Busy);
}

void PlanningRoutes::findings(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  work(exchange, [exchange, config = parts_.config.current(), &reviewer = parts_.writer.reviewer()] {
    exchange->json(
        200, Value::object({{"revision", config->revision()},
                            {"items", findings_value(*reviewer.findings(config), exchange->language)}}));
  });
}

void PlanningRoutes::simulate(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  const auto body = exchange->json_body();
  if (!body) return;
  work(exchange,
       [exchange, now = now(), config = parts_.config.current(), body = *body, &preview = parts_.preview] {
         const auto question = read_question(*exchange, *config, body, now);
         if (!question) return;
         const auto result = model::simulation::simulate(*config, question->request, question->assumed);
         exchange->json(200, simulation_value(*config, result, exchange->language, preview));
       });
}

void PlanningRoutes::run_scenarios(const ExchangePtr& exchange) {
  if (!Parameters(*exchange).finish()) return;
  const auto body = exchange->json_body(kTransactionLimits);
  if (!body) return;
  work(exchange, [exchange, now = now(), config = parts_.config.current(), body = *body,
                  &writer = parts_.writer] {
    const auto wish = read_run_wish(*exchange, body);
    if (!wish) return;
    model::ConfigSnapshot plan = config;
    if (!wish->transaction.changes.empty()) {
      const auto tried = writer.dry_run(wish->transaction);
      if (!tried) return exchange->refuse(refusal_of(tried.error(), exchange->language, false));
      plan = tried->config;
    }
    const auto runs = model::scenario::run_all(*plan, wish->scenarios, now);
    exchange->json(200, runs_answer(*plan, runs, !wish->transaction.changes.empty(), exchange->language));
  });
}

void PlanningRoutes::tell_impact(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const auto kind_name = parameters.text("kind").value_or("");
  const auto id = parameters.integer("id", {.min = 1}, 0);
  if (!parameters.finish()) return;
  const model::KindSchema* kind = model::find_kind(kind_name);
  const auto config = parts_.config.current();
  if (kind == nullptr || model::table_of(*config, *kind).find(id) == nullptr)
    return exchange->refuse(Refusal::NotFound);
  const std::string read = std::string(kind->name()) + ":read";
  if (!exchange->who.rights.allows(read)) return exchange->refuse(forbidden(read, exchange->language));
  work(exchange, [exchange, now = now(), config, kind, id, &reviewer = parts_.writer.reviewer()] {
    exchange->json(200, impact_value(model::impact::impact_of(config, *kind, id, reviewer, now), *config,
                                     exchange->language));
  });
}

}  // namespace xivo::api
