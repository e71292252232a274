#pragma once

#include <vector>

#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/worker_pool.hpp"

namespace xivo::api {

/// What a schedule does now, at another moment, and day by day.
/// Thread  the web loop; calendars are made by a worker.
class ScheduleRoutes {
 public:
  static constexpr std::int64_t kDaysMax = 366;
  static constexpr std::int64_t kDaysDefault = 42;

  ScheduleRoutes(const model::ConfigSource& config, runtime::WorkerPool& workers)
      : config_(config), workers_(workers) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void state(const ExchangePtr& exchange);
  void calendar(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  runtime::WorkerPool& workers_;
};

}  // namespace xivo::api
