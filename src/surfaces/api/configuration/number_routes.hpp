#pragma once

#include <vector>

#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// GET /contexts/{id}/numbers: which numbers of a context's ranges are taken and which are free.
/// Thread  the web loop; the work is a worker's.
class NumberRoutes {
 public:
  NumberRoutes(const model::ConfigSource& config, runtime::WorkerPool& workers)
      : config_(config), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void show(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  runtime::WorkerPool& workers_;
};

/// {ranges: [{start, end, size, used}], used: [{exten, extension, kind, id, name}], free: [{start, end}], next}
/// Shape   `use`: user, group, ivr, queue, conference_room or incall: whose ranges; `used` lists every number of the context
model::Value numbers_of(const model::Config& config, const model::Context& context, std::string_view use);

}  // namespace xivo::api
