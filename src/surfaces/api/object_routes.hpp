#pragma once

#include <memory>
#include <vector>

#include "api/configuration/change_desk.hpp"
#include "api/configuration/history.hpp"
#include "api/route.hpp"
#include "model/config.hpp"
#include "model/schema.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// List, create, show, replace, change and delete for each declared kind, all made from its schema. A write is validated,
/// made durable and published by the ConfigWriter before it is answered.
/// Thread  the web loop.
class ObjectRoutes {
 public:
  ObjectRoutes(const model::ConfigSource& config, std::shared_ptr<ChangeDesk> desk,
               std::shared_ptr<History> history, runtime::WorkerPool& workers)
      : config_(config), desk_(std::move(desk)), history_(std::move(history)), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void add_collection_routes(std::vector<Route>& routes, const model::KindSchema& kind);
  void add_object_routes(std::vector<Route>& routes, const model::KindSchema& kind);
  void list(const ExchangePtr& exchange, const model::KindSchema& kind);
  void show(const ExchangePtr& exchange, const model::KindSchema& kind);
  void create(const ExchangePtr& exchange, const model::KindSchema& kind);
  void update(const ExchangePtr& exchange, const model::KindSchema& kind, bool replace);
  void remove(const ExchangePtr& exchange, const model::KindSchema& kind);
  void write(const ExchangePtr& exchange, const model::KindSchema& kind, std::vector<model::Change> changes);

  const model::ConfigSource& config_;
  std::shared_ptr<ChangeDesk> desk_;
  std::shared_ptr<History> history_;
  runtime::WorkerPool& workers_;
};

/// The schema's name of a kind in the OpenAPI document: "User".
std::string component_name(const model::KindSchema& kind);

}  // namespace xivo::api
