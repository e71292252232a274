#pragma once

#include <functional>
#include <memory>

#include "api/configuration/history.hpp"
#include "model/transaction.hpp"
#include "runtime/worker_pool.hpp"
#include "store/config_writer.hpp"

namespace xivo::api {

/// The way of every write of the configuration: tried or made, and what came of it in words. Who is refused because
/// somebody else was faster is shown what that was.
/// Thread  any. Workers and writer outlive it.
class ChangeDesk {
 public:
  ChangeDesk(const model::ConfigSource& config, store::ConfigWriter& writer, runtime::WorkerPool& workers,
             std::shared_ptr<History> history)
      : config_(config), writer_(writer), workers_(workers), history_(std::move(history)) {}

  struct Wish {
    model::Transaction transaction{};
    bool dry_run = false;
    bool force = false;  // whatever scenarios hold it back; the transaction's message says why
    bool if_match = false;  // the client named what it had seen in a header: 412 instead of 409
    /// Adds to the answer of a dry run, and to the document of a refusal. Run in any thread.
    std::function<void(const store::Reviewed& applied, model::Value& answer)> complete{};
    std::function<void(ProblemDocument& document)> word{};
  };
  /// Answers what was accepted and made. Runs in the writer's thread.
  using OnMade = std::function<void(const store::Reviewed& applied)>;

  /// Makes the change in the name of who asks and with his rights. Dry runs and refusals are answered here; `made`
  /// answers the rest.
  void run(const ExchangePtr& exchange, Wish wish, OnMade made);
  [[nodiscard]] const model::review::Reviewer& reviewer() const { return writer_.reviewer(); }

 private:
  const model::ConfigSource& config_;
  store::ConfigWriter& writer_;
  runtime::WorkerPool& workers_;
  std::shared_ptr<History> history_;
};

/// The answer of POST /transaction and of each dry run: {revision, dry_run, ids, changes, difference, findings,
/// broken_scenarios}; the last two: what the change does to the plan.
model::Value transaction_value(const store::Reviewed& applied, bool dry_run, model::Language language);

}  // namespace xivo::api
