#pragma once

#include <memory>
#include <vector>

#include "api/route.hpp"
#include "api/strand.hpp"
#include "model/config.hpp"
#include "store/call_record_store.hpp"

namespace xivo::api {

/// Calls that are over: a filtered list, the same as a table for spreadsheets, and one call with its legs and its trace.
/// Thread  the web loop; the database is read on a worker.
class RecordRoutes {
 public:
  static constexpr std::size_t kWaitingMax = 64;
  static constexpr int kExportMax = 100'000;  // rows of one table

  RecordRoutes(runtime::Loop& loop, runtime::WorkerPool& workers, const model::ConfigSource& config,
               std::shared_ptr<store::CallRecordReader> records)
      : config_(config), records_(std::move(records)), strand_(loop, workers, kWaitingMax) {}
  void add_routes(std::vector<Route>& routes);

 private:
  void list(const ExchangePtr& exchange);
  void show(const ExchangePtr& exchange);
  void export_csv(const ExchangePtr& exchange);

  const model::ConfigSource& config_;
  std::shared_ptr<store::CallRecordReader> records_;
  Strand strand_;
};

/// The stored trace made ready to be drawn as a ladder: the participants in the order in which they turn up, and what
/// happened, oldest first, each with whom it concerns, decisions in words.
/// Shape   stored: {dropped, entries: [{t, kind, who, text}]}, see app/record_adapter
model::Value trace_value(const std::string& stored, model::Language language);

}  // namespace xivo::api
