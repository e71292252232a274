// Where a number exists, and where it leads.
#include <fmt/format.h>

#include <algorithm>

#include "model/kinds/call_permission.hpp"
#include "model/kinds/schedule.hpp"
#include "model/permission/permitted.hpp"
#include "model/routing/decision.hpp"
#include "model/schedule/evaluate.hpp"

namespace xivo::model::routing {

namespace {

/// What takes a number: an extension, or ways to the outside.
struct Found {
  const Extension* extension = nullptr;
  OutgoingIndex::Entries ways;
  std::string form;  // of the number, that the ways take
  ContextId context{};
  explicit operator bool() const { return extension != nullptr || !ways.empty(); }
};

/// One search along a context and its includes.
class Search {
 public:
  Search(const Decision& d, std::string_view dialled, Reach reach) : d_(d), number_(bare(dialled)) {
    if (reach == Reach::Everywhere) forms_ = outside_forms(d, dialled);
  }
  [[nodiscard]] const std::string& number() const { return number_; }
  [[nodiscard]] const std::vector<ContextId>& seen() const { return seen_; }

  /// The context's own numbers, then those of its includes in their order, each with its own includes.
  Found find(ContextId id) {
    const Context* context = d_.config.context(id);
    if (context == nullptr || !context->enabled) return {};
    if (std::find(seen_.begin(), seen_.end(), id) != seen_.end()) return {};
    seen_.push_back(id);
    if (Found own = find_here(id)) return own;
    for (const ContextId included : context->includes) {
      if (Found found = find(included)) return found;
    }
    return {};
  }

 private:
  /// An exact extension first; then patterns in their order, those of routes beside those of extensions.
  Found find_here(ContextId id) {
    Found found;
    found.context = id;
    if (number_.empty() || numbering::is_pattern(number_)) return found;
    const Extension* exact = d_.config.extension(id, number_);
    if (exact != nullptr && exact->enabled) {
      found.extension = exact;
      return found;
    }
    const auto [extension, pattern] = d_.config.extension_patterns().first(id, number_);
    for (const std::string& form : forms_) {
      d_.config.outgoing().find(id, form, found.ways);
      if (found.ways.empty()) continue;
      found.form = form;
      break;
    }
    const bool first =
        extension != nullptr && (found.ways.empty() || pattern->order(found.ways.front()->pattern) <= 0);
    if (first) {
      found.extension = extension;
      found.ways.clear();
    }
    return found;
  }

