// To the outside: who may, when, how much, in which form and by which trunk.
#include <fmt/format.h>

#include <algorithm>

#include "model/guard/guard.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

using numbering::CallClass;

/// A number to show: itself, in `"Name" <number>`, or the word anonymous.
struct Identity {
  std::string number;
  std::string name;
  bool anonymous = false;
};

Identity identity_from(std::string_view text) {
  if (text == "anonymous") return {{}, {}, true};
  const std::size_t open = text.rfind('<');
  const std::size_t close = text.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return {numbering::without_separators(text), {}, false};
  std::string_view name = text.substr(0, open);
  while (!name.empty() && (name.front() == ' ' || name.front() == '"')) name.remove_prefix(1);
  while (!name.empty() && (name.back() == ' ' || name.back() == '"')) name.remove_suffix(1);
  return {numbering::without_separators(text.substr(open + 1, close - open - 1)), std::string(name), false};
}

bool says_something(std::string_view caller_id) { return !caller_id.empty() && caller_id != "default"; }

/// The user's own value, else the route's, else the trunk's. Who is anonymous is asserted by the next that has a number.
Identity identity_for(const Decision& d, const Trunk& trunk, std::string_view row_caller_id) {
  const User* payer = own_caller(d).empty() ? d.payer() : nullptr;
  const std::string_view own =
      payer == nullptr ? std::string_view() : std::string_view(payer->outgoing_caller_id);
  Identity identity;
  for (const std::string_view value : {own, row_caller_id, std::string_view(trunk.outgoing_caller_id)}) {
    if (!says_something(value)) continue;
    Identity next = identity_from(value);
    identity.anonymous = identity.anonymous || next.anonymous;
    if (next.anonymous) continue;
    identity.number = std::move(next.number);
    identity.name = std::move(next.name);
    break;
  }
  return identity;
}

/// The first caller's own number goes on to where the call is forwarded, if the operator is told who forwarded.
bool keeps_first_caller(const Decision& d, const Trunk& trunk) {
  if (d.trunk == nullptr) return false;
  return trunk.diversion_out && !d.caller_number.empty();
}

std::string internal_number(const Decision& d) {
  if (std::string own = own_caller(d); !own.empty()) return own;
  if (d.caller != nullptr && !d.forwarded()) return d.config.number_of(*d.caller);
  const User* payer = d.payer();
  return payer == nullptr ? std::string() : d.config.number_of(*payer);
}

/// What is dialled on the trunk; empty when nothing is left, or the route's expression is broken.
std::string rewritten(const OutgoingEntry& entry, std::string_view number) {
  if (entry.broken) return {};
  const OutgoingPattern& row = *entry.row;
  const std::size_t off = row.external_prefix.size() + static_cast<std::size_t>(row.strip_digits);
  if (off >= number.size()) return {};
  std::string sent(number.substr(off));
  if (entry.rewrite) sent = entry.rewrite->apply(sent);
  return sent.empty() ? sent : row.prefix + sent;
}

/// Which call this is for guards and permissions: the dearest of what the caller dialled and what is sent.
CallClass class_of(const Decision& d, std::string_view number, std::string_view sent) {
  const CallClass dialled = numbering::class_of(number, d.country());
  if (sent == number) return dialled;
  const CallClass after = numbering::class_of(sent, d.country());
  const auto risk = [](CallClass of) {
    switch (of) {
      case CallClass::International: return 3;
      case CallClass::Premium: return 2;
      case CallClass::Mobile:
      case CallClass::National: return 1;
      default: return 0;
    }
  };
  return risk(after) > risk(dialled) ? after : dialled;
}

bool is_admitted(Decision& d, const guard::Verdict& verdict, std::string_view who, std::string_view kind,
                 std::int64_t id) {
  if (verdict.admitted) return true;
  d.note(Rule::Guard, false, [&](Step& step) {
    const TollGuard* of = d.config.find(verdict.guard);
    fact(step, "guard", of == nullptr ? "" : of->name);
    fact(step, "reason", std::string(guard::name(verdict.reason)));
    fact(step, "limit", fmt::to_string(verdict.limit));
    fact(step, "count", fmt::to_string(verdict.count));
    fact(step, "who", std::string(who));
    fact(step, "sentence_fr", guard::describe(d.config, verdict, Language::French));
    fact(step, "sentence_en", guard::describe(d.config, verdict, Language::English));
    about(step, "toll_guard", verdict.guard.value);
    about(step, kind, id);
  });
  return false;
}

