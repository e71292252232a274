#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "model/checker/finding.hpp"
#include "model/config.hpp"
#include "model/problem.hpp"
#include "model/scenario/run.hpp"
#include "model/transaction.hpp"

/// What a change does to the plan as a whole.
namespace xivo::model::review {

struct Outcome {
  std::vector<checker::Finding> findings;  // that the change introduces, the worst first
  std::vector<scenario::Run> broken_scenarios;  // that passed before
};

/// Looks at changes, and remembers the findings of the configurations it saw last: of two that follow each other only the second
/// is looked through, by those checks only that read a table that changed.
/// Thread  any.
class Reviewer {
 public:
  [[nodiscard]] Outcome review(const ConfigSnapshot& before, const ConfigSnapshot& after,
                               std::chrono::sys_seconds now) const;
  [[nodiscard]] std::shared_ptr<const std::vector<checker::Finding>> findings(
      const ConfigSnapshot& config) const;
  /// A configuration that changes will be compared with from now on.
  void adopt(const ConfigSnapshot& config) const;

 private:
  struct Kept {
    ConfigSnapshot config;
    std::shared_ptr<const std::vector<checker::Finding>> findings;
  };
  mutable std::shared_ptr<const Kept> base_;  // by atomic_load and atomic_store
  mutable std::shared_ptr<const Kept> tried_;
};

/// Why a change that does this is not made; empty: it is. One problem for each finding that blocks, and each scenario that holds; it
/// names the change that touched one of the finding's sides.
/// Shape   ids: Applied::ids of the transaction
Problems refused(const Outcome& outcome, const Transaction& transaction,
                 std::span<const std::int64_t> ids = {});

}  // namespace xivo::model::review
