#pragma once

#include <vector>

#include "api/planning/sent_invite.hpp"
#include "api/route.hpp"
#include "model/config.hpp"
#include "runtime/loop.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_writer.hpp"

namespace xivo::api {

/// The plan as a whole: what is wrong with it, what would become of a call, which scenarios pass, what would be lost with an object.
/// Thread  the web loop; the work is done on a worker.
class PlanningRoutes {
 public:
  struct Parts {
    runtime::Loop& loop;
    const model::ConfigSource& config;
    const store::ConfigWriter& writer;
    runtime::WorkerPool& workers;
    InvitePreview preview;  // may be empty
  };
  explicit PlanningRoutes(const Parts& parts) : parts_(parts) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void findings(const ExchangePtr& exchange);
  void simulate(const ExchangePtr& exchange);
  void run_scenarios(const ExchangePtr& exchange);
  void tell_impact(const ExchangePtr& exchange);
  [[nodiscard]] std::chrono::sys_seconds now() const;
  void work(const ExchangePtr& exchange, std::function<void()> job);

  const Parts parts_;
};

}  // namespace xivo::api
