// A called user: the order of features.md 2.21.
#include <fmt/format.h>

#include <algorithm>

#include "model/numbering/pattern.hpp"
#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

void about_user(Step& step, const User& user) {
  fact(step, "user", user.full_name());
  about(step, "user", user.id.value);
}

bool is_enabled(Decision& d, const User& user) {
  d.note(Rule::UserEnabled, user.enabled, [&](Step& step) { about_user(step, user); });
  if (!user.enabled) d.refuse(Cause::SubscriberAbsent, kNotInService);
  return user.enabled;
}

/// Two users who forward to each other, and a fallback to the user himself, come to an end here.
bool is_no_loop(Decision& d, const User& user) {
  const auto& before = d.plan.forwarded_by;
  if (std::find(before.begin(), before.end(), user.id) == before.end()) return true;
  d.note(Rule::ForwardLoop, false, [&](Step& step) { about_user(step, user); });
  d.refuse(Cause::DestinationOutOfOrder, kNotInService);
  return false;
}

bool takes_calls(Decision& d, const User& user) {
  if (!user.dnd_enabled) return true;
  d.note(Rule::DoNotDisturb, false, [&](Step& step) { about_user(step, user); });
  after_user(d, user, Outcome::Busy, Cause::UserBusy, {});
  return false;
}

bool is_free(Decision& d, const User& user) {
  const int calls = d.live.calls_of(user.id);
  const auto tell = [&](Step& step) {
    about_user(step, user);
    fact(step, "calls", fmt::to_string(calls));
    fact(step, "limit", fmt::to_string(user.simultaneous_calls));
  };
  const bool within = calls < user.simultaneous_calls;
  d.note(Rule::CallLimit, within, tell);
  bool free = within;
  if (within && !user.call_waiting) {
    free = calls == 0;
    d.note(Rule::CallWaiting, free, tell);
  }
  if (!free) after_user(d, user, Outcome::Busy, Cause::UserBusy, {});
  return free;
}

/// Callers from outside only; colleagues are told apart by other means.
bool is_welcome(Decision& d, const User& user) {
  if (d.trunk == nullptr || user.blocklist.empty() || d.caller_number.empty()) return true;
  for (const std::string& text : user.blocklist) {
    const auto pattern = numbering::Pattern::parse(text);
    const bool matches =
        pattern && (pattern->matches(d.caller_number) ||
                    (pattern->is_exact() && numbering::national(text, d.country()) == d.caller_number));
    if (!matches) continue;
    d.note(Rule::Blocklist, false, [&](Step& step) {
      about_user(step, user);
      fact(step, "caller", d.caller_number);
      fact(step, "pattern", text);
    });
    d.refuse(Cause::CallRejected);
    return false;
  }
  return true;
}

/// Drops disabled lines, and the caller's own: a phone that calls its own number rings the user's other phones.
bool leave_out(Decision& d, const User* user, std::vector<const SipLine*>& lines) {
  const auto absent = [&](std::string_view prompt) {
    if (user == nullptr) return d.refuse(Cause::SubscriberAbsent, prompt);
    after_user(d, *user, Outcome::Unavailable, Cause::SubscriberAbsent, prompt);
  };
  if (lines.empty()) {
    d.note(Rule::HasLines, false, [&](Step& step) { about_user(step, *user); });
    absent(kNotInService);
    return false;
  }
  for (const SipLine* line : lines) {
    if (line->enabled) continue;
    d.note(Rule::LineEnabled, false, [&](Step& step) {
      fact(step, "line", line->name);
      about(step, "line", line->id.value);
    });
  }
  std::erase_if(lines, [](const SipLine* line) { return !line->enabled; });
  if (lines.empty()) {
    absent(kNotInService);
    return false;
  }
  const bool own = std::find(lines.begin(), lines.end(), d.caller) != lines.end();
  if (!own) return true;
  std::erase(lines, d.caller);
  d.note(Rule::OwnNumber, !lines.empty(), [&](Step& step) {
    fact(step, "line", d.caller->name);
    fact(step, "lines", fmt::to_string(lines.size()));
    about(step, "line", d.caller->id.value);
  });
  if (lines.empty()) d.refuse(Cause::UserBusy);
  return !lines.empty();
}

void ring_reachable(Decision& d, const User* user, const std::vector<const SipLine*>& lines,
                    std::int64_t ring_seconds) {
  std::vector<SipLineId> reachable;
  for (const SipLine* line : lines) {
    const bool fixed = line->host != "dynamic";
    const int contacts = fixed ? 1 : d.live.contacts_of(line->id);
    d.note(Rule::Registered, contacts > 0, [&](Step& step) {
      fact(step, "line", line->name);
      fact(step, "contacts", fmt::to_string(contacts));
      fact(step, "host", fixed ? line->host : "");
      fact(step, "profile", line->profile == "trunk" ? line->profile : "");
      about(step, "line", line->id.value);
    });
    if (contacts > 0) reachable.push_back(line->id);
  }
  if (reachable.empty()) {
    if (user == nullptr) return d.refuse(Cause::SubscriberAbsent, kCallLater);
    return after_user(d, *user, Outcome::Unavailable, Cause::SubscriberAbsent, kCallLater);
  }
  d.plan.action = Plan::Action::Ring;
  d.plan.cause = Cause::NormalClearing;
  d.plan.user = user == nullptr ? UserId{} : user->id;
  d.plan.lines = std::move(reachable);
  d.plan.ring_time = ring_seconds == 0 ? kRingLongest : std::chrono::seconds(ring_seconds);
}

}  // namespace

void call_user(Decision& d, const ToUser& to) {
  const User* user = d.config.user(to.user);
  if (user == nullptr) return d.refuse(Cause::UnallocatedNumber, kNotInService);
  d.plan.user = user->id;
  if (!is_no_loop(d, *user)) return;
  auto lines = d.config.lines_of(user->id);
  const ContextId home = lines.empty() ? ContextId{} : lines.front()->context;
  switch (keep_hours(d, user->schedule, home)) {
    case Hours::Open: break;
    case Hours::Settled: return;
    case Hours::ClosedWithoutDestination: return d.refuse(Cause::SubscriberAbsent, kCallLater);
  }
  if (!is_enabled(d, *user) || !takes_calls(d, *user)) return;
  if (user->forward_unconditional_enabled &&
      forward(d, *user, user->forward_unconditional_destination, "unconditional"))
    return;
  if (!is_free(d, *user) || !is_welcome(d, *user) || !leave_out(d, user, lines)) return;
  ring_reachable(d, user, lines, to.ring_seconds == 0 ? user->ring_seconds : to.ring_seconds);
}

/// One phone, whoever has it: forwards and schedules of its user are not asked, his limits are.
void call_line(Decision& d, const ToLine& to) {
  const SipLine* line = d.config.line(to.line);
  if (line == nullptr) return d.refuse(Cause::UnallocatedNumber, kNotInService);
  std::vector<const SipLine*> lines{line};
  const User* user = d.config.user(line->user);
  if (user != nullptr) {
    d.plan.user = user->id;
    if (!is_no_loop(d, *user) || !is_enabled(d, *user) || !takes_calls(d, *user) || !is_free(d, *user) ||
        !is_welcome(d, *user))
      return;
  }
  if (leave_out(d, user, lines)) ring_reachable(d, user, lines, to.ring_seconds);
}

}  // namespace xivo::model::routing