  const Decision& d_;
  std::string number_;
  std::vector<std::string> forms_;
  std::vector<ContextId> seen_;
};

void note_search(Decision& d, const Search& search, const Found& found, ContextId home,
                 std::string_view dialled) {
  d.note(Rule::Extension, static_cast<bool>(found), [&](Step& step) {
    const Context* at_home = d.config.context(home);
    const Context* place = found ? d.config.context(found.context) : at_home;
    std::string searched;
    for (std::size_t i = 1; !found && i < search.seen().size(); ++i)
      searched += (searched.empty() ? "" : ", ") + d.config.context(search.seen()[i])->name;
    fact(step, "exten", search.number().empty() ? std::string(dialled) : search.number());
    fact(step, "context", place == nullptr ? "" : place->name);
    fact(step, "via", place == at_home || at_home == nullptr ? "" : at_home->name);
    fact(step, "searched", std::move(searched));
    if (place != nullptr) about(step, "context", place->id.value);
    if (found.extension == nullptr) return;
    about(step, "extension", found.extension->id.value);
    if (numbering::is_pattern(found.extension->exten)) fact(step, "pattern", found.extension->exten);
  });
}

/// What a destination leads to, as far as it has a name.
struct Target {
  std::string name{};
  int lines = -1;  // that ring; -1: it is not about lines
  Step::Object object{};
};

template <class Tell>
void note_destination(Decision& d, const Destination& to, bool met, Tell&& tell) {
  d.note(Rule::Destination, met, [&](Step& step) {
    Target target = tell();
    fact(step, "type", std::string(to.type().name));
    if (!target.name.empty()) fact(step, "name", std::move(target.name));
    if (target.lines >= 0) fact(step, "lines", fmt::to_string(target.lines));
    if (!target.object.kind.empty()) about(step, target.object.kind, target.object.id);
  });
}

void follow_hangup(Decision& d, const Destination& to, const ToHangup& hangup) {
  note_destination(d, to, true, [] { return Target{}; });
  if (hangup.cause == "busy") return d.refuse(Cause::UserBusy);
  d.refuse(hangup.cause == "congestion" ? Cause::Congestion : Cause::CallRejected);
}

void follow_outcall(Decision& d, const Destination& to, const ToOutcall& outcall) {
  note_destination(d, to, true,
                   [&] { return Target{outcall.exten, -1, {"outgoing_route", outcall.route.value}}; });
  if (!d.hop()) return;
  OutgoingIndex::Entries ways;
  for (const std::string& form : outside_forms(d, outcall.exten)) {
    d.config.outgoing().find(outcall.route, form, ways);
    if (!ways.empty()) return call_outside(d, ways, form, outcall.exten);
  }
  d.note(Rule::OutgoingRoute, false, [&](Step& step) { fact(step, "number", outcall.exten); });
  d.refuse(Cause::UnallocatedNumber, kNotInService);
}

}  // namespace

void call_number(Decision& d, std::string_view dialled, ContextId context, Reach reach) {
  Search search(d, dialled, reach);
  const Found found = search.find(context);
  note_search(d, search, found, context, dialled);
  if (!found) return d.refuse(Cause::UnallocatedNumber, kNotInService);
  d.plan.number = search.number();
  if (found.extension == nullptr) return call_outside(d, found.ways, found.form, dialled);
  if (d.trunk == nullptr || d.plan.payer) {
    if (check_right(d, {}, dialled, search.number()) == Right::Settled) return;
  }
  const auto* next = found.extension->destination.as<ToExtension>();
  if (next == nullptr) return follow(d, found.extension->destination, found.extension->context);
  note_destination(d, found.extension->destination, true, [&] { return Target{.name = next->exten}; });
  if (d.hop()) call_number(d, next->exten, next->context ? next->context : found.extension->context, reach);
}

void follow(Decision& d, const Destination& to, ContextId home) {
  if (const auto* user = to.as<ToUser>()) {
    const User* called = d.config.user(user->user);
    note_destination(d, to, called != nullptr, [&] {
      if (called == nullptr) return Target{.object = {"user", user->user.value}};
      return Target{called->full_name(),
                    static_cast<int>(d.config.lines_of(called->id).size()),
                    {"user", called->id.value}};
    });
    return call_user(d, *user);
  }
  if (const auto* line = to.as<ToLine>()) {
    const SipLine* called = d.config.line(line->line);
    note_destination(d, to, called != nullptr, [&] {
      if (called == nullptr) return Target{.object = {"line", line->line.value}};
      return Target{called->name, 1, {"line", called->id.value}};
    });
    return call_line(d, *line);
  }
  if (const auto* next = to.as<ToExtension>()) {
    note_destination(d, to, true, [&] { return Target{.name = next->exten}; });
    const bool outside = d.trunk == nullptr || d.plan.payer;
    if (!d.hop()) return;
    return call_number(d, next->exten, next->context ? next->context : home,
                       outside ? Reach::Everywhere : Reach::Inside);
  }
  if (const auto* outcall = to.as<ToOutcall>()) return follow_outcall(d, to, *outcall);
  if (const auto* hangup = to.as<ToHangup>()) return follow_hangup(d, to, *hangup);
  // What no rule here serves: a number that leads nowhere, a mailbox.
  note_destination(d, to, false, [] { return Target{}; });
  d.refuse(to.is_none() ? Cause::UnallocatedNumber : Cause::FacilityRejected, kNotInService);
}

Hours keep_hours(Decision& d, ScheduleId id, ContextId home) {
  if (!id) return Hours::Open;
  const schedule::Verdict verdict = schedule::evaluate(d.config, id, d.request.at);
  d.note(Rule::Schedule, verdict.open(), [&](Step& step) {
    const Schedule* schedule = d.config.find(id);
    fact(step, "schedule", schedule == nullptr ? fmt::to_string(id.value) : schedule->name);
    fact(step, "state", std::string(schedule::name(verdict.state)));
    fact(step, "label", std::string(verdict.label));
    fact(step, "holiday_fr", std::string(verdict.holiday.french));
    fact(step, "holiday_en", std::string(verdict.holiday.english));
    about(step, "schedule", id.value);
  });
  if (verdict.open()) return Hours::Open;
  if (verdict.destination == nullptr || verdict.destination->is_none())
    return Hours::ClosedWithoutDestination;
  if (d.hop()) follow(d, *verdict.destination, home);
  return Hours::Settled;
}

Right check_right(Decision& d, OutgoingRouteId route, std::string_view dialled, std::string_view number) {
  using permission::Answer;
  const bool may_enter_code = d.caller != nullptr && d.request.direct && !d.forwarded();
  const auto verdict = permission::permitted(
      d.config, {.user = d.plan.payer,
                 .route = route,
                 .dialled = dialled,
                 .number = number,
                 .code = may_enter_code ? std::string_view(d.request.code) : std::string_view()});
  const auto tell = [&](Step& step) {
    const CallPermission* permission = d.config.find(verdict.permission);
    const User* payer = d.payer();
    fact(step, "permission", permission == nullptr ? "" : permission->name);
    fact(step, "reason", std::string(permission::name(verdict.reason)));
    fact(step, "pattern", verdict.pattern);
    fact(step, "own_code", verdict.own_code ? "yes" : "");
    fact(step, "number", std::string(number));
    fact(step, "user", payer == nullptr ? "" : payer->full_name());
    about(step, "call_permission", verdict.permission.value);
    if (payer != nullptr) about(step, "user", payer->id.value);
  };
  if (verdict.answer == Answer::Allowed) {
    if (verdict.permission) d.note(Rule::Permission, true, tell);
    return Right::Granted;
  }
  if (verdict.answer == Answer::AskCode) {
    d.note(Rule::PermissionCode, false, tell);
    if (may_enter_code) {
      d.plan.action = Plan::Action::AskCode;
      d.plan.cause = Cause::NormalClearing;
      d.plan.permission = verdict.permission;
      return Right::Settled;
    }
  } else {
    d.note(Rule::Permission, false, tell);
  }
  d.refuse(Cause::CallRejected);
  return Right::Settled;
}

}  // namespace xivo::model::routing
