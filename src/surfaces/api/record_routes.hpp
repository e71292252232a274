#pragma once

#include <memory>
#include <vector>

#include "api/route.hpp"
#include "api/strand.hpp"
#include "store/call_record_store.hpp"

namespace xivo::api {

/// Calls that are over: a filtered list, and one call with its legs and its trace.
/// Thread  the web loop; the database is read on a worker.
class RecordRoutes {
 public:
  static constexpr std::size_t kWaitingMax = 64;

  RecordRoutes(runtime::Loop& loop, runtime::WorkerPool& workers,
               std::shared_ptr<store::CallRecordReader> records)
      : records_(std::move(records)), strand_(loop, workers, kWaitingMax) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void show(const ExchangePtr& exchange);

  std::shared_ptr<store::CallRecordReader> records_;
  Strand strand_;
};

}  // namespace xivo::api
