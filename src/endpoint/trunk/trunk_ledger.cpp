#include "endpoint/trunk/trunk_ledger.hpp"

#include <algorithm>

namespace xivo::endpoint {
namespace {

/// People who do not answer are no fault of the operator's.
bool is_failure(call::Cause cause) {
  switch (cause) {
    case call::Cause::NormalClearing:
    case call::Cause::UserBusy:
    case call::Cause::NoAnswer:
    case call::Cause::AnsweredElsewhere: return false;
    default: return true;
  }
}

}  // namespace

void TrunkCounts::add(const TrunkCounts& other) {
  in_calls += other.in_calls;
  in_answered += other.in_answered;
  out_calls += other.out_calls;
  out_answered += other.out_answered;
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  std::sort(failures.begin(), failures.end(),
            [](const TrunkFailure& a, const TrunkFailure& b) { return a.at > b.at; });
  if (failures.size() > kFailuresMax) failures.resize(kFailuresMax);
}

void TrunkLedger::on_ended(model::TrunkId trunk, const Ended& ended) {
  auto& counts = counts_[trunk];
  if (!ended.outgoing) {
    ++counts.in_calls;
    if (ended.answered) ++counts.in_answered;
    return;
  }
  ++counts.out_calls;
  if (ended.answered) ++counts.out_answered;
  if (ended.answered || ended.given_up || !is_failure(ended.how.cause)) return;
  counts.failures.push_front(ended.how);
  if (counts.failures.size() > TrunkCounts::kFailuresMax) counts.failures.pop_back();
}

}  // namespace xivo::endpoint
