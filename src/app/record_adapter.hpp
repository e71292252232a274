#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call/record.hpp"
#include "call/toll_meter.hpp"
#include "endpoint/defence/ban_list.hpp"
#include "endpoint/registrar.hpp"
#include "store/ban_store.hpp"
#include "store/batch_writer.hpp"
#include "store/binding_store.hpp"
#include "store/call_record.hpp"
#include "store/toll_block_store.hpp"

/// From the engine's values to the store's rows and back.
namespace xivo::app {

using TollPayer = call::TollMeter::Payer;
using TollBlock = call::TollMeter::Block;

store::CallRecord to_row(const call::CallRecord& record);
store::BindingRow to_row(const endpoint::Binding& binding);
/// Nothing when the row's flow cannot be read.
std::optional<endpoint::Binding> to_binding(const store::BindingRow& row);
store::BanRow to_row(const endpoint::Ban& ban);
/// Nothing when the row cannot be read.
std::optional<endpoint::Ban> to_ban(const store::BanRow& row);
store::TollBlockRow to_row(TollPayer who, const TollBlock& block);
/// Nothing when the row cannot be read.
std::optional<std::pair<TollPayer, TollBlock>> to_toll_block(const store::TollBlockRow& row);
/// A trace as it is kept: a JSON list of {t, kind, who, text}.
std::string trace_json(const TraceRing& trace);

/// Queues finished calls for the database.
class StoredRecords final : public call::RecordSink {
 public:
  explicit StoredRecords(store::BatchWriter& writer) : writer_(writer) {}
  void on_record(call::CallRecord record) override;

 private:
  store::BatchWriter& writer_;
};

/// Queues registrations for the database.
class StoredBindings final : public endpoint::BindingStorage {
 public:
  explicit StoredBindings(store::BatchWriter& writer) : store_(writer) {}
  void save(const endpoint::Binding& binding) override;
  void remove(model::SipLineId line, const std::string& key) override;

 private:
  store::BindingStore store_;
};

/// Queues bans for the database.
class StoredBans final : public endpoint::BanStorage {
 public:
  explicit StoredBans(store::BatchWriter& writer) : store_(writer) {}
  void save(const endpoint::Ban& ban) override;
  void remove(std::int64_t id) override;

 private:
  store::BanStore store_;
};

/// Queues whom the toll-fraud guards block and release for the database.
class StoredTollBlocks final : public call::TollMeter::Storage {
 public:
  explicit StoredTollBlocks(store::BatchWriter& writer) : store_(writer) {}
  void save(TollPayer who, const TollBlock& block) override;
  void remove(TollPayer who) override;

  /// Blocks again who was blocked when the last run ended; who is no longer configured is forgotten.
  void restore(const std::vector<store::TollBlockRow>& rows, const model::Config& config,
               call::TollMeter& meter);

 private:
  store::TollBlockStore store_;
};

}  // namespace xivo::app
