#include "api/configuration/transaction_routes.hpp"

#include "api/configuration/transaction_body.hpp"
#include "api/parameters.hpp"

namespace xivo::api {
namespace {

using model::Value;

/// Runs on a worker.
void read_and_run(const ExchangePtr& exchange, bool dry_run, ChangeDesk& desk) {
  const auto body = exchange->json_body(kTransactionLimits);
  if (!body) return;
  auto wish = read_transaction(*exchange, *body);
  if (!wish) return;
  wish->dry_run |= dry_run;
  desk.run(exchange, std::move(*wish), [exchange](const store::Reviewed& applied) {
    exchange->json(200, transaction_value(applied, false, exchange->language));
  });
}

}  // namespace

ParameterSpec dry_run_parameter() {
  return query_parameter("dry_run", Value::object({{"type", "boolean"}, {"default", false}}),
                         {"Seulement essayer : la réponse dit ce qui changerait, comme POST /transaction",
                          "Only try: the answer tells what would change, as POST /transaction does"});
}

ParameterSpec force_parameter() {
  return query_parameter("force", Value::object({{"type", "boolean"}, {"default", false}}),
                         {"Malgré les scénarios qui la retiennent ; il faut alors un motif",
                          "In spite of the scenarios that hold it back; a reason is needed then"});
}

bool read_force(Parameters& parameters) { return parameters.choice("force", {"false", "true"}) == "true"; }

bool read_dry_run(Parameters& parameters) {
  return parameters.choice("dry_run", {"false", "true"}) == "true";
}

void TransactionRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back(
      {.method = "POST",
       .path = "/transaction",
       .id = "apply_transaction",
       .tag = "configuration",
       .summary = {"Faire plusieurs modifications ensemble, ou aucune",
                   "Make several changes together, or none of them"},
       .parameters = {dry_run_parameter()},
       .body = "Transaction",
       .answers = {{200, {"Ce qui a changé, ou changerait", "What changed, or would"}, "TransactionResult"}},
       .refusals = {Refusal::Malformed, Refusal::NotFound, Refusal::Conflict, Refusal::WrongMediaType,
                    Refusal::Invalid, Refusal::Busy, Refusal::StorageFailed},
       .handler = [this](const ExchangePtr& exchange) { apply(exchange); }});
}

void TransactionRoutes::apply(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const bool dry_run = read_dry_run(parameters);
  if (!parameters.finish()) return;
  auto work = [exchange, dry_run, desk = desk_] { read_and_run(exchange, dry_run, *desk); };
  if (!workers_.submit(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
