#include "api/system_routes.hpp"

#include "api/openapi.hpp"
#include "api/parameters.hpp"
#include "model/json.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr std::int64_t kRevisionsMax = 200;

Value revision_value(const store::RevisionRecord& record) {
  auto difference = model::parse_json(record.difference);
  return Value::object({{"number", record.number},
                        {"at", time_text(record.wall)},
                        {"author", record.author},
                        {"message", record.message},
                        {"difference", difference ? std::move(*difference) : Value(Value::List{})}});
}

/// Runs on a worker.
void answer_revisions(const Exchange& exchange, store::ConfigStore& history, int limit, std::int64_t before) {
  const auto revisions = history.revisions(limit, before);
  if (!revisions) return exchange.refuse(storage_refusal(revisions.error(), exchange.language));
  Value::List items;
  for (const auto& record : *revisions) items.push_back(revision_value(record));
  const bool more = static_cast<int>(items.size()) == limit && revisions->back().number > 1;
  exchange.json(200, Value::object({{"items", std::move(items)},
                                    {"next", more ? Value(revisions->back().number) : Value()}}));
}

std::vector<ParameterSpec> revision_parameters() {
  return {
      query_parameter(
          "limit",
          Value::object({{"type", "integer"}, {"minimum", 1}, {"maximum", kRevisionsMax}, {"default", 50}}),
          {"Nombre d'éléments au plus", "How many items at most"}),
      query_parameter("before", Value::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}}),
                      {"Seulement les révisions antérieures à celle-ci ; 0 : les plus récentes",
                       "Only revisions before this one; 0: the newest"})};
}

}  // namespace

SystemRoutes::SystemRoutes(runtime::Loop& loop, runtime::WorkerPool& workers,
                           const model::ConfigSource& config, std::shared_ptr<store::ConfigStore> history,
                           std::string version)
    : loop_(loop),
      config_(config),
      history_(std::move(history)),
      version_(std::move(version)),
      started_(loop.clock().wall()),
      strand_(loop, workers, kWaitingMax) {}

void SystemRoutes::add_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/status",
                    .open = true,
                    .id = "show_status",
                    .tag = "system",
                    .summary = {"État du système", "State of the system"},
                    .answers = {{200, {"Le système répond", "The system answers"}, "Status"}},
                    .handler = [this](const ExchangePtr& exchange) { show_status(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/openapi.json",
                    .open = true,
                    .id = "show_openapi",
                    .tag = "system",
                    .summary = {"Ce document", "This document"},
                    .answers = {{200, {"OpenAPI 3.1", "OpenAPI 3.1"}, "OpenApi"}},
                    .handler = [this](const ExchangePtr& exchange) { show_document(exchange); }});
  routes.push_back({.method = "GET",
                    .path = "/config/revisions",
                    .id = "list_config_revisions",
                    .tag = "system",
                    .summary = {"Historique de la configuration, le plus récent d'abord",
                                "History of the configuration, newest first"},
                    .parameters = revision_parameters(),
                    .answers = {{200, {"Révisions", "Revisions"}, "RevisionPage"}},
                    .refusals = {Refusal::BadParameter, Refusal::Busy, Refusal::StorageFailed},
                    .handler = [this](const ExchangePtr& exchange) { list_revisions(exchange); }});
}

void SystemRoutes::publish(const std::vector<Route>& routes) {
  for (const auto language : {model::Language::French, model::Language::English}) {
    documents_[static_cast<std::size_t>(language)] =
        model::to_json(openapi_document(routes, version_, language));
  }
}

void SystemRoutes::show_status(const ExchangePtr& exchange) {
  exchange->json(200, Value::object({{"product", "XiVO"},
                                     {"version", version_},
                                     {"status", "ok"},
                                     {"started", time_text(started_)},
                                     {"now", time_text(loop_.clock().wall())},
                                     {"config_revision", config_.current()->revision()}}));
}

void SystemRoutes::show_document(const ExchangePtr& exchange) {
  exchange->json_text(200, documents_[static_cast<std::size_t>(exchange->language)]);
}

void SystemRoutes::list_revisions(const ExchangePtr& exchange) {
  Parameters parameters(*exchange);
  const int limit = static_cast<int>(parameters.integer("limit", {1, kRevisionsMax}, 50));
  const std::int64_t before = parameters.integer("before", {}, 0);
  if (!parameters.finish()) return;
  auto work = [exchange, limit, before, history = history_] {
    answer_revisions(*exchange, *history, limit, before);
  };
  if (!strand_.run(std::move(work))) exchange->refuse(Refusal::Busy);
}

}  // namespace xivo::api
