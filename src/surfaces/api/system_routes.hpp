#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "api/strand.hpp"
#include "model/config.hpp"
#include "store/config_store.hpp"

namespace xivo::api {

/// The system about itself: its state, its OpenAPI document, the history of its configuration.
/// Thread  the web loop.
class SystemRoutes {
 public:
  static constexpr std::size_t kWaitingMax = 64;

  SystemRoutes(runtime::Loop& loop, runtime::WorkerPool& workers, const model::ConfigSource& config,
               std::shared_ptr<store::ConfigStore> history, std::string version);
  void add_routes(std::vector<Route>& routes);
  /// Makes the document out of all routes, once they are known.
  void publish(const std::vector<Route>& routes);

 private:
  void show_status(const ExchangePtr& exchange);
  void show_document(const ExchangePtr& exchange);
  void list_revisions(const ExchangePtr& exchange);

  runtime::Loop& loop_;
  const model::ConfigSource& config_;
  std::shared_ptr<store::ConfigStore> history_;
  const std::string version_;
  const runtime::WallTime started_;
  std::array<std::string, 2> documents_;  // by Language
  Strand strand_;
};

}  // namespace xivo::api
