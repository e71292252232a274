#pragma once

#include <functional>
#include <optional>

#include "model/review/review.hpp"
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
  model::review::Outcome review{};  // what it would have done to the plan, when that is the reason
};

/// A transaction that was accepted, and what it does to the plan.
struct Reviewed : model::Applied {
  model::review::Outcome review;
};

/// The one way to change the configuration of a running system: validate, review, make durable, publish; one transaction at a
/// time, each seeing the one before. The first of all is not reviewed: there is nothing yet that it could harm.
/// Thread  submit() and write() any; the work is done in a thread of its own.
class ConfigWriter {
 public:
  using Outcome = Result<Reviewed, Refusal>;
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
  /// Validates against the configuration of now and changes nothing. What it would do to the plan is told and refuses nothing.
  [[nodiscard]] Result<Reviewed, model::Problems> dry_run(const model::Transaction& transaction) const;
  /// What is wrong with the plan of now.
  [[nodiscard]] const model::review::Reviewer& reviewer() const { return reviewer_; }

 private:
  Outcome run(const model::Transaction& transaction);
  Outcome save(Reviewed made);
  [[nodiscard]] Reviewed reviewed(model::Applied applied, const model::ConfigSnapshot& before) const;

  model::ConfigSource& source_;
  ConfigStore& store_;
  const runtime::Clock& clock_;
  runtime::SystemRng rng_;
  model::review::Reviewer reviewer_;
  std::function<void(const model::Applied&)> told_;
  runtime::WorkerPool worker_{1};
};

}  // namespace xivo::store
