#include "api/system_routes.hpp"

#include "api/openapi.hpp"
#include "model/json.hpp"

namespace xivo::api {

using model::Value;

SystemRoutes::SystemRoutes(runtime::Loop& loop, const model::ConfigSource& config, std::string version)
    : loop_(loop), config_(config), version_(std::move(version)), started_(loop.clock().wall()) {}

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

}  // namespace xivo::api
