#include "model/review/review.hpp"

#include <algorithm>
#include <array>

#include "model/schema.hpp"

namespace xivo::model::review {
namespace {

/// Whether no table differs that a call or a finding could depend on.
bool same_plan(const Config& before, const Config& after) {
  constexpr std::array<std::string_view, 4> kApart{"role", "account", "scenario", "tenant"};
  for (const KindSchema* kind : kinds()) {
    const bool apart = std::find(kApart.begin(), kApart.end(), kind->name()) != kApart.end();
    if (!apart && before.table(kind->slot()) != after.table(kind->slot())) return false;
  }
  return true;
}

Problem problem_of(const checker::Finding& finding) {
  Problem problem;
  problem.rule = Problem::Rule::PlanConflict;
  problem.facts = {{"finding", std::string(finding.code)},
                   {"french", finding.sentence.french},
                   {"english", finding.sentence.english}};
  if (finding.sides.empty()) return problem;
  problem.kind = finding.sides[0].kind;
  problem.id = finding.sides[0].id;
  problem.name = finding.sides[0].label;
  if (finding.sides.size() > 1)
    problem.other = {std::string(finding.sides[1].kind), finding.sides[1].id, finding.sides[1].label};
  return problem;
}

/// The first change that touched a side of the finding; the first of all when none did.
std::size_t change_of(const checker::Finding& finding, const Transaction& transaction,
                      std::span<const std::int64_t> ids) {
  for (const checker::Side& side : finding.sides) {
    for (std::size_t at = 0; at < std::min(ids.size(), transaction.changes.size()); ++at) {
      const KindSchema* kind = find_kind(transaction.changes[at].kind);
      if (kind != nullptr && kind->name() == side.kind && ids[at] == side.id) return at;
    }
  }
  return 0;
}

Problem problem_of(const scenario::Run& run) {
  Problem problem;
  problem.rule = Problem::Rule::ScenarioBroken;
  problem.kind = "scenario";
  problem.id = run.scenario.value;
  problem.name = run.name;
  problem.facts = {{"french", run.expected.french + " ; " + run.happened.french},
                   {"english", run.expected.english + "; " + run.happened.english}};
  return problem;
}

}  // namespace

Problems refused(const Outcome& outcome, const Transaction& transaction, std::span<const std::int64_t> ids) {
  Problems problems;
  if (transaction.review == Review::None) return problems;
  for (const checker::Finding& finding : outcome.findings) {
    if (finding.severity != checker::Severity::Block) continue;
    problems.push_back(problem_of(finding));
    problems.back().change = change_of(finding, transaction, ids);
  }
  const bool forced = transaction.review == Review::BreaksScenarios && !transaction.message.empty();
  for (const scenario::Run& run : outcome.broken_scenarios) {
    if (run.hold && !forced) problems.push_back(problem_of(run));
  }
  return problems;
}

std::shared_ptr<const std::vector<checker::Finding>> Reviewer::findings(const ConfigSnapshot& config) const {
  for (const auto* place : {&base_, &tried_}) {
    const auto kept = std::atomic_load(place);
    if (kept && kept->config == config) return kept->findings;
  }
  const auto kept = std::atomic_load(&base_);
  auto found = std::make_shared<const std::vector<checker::Finding>>(
      kept ? checker::findings(*config, *kept->config, *kept->findings) : checker::findings(*config));
  std::atomic_store(&tried_, std::make_shared<const Kept>(Kept{config, found}));
  return found;
}

void Reviewer::adopt(const ConfigSnapshot& config) const {
  auto kept = std::atomic_load(&tried_);
  if (!kept || kept->config != config) kept = std::make_shared<const Kept>(Kept{config, findings(config)});
  std::atomic_store(&base_, std::move(kept));
}

Outcome Reviewer::review(const ConfigSnapshot& before, const ConfigSnapshot& after,
                         std::chrono::sys_seconds now) const {
  if (before == after || same_plan(*before, *after)) return {};
  const auto known = findings(before);
  adopt(before);
  return {checker::introduced(*before, *known, *after, *findings(after)),
          scenario::broken(*before, *after, now)};
}

}  // namespace xivo::model::review
