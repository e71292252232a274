#include "model/routing/route.hpp"

#include <fmt/format.h>

#include "model/routing/decision.hpp"

namespace xivo::model::routing {

void Decision::refuse(Cause cause, std::string_view prompt) {
  plan.action = Plan::Action::Refuse;
  plan.cause = cause;
  plan.prompt = prompt;
}

bool Decision::hop() {
  if (++plan.hops <= kHopsMax) return true;
  note(Rule::HopLimit, false, [](Step& step) { fact(step, "limit", fmt::to_string(kHopsMax)); });
  refuse(Cause::DestinationOutOfOrder, kNotInService);
  return false;
}

std::string_view Decision::country() const {
  const General* general = config.find(GeneralId{1});
  return general == nullptr ? std::string_view("FR") : std::string_view(general->country);
}

std::string bare(std::string_view dialled) {
  std::string number = numbering::without_separators(dialled);
  if (number.starts_with('+')) number.erase(0, 1);
  return number;
}

std::string_view Step::fact(std::string_view wanted) const {
  for (const auto& [key, value] : facts) {
    if (key == wanted) return value;
  }
  return {};
}

Plan route(const Config& config, const LiveState& live, const Request& request, Tracing tracing) {
  Decision d(config, live, request, tracing);
  d.plan.forwarded_by = request.forwarded_by;
  if (request.from_trunk && !request.from_line) {
    call_from_trunk(d);
  } else {
    call_from_line(d);
  }
  return std::move(d.plan);
}

namespace {

Cause cause_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Busy: return Cause::UserBusy;
    case Outcome::NoAnswer: return Cause::NoAnswer;
    case Outcome::Congestion: return Cause::Congestion;
    case Outcome::Unavailable: return Cause::SubscriberAbsent;
    case Outcome::Rejected: return Cause::CallRejected;
  }
  return Cause::NormalUnspecified;
}

/// What the way so far has brought; what is to be done is decided anew.
Plan on_the_way(const Plan& plan) {
  Plan next;
  next.number = plan.number;
  next.incoming_route = plan.incoming_route;
  next.caller_number = plan.caller_number;
  next.caller_name = plan.caller_name;
  next.payer = plan.payer;
  next.forwarded_by = plan.forwarded_by;
  next.hops = plan.hops;
  return next;
}

bool trunk_takes_one_more(const Decision& d, TrunkId id) {
  const Trunk* trunk = d.config.find(id);
  if (trunk == nullptr || !trunk->enabled || !d.live.trunk_usable(id)) return false;
  return trunk->max_channels_out == 0 || d.live.channels_of(id, Direction::Out) < trunk->max_channels_out;
}

/// An emergency call leaves out no trunk: one that seems to be down may be the only one.
bool next_trunk(Decision& d, const Plan& plan) {
  for (std::size_t i = 1; i < plan.attempts.size(); ++i) {
    const TrunkAttempt& attempt = plan.attempts[i];
    const bool usable = plan.emergency || trunk_takes_one_more(d, attempt.trunk);
    const Trunk* trunk = d.config.find(attempt.trunk);
    d.note(Rule::NextTrunk, usable, [&](Step& step) {
      fact(step, "trunk", trunk == nullptr ? "" : trunk->title());
      about(step, "trunk", attempt.trunk.value);
    });
    if (!usable) continue;
    auto trace = std::move(d.plan.trace);
    d.plan = plan;
    d.plan.greeting_sound.clear();
    d.plan.attempts.erase(d.plan.attempts.begin(), d.plan.attempts.begin() + static_cast<std::ptrdiff_t>(i));
    d.plan.trace = std::move(trace);
    return true;
  }
  return false;
}

void find_caller(Decision& d) {
  d.caller = d.config.line(d.request.from_line);
  if (d.caller == nullptr) d.trunk = d.config.find(d.request.from_trunk);
  if (d.trunk != nullptr) d.caller_number = numbering::national(d.request.caller_number, d.country());
}

}  // namespace

Plan continue_after(const Config& config, const LiveState& live, const Request& request, const Plan& plan,
                    Outcome outcome, Tracing tracing) {
  Decision d(config, live, request, tracing);
  d.plan = on_the_way(plan);
  find_caller(d);
  const User* user = plan.action == Plan::Action::Ring ? config.user(plan.user) : nullptr;
  d.note(Rule::Outcome, false, [&](Step& step) {
    fact(step, "outcome", fmt::to_string(static_cast<int>(outcome)));
    fact(step, "user", user == nullptr ? "" : user->full_name());
    fact(step, "number", plan.number);
    if (user != nullptr) about(step, "user", user->id.value);
  });
  const bool elsewhere = outcome == Outcome::Congestion || outcome == Outcome::Unavailable;
  if (plan.action == Plan::Action::Dial && elsewhere && next_trunk(d, plan)) return std::move(d.plan);
  if (user != nullptr) {
    after_user(d, *user, outcome, cause_of(outcome), {});
  } else {
    d.refuse(cause_of(outcome));
  }
  return std::move(d.plan);
}

}  // namespace xivo::model::routing
