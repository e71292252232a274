#pragma once

#include <vector>

#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// The plan as a whole: what is wrong with it, and what would become of a call.
/// Thread  the web loop; the work is done on a worker.
class PlanningRoutes {
 public:
  PlanningRoutes(runtime::Loop& loop, const model::ConfigSource& config, runtime::WorkerPool& workers)
      : loop_(loop), config_(config), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  runtime::Loop& loop_;
  void findings(const ExchangePtr& exchange);
  void simulate(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  runtime::WorkerPool& workers_;
};

}  // namespace xivo::api
