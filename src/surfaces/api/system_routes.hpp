#pragma once

#include <array>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/loop.hpp"

namespace xivo::api {

/// The system about itself: its state and its OpenAPI document.
/// Thread  the web loop.
class SystemRoutes {
 public:
  SystemRoutes(runtime::Loop& loop, const model::ConfigSource& config, std::string version);
  void add_routes(std::vector<Route>& routes);
  /// All routes, once they are known; they stay where they are. The document is made of them when it is first asked for.
  void describe(const std::vector<Route>& routes) { routes_ = &routes; }

 private:
  void show_status(const ExchangePtr& exchange);
  void show_document(const ExchangePtr& exchange);

  runtime::Loop& loop_;
  const model::ConfigSource& config_;
  const std::string version_;
  const runtime::WallTime started_;
  const std::vector<Route>* routes_ = nullptr;
  std::array<std::string, 2> documents_;  // by Language; empty: nobody has asked yet
};

}  // namespace xivo::api
