#pragma once

#include <functional>
#include <optional>

#include "model/transaction.hpp"
#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_store.hpp"

namespace xivo::store {

/// Why a transaction did not become the configuration: what is wrong with it, or the disk's error.
struct Refusal {
  model::Problems problems;
  std::optional<Error> storage;
};

/// The one way to change the configuration of a running system: validate, make durable, publish; one transaction at a
/// time, each seeing the one before.
/// Thread  submit() and write() any; the work is done in a thread of its own.
class ConfigWriter {
 public:
  using Outcome = Result<model::Applied, Refusal>;
  using OnDone = std::function<void(Outcome)>;

  ConfigWriter(model::ConfigSource& source, ConfigStore& store, const runtime::Clock& clock)
      : source_(source), store_(store), clock_(clock) {}

  /// Calls `on_done` in the writer's thread; the configuration is published by then. Never blocks.
  /// Returns false, and does nothing, when too many are waiting.
  bool submit(model::Transaction transaction, OnDone on_done);
  /// The same, waiting for the outcome. Not for a loop's thread.
  Outcome write(model::Transaction transaction);
  /// `told` hears of each revision, in the writer's thread, once it is published. Set while nothing is being written.
  void on_published(std::function<void(const model::Applied&)> told) { told_ = std::move(told); }
  /// Validates against the configuration of now and changes nothing.
  [[nodiscard]] Result<model::Applied, model::Problems> dry_run(const model::Transaction& transaction) const;

 private:
  Outcome run(const model::Transaction& transaction);

  model::ConfigSource& source_;
  ConfigStore& store_;
  const runtime::Clock& clock_;
  runtime::SystemRng rng_;
  std::function<void(const model::Applied&)> told_;
  runtime::WorkerPool worker_{1};
};

}  // namespace xivo::store
