// A call that nobody took goes on: to whom the called user forwards, or to what is foreseen for the case.
#include <utility>

#include "call/call.hpp"
#include "call/call_registry.hpp"

namespace xivo::call {

namespace routing = model::routing;

/// False: nothing follows, and the caller is told how the ringing ended.
bool Call::goes_on(routing::Outcome outcome) {
  if (!rung_ || state_ != State::Ringing) return false;
  rang_to_ = outcome;
  auto next = registry_.continue_after(*config_, request_, *rung_, outcome);
  trace_plan(next);
  const bool settled_by_destination = next.hops > rung_->hops;
  if (next.action == routing::Plan::Action::Refuse && !settled_by_destination) return false;
  give_up_ringing();
  follow(next);
  return true;
}

/// Said once for each user who sends the call on.                                            RFC 3261 §21.1.3
void Call::tell_forwarded(const routing::Plan& plan) {
  const bool goes_on =
      plan.action == routing::Plan::Action::Ring || plan.action == routing::Plan::Action::Dial;
  if (!goes_on || plan.forwarded_by.size() <= forwards_told_) return;
  forwards_told_ = plan.forwarded_by.size();
  if (Leg* caller = registry_.leg(caller_)) caller->being_forwarded();
}

/// The number of ours that sent the call on last; empty: none did.
std::string Call::number_of_diverter(const routing::Plan& plan) const {
  const auto* user = plan.forwarded_by.empty() ? nullptr : config_->user(plan.forwarded_by.back());
  return user == nullptr ? std::string() : config_->number_of(*user);
}

/// What still rings is told to stop, and what it says from now on is not heard.
void Call::give_up_ringing() {
  registry_.scheduler().timers.cancel(ring_timer_);
  branch_failed_ = false;
  branch_cause_ = Cause::SubscriberAbsent;
  for (const auto user : std::exchange(called_users_, {})) registry_.user_call_ended(user);
  if (std::exchange(early_media_, false)) {
    if (Leg* caller = registry_.leg(caller_)) registry_.media().disconnect(caller->media());
  }
  for (const auto id : legs()) {
    if (id == caller_ || member(id).ended) continue;
    member(id).given_up = true;
    if (Leg* leg = registry_.leg(id)) leg->hang_up(Cause::NoAnswer, false);
  }
}

}  // namespace xivo::call
