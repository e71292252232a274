#include "endpoint/defence/delayed_answers.hpp"

namespace xivo::endpoint {

DelayedAnswers::~DelayedAnswers() {
  for (auto& [id, held] : held_) scheduler_.timers.cancel(held.timer);
}

void DelayedAnswers::answer(sip::ServerTransactionId id, int status, std::string bytes,
                            runtime::Duration delay, const IpAddress& to) {
  const auto of_source = by_source_.find(to);
  const bool room =
      held_.size() < kHeldMax && (of_source == by_source_.end() || of_source->second < kHeldPerSourceMax);
  if (delay <= runtime::Duration::zero() || !room || held_.contains(id)) {
    transactions_.respond(id, status, std::move(bytes));
    return;
  }
  ++by_source_[to];
  const auto timer = scheduler_.timers.set(delay, [this, id] { send(id); });
  held_.emplace(id, Held{status, std::move(bytes), to, timer});
}

void DelayedAnswers::send(sip::ServerTransactionId id) {
  auto node = held_.extract(id);
  if (node.empty()) return;
  auto& held = node.mapped();
  if (--by_source_[held.to] == 0) by_source_.erase(held.to);
  transactions_.respond(id, held.status, std::move(held.bytes));
}

}  // namespace xivo::endpoint
