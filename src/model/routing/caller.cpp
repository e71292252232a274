// Who calls from a line, and what he may call at all.
#include <fmt/format.h>

#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

bool is_known(Decision& d) {
  d.caller = d.config.line(d.request.from_line);
  d.note(Rule::CallerKnown, d.caller != nullptr, [&](Step& step) {
    fact(step, "line", d.caller ? d.caller->name : fmt::to_string(d.request.from_line.value));
    fact(step, "own_caller", own_caller(d));
    if (d.caller != nullptr) about(step, "line", d.caller->id.value);
  });
  if (d.caller == nullptr) d.refuse(Cause::CallRejected);
  return d.caller != nullptr;
}

bool is_enabled(Decision& d, const User* user) {
  const bool enabled = d.caller->enabled && (user == nullptr || user->enabled);
  d.note(Rule::CallerEnabled, enabled, [&](Step& step) {
    fact(step, "line", d.caller->name);
    fact(step, "user", user ? user->full_name() : "");
    fact(step, "disabled", enabled ? "" : d.caller->enabled ? "user" : "line");
    about(step, "line", d.caller->id.value);
    if (user != nullptr) about(step, "user", user->id.value);
  });
  if (!enabled) d.refuse(Cause::CallRejected);
  return enabled;
}

bool is_within_limit(Decision& d, const User& user) {
  const int calls = d.live.calls_of(user.id);
  const bool within = calls < user.simultaneous_calls;
  d.note(Rule::CallerLimit, within, [&](Step& step) {
    fact(step, "user", user.full_name());
    fact(step, "calls", fmt::to_string(calls));
    fact(step, "limit", fmt::to_string(user.simultaneous_calls));
    about(step, "user", user.id.value);
  });
  if (!within) d.refuse(Cause::Congestion, kAllBusy);
  return within;
}

/// A feature is called by the person at the phone only: not by a forward, a 302 or a transfer.
bool is_feature(Decision& d, const std::string& number) {
  const FeatureCode* code = d.config.feature_code(number);
  const bool allowed = d.request.direct && !d.forwarded();
  d.note(Rule::FeatureCode, code != nullptr && allowed, [&](Step& step) {
    fact(step, "dialled", d.request.dialled);
    if (code == nullptr) return;
    fact(step, "code", code->code);
    fact(step, "feature", code->feature);
    fact(step, "argument", number.substr(code->code.size()));
    about(step, "feature_code", code->id.value);
  });
  if (code == nullptr) return false;
  if (!allowed) {
    d.refuse(Cause::FacilityRejected, kNotInService);
    return true;
  }
  d.plan.action = Plan::Action::Feature;
  d.plan.cause = Cause::NormalClearing;
  d.plan.feature = code->feature;
  d.plan.argument = number.substr(code->code.size());
  return true;
}

}  // namespace

void call_from_line(Decision& d) {
  if (!is_known(d)) return;
  const User* user = d.config.user(d.caller->user);
  if (user != nullptr) d.plan.payer = user->id;
  if (d.forwarded()) d.plan.payer = d.plan.forwarded_by.back();
  const std::string number = bare(d.request.dialled);
  d.plan.number = number;
  if (!d.forwarded() && call_emergency(d, number)) return;
  if (!is_enabled(d, user)) return;
  if (user != nullptr && !is_within_limit(d, *user)) return;
  if (is_feature(d, number)) return;
  call_number(d, d.request.dialled, d.request.context, Reach::Everywhere);
}

}  // namespace xivo::model::routing
