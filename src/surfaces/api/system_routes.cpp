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

void SystemRoutes::show_status(const ExchangePtr& exchange) {
  exchange->json(200, Value::object({{"product", "XiVO"},
                                     {"version", version_},
                                     {"status", "ok"},
                                     {"started", time_text(started_)},
                                     {"now", time_text(loop_.clock().wall())},
                                     {"config_revision", config_.current()->revision()}}));
}

void SystemRoutes::show_document(const ExchangePtr& exchange) {
  std::string& document = documents_[static_cast<std::size_t>(exchange->language)];
  if (document.empty()) document = model::to_json(openapi_document(*routes_, version_, exchange->language));
  exchange->json_text(200, document);
}

}  // namespace xivo::api