/// Whether one more call fits on a trunk that is there.
bool takes_one_more(Decision& d, const Trunk& trunk, CallClass of) {
  const auto tell = [&](Step& step) {
    fact(step, "trunk", trunk.title());
    about(step, "trunk", trunk.id.value);
  };
  const bool usable = trunk.enabled && d.live.trunk_usable(trunk.id);
  if (!usable) {
    d.note(Rule::TrunkUsable, false, [&](Step& step) {
      tell(step);
      fact(step, "disabled", trunk.enabled ? "" : "yes");
    });
    return false;
  }
  const int channels = trunk.max_channels_out == 0 ? 0 : d.live.channels_of(trunk.id, Direction::Out);
  if (trunk.max_channels_out != 0 && channels >= trunk.max_channels_out) {
    d.note(Rule::TrunkChannelsOut, false, [&](Step& step) {
      tell(step);
      fact(step, "calls", fmt::to_string(channels));
      fact(step, "limit", fmt::to_string(trunk.max_channels_out));
    });
    return false;
  }
  if (!is_admitted(d, guard::admits(d.config, d.live, trunk.id, of, d.request.at), trunk.title(), "trunk",
                   trunk.id.value))
    return false;
  d.note(Rule::TrunkUsable, true, tell);
  return true;
}

void note_route(Decision& d, const OutgoingEntry& entry, std::string_view number, std::string_view sent) {
  d.note(Rule::OutgoingRoute, true, [&](Step& step) {
    fact(step, "route", entry.route->name);
    fact(step, "number", std::string(number));
    fact(step, "pattern", std::string(entry.pattern.text()));
    fact(step, "priority", fmt::to_string(entry.route->priority));
    about(step, "outgoing_route", entry.route->id.value);
  });
  d.note(Rule::Rewritten, !sent.empty(), [&](Step& step) {
    fact(step, "number", std::string(number));
    fact(step, "sent", std::string(sent));
  });
}

void note_identity(Decision& d, const TrunkAttempt& attempt) {
  d.note(Rule::OutgoingCaller, true, [&](Step& step) {
    const Trunk* trunk = d.config.find(attempt.trunk);
    fact(step, "number", attempt.caller_number);
    fact(step, "name", attempt.caller_name);
    fact(step, "anonymous", attempt.anonymous ? "yes" : "");
    fact(step, "trunk", trunk == nullptr ? "" : trunk->title());
    about(step, "trunk", attempt.trunk.value);
  });
}

/// Why the way that was tried last did not take the call.
struct Hindrance {
  Cause cause = Cause::UnallocatedNumber;
  std::string_view prompt = kNotInService;
};

std::vector<TrunkAttempt> attempts_by(Decision& d, const OutgoingEntry& entry, const std::string& sent,
                                      CallClass of) {
  std::vector<TrunkAttempt> attempts;
  for (const TrunkId id : entry.route->trunks) {
    const Trunk* trunk = d.config.find(id);
    if (trunk == nullptr || id == d.request.from_trunk || !takes_one_more(d, *trunk, of)) continue;
    attempts.push_back(attempt_by(d, *trunk, *entry.route, entry.row->caller_id, sent));
  }
  return attempts;
}

