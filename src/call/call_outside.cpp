// A call that goes out by a trunk, and by the next one when that fails.
#include <fmt/format.h>

#include "call/call.hpp"
#include "call/call_registry.hpp"
#include "model/routing/trace_text.hpp"

namespace xivo::call {

namespace routing = model::routing;

void Call::dial_trunk(const routing::Plan& plan) {
  outside_ = std::make_unique<const routing::Plan>(plan);
  const auto* trying = outside_.get();
  const auto& attempt = plan.attempts.front();
  const Leg* caller = registry_.leg(caller_);
  record_.called.number = plan.number;
  if (state_ != State::Ringing) state_is(State::Ringing, routing::trace_text(routing::Remark::Ringing));
  Dial dial;
  dial.call = id_;
  dial.exten = plan.number;
  dial.caller = {attempt.caller_number, attempt.caller_name};
  dial.offer = caller->remote();
  dial.beside = caller->media();
  dial.max_forwards = incoming_.max_forwards - 1;
  dial.trunk = attempt.trunk;
  dial.number = attempt.number;
  dial.anonymous = attempt.anonymous;
  dial.diverted_by = number_of_diverter(plan);
  charge(plan);
  const auto legs = registry_.dialer().dial(dial);
  // A try that ended at once has led on already.
  if (outside_.get() != trying || state_ != State::Ringing) return;
  if (legs.empty()) return on_trunk_ended({Cause::DestinationOutOfOrder, 0, false});
  for (const auto leg : legs)
    registry_.publish(Event::Kind::Dialled, *this, registry_.leg(leg), caller->channel());
  registry_.scheduler().timers.cancel(ring_timer_);
  ring_timer_ = registry_.scheduler().timers.set(outside_->ring_time, [this] { on_ring_timeout(); });
}

/// Who pays is counted once, each trunk that is tried for itself.
void Call::charge(const routing::Plan& plan) {
  if (charges_.empty()) charges_.push_back(registry_.charge(plan.payer, plan.call_class));
  charges_.push_back(registry_.charge(plan.attempts.front().trunk, plan.call_class));
}

// The caller is told what the last trunk said, not what routing makes of it.
void Call::on_trunk_ended(const Ending& ending) {
  if (!outside_ || state_ != State::Ringing) return finish(ending.cause, EndedBy::Called);
  auto next = routing::continue_after(*config_, registry_, request_, *outside_, outcome_of(ending.cause));
  trace_plan(next);
  if (next.action == routing::Plan::Action::Refuse) return finish(ending.cause, EndedBy::Called);
  follow(next);
}

}  // namespace xivo::call