/// Whether one route settles the call, be it with a refusal. False: the next may be tried.
bool settles(Decision& d, const OutgoingEntry& entry, std::string_view number, std::string_view dialled,
             Hindrance& hindrance) {
  const OutgoingRoute& route = *entry.route;
  const std::string sent = rewritten(entry, number);
  note_route(d, entry, number, sent);
  const std::string_view inside = number.substr(std::min(entry.row->external_prefix.size(), number.size()));
  if (check_right(d, route.id, dialled, inside) == Right::Settled) return true;
  const Hours hours = keep_hours(d, route.schedule, route.context);
  if (hours == Hours::Settled) return true;
  hindrance = {Cause::FacilityRejected, kCallLater};
  if (hours == Hours::ClosedWithoutDestination) return false;
  hindrance = {Cause::InvalidNumberFormat, kNotInService};
  if (sent.empty()) return false;
  const CallClass of = class_of(d, inside, sent);
  const User* payer = d.payer();
  if (!is_admitted(d, guard::admits(d.config, d.live, d.plan.payer, of, d.request.at),
                   payer == nullptr ? "" : payer->full_name(), "user", d.plan.payer.value)) {
    d.refuse(Cause::CallRejected, kCallLater);
    return true;
  }
  auto attempts = attempts_by(d, entry, sent, of);
  hindrance = {Cause::Congestion, kAllBusy};
  if (attempts.empty()) return false;
  note_identity(d, attempts.front());
  d.plan.action = Plan::Action::Dial;
  d.plan.cause = Cause::NormalClearing;
  d.plan.user = {};
  d.plan.number = number;
  d.plan.outgoing_route = route.id;
  d.plan.call_class = of;
  d.plan.attempts = std::move(attempts);
  d.plan.ring_time = route.ring_seconds == 0 ? kRingLongest : std::chrono::seconds(route.ring_seconds);
  return true;
}

}  // namespace

std::string own_caller(const Decision& d) {
  const SipLine* line = d.forwarded() ? nullptr : d.caller;
  if (line == nullptr || line->profile != "trunk") return {};
  const std::string& number = d.request.caller_number;
  return number == line->name || number == d.config.number_of(*line) ? std::string() : number;
}

TrunkAttempt attempt_by(const Decision& d, const Trunk& trunk, const OutgoingRoute& route,
                        std::string_view row_caller_id, std::string number) {
  TrunkAttempt attempt;
  attempt.trunk = trunk.id;
  attempt.number = std::move(number);
  const std::string_view country = trunk.country.empty() ? d.country() : std::string_view(trunk.country);
  if (route.internal_caller_id) {
    attempt.caller_number = internal_number(d);
    const User* payer = d.payer();
    attempt.caller_name = !own_caller(d).empty() ? d.request.caller_name
                          : payer == nullptr     ? std::string()
                                                 : payer->full_name();
    if (!attempt.caller_number.empty()) return attempt;
  }
  if (keeps_first_caller(d, trunk)) {
    attempt.caller_number = numbering::formatted(d.caller_number, trunk.outgoing_caller_id_format, country);
    attempt.caller_name = d.plan.caller_name;
    return attempt;
  }
  Identity identity = identity_for(d, trunk, row_caller_id);
  if (identity.number.empty() && !identity.anonymous) {  // nobody says anything else
    identity.number = own_caller(d);
    if (!identity.number.empty()) identity.name = d.request.caller_name;
  }
  attempt.anonymous = identity.anonymous;
  attempt.caller_name = std::move(identity.name);
  if (!identity.number.empty())
    attempt.caller_number = numbering::formatted(identity.number, trunk.outgoing_caller_id_format, country);
  return attempt;
}

std::vector<std::string> outside_forms(const Decision& d, std::string_view dialled) {
  std::string number = numbering::without_separators(dialled);
  if (!number.starts_with('+')) return {std::move(number)};
  std::vector<std::string> forms{number};
  const std::string home = numbering::national(number, d.country());
  for (const std::string& prefix : d.config.outgoing().prefixes()) forms.push_back(prefix + home);
  forms.push_back(home);
  return forms;
}

void call_outside(Decision& d, const std::vector<const OutgoingEntry*>& ways, std::string_view number,
                  std::string_view dialled) {
  Hindrance hindrance;
  for (const OutgoingEntry* way : ways) {
    if (settles(d, *way, number, dialled, hindrance)) return;
  }
  d.refuse(hindrance.cause, hindrance.prompt);
}

}  // namespace xivo::model::routing
