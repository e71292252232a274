#include "model/routing/route.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace xivo::model::routing {

namespace {

using Rule = Step::Rule;

// Names common to the French and English core sound packs.
constexpr std::string_view kNotInService =
    "ss-noservice";        // "the number you have dialed is not in service ..."
constexpr std::string_view kAllBusy = "all-circuits-busy-now";    // "all circuits are busy now"
constexpr std::string_view kCallLater = "please-try-call-later";  // "please try your call again later"

constexpr std::chrono::seconds kRingLongest{
    10'800};  // what ring_seconds 0, "until the caller hangs up", comes to

/// The number without what people put between digits, and without the + of an international number.
std::string normalised(std::string_view dialled) {
  std::string number;
  for (const char c : dialled) {
    if (std::string_view("-. ()").find(c) == std::string_view::npos) number += c;
  }
  if (number.starts_with('+')) number.erase(0, 1);
  return number;
}

/// One run of route(): each rule adds a step to the trace and either goes on (true) or settles the plan (false).
class Routing {
 public:
  Routing(const Config& config, const LiveState& live, const Request& request)
      : config_(config), live_(live), request_(request), number_(normalised(request.dialled)) {}

  Plan run() {
    if (caller_may_call() && !is_feature() && leads_to_lines() && user_is_enabled() && lines_may_ring() &&
        user_is_free()) {
      ring_reachable();
    }
    return std::move(plan_);
  }

 private:
  Step& step(Rule rule, bool met) { return plan_.trace.emplace_back(Step{rule, met, {}}); }
  bool refuse(Cause cause, std::string_view prompt = {}) {
    plan_.action = Plan::Action::Refuse;
    plan_.cause = cause;
    plan_.prompt = prompt;
    return false;
  }

  bool caller_may_call() {
    caller_ = config_.line(request_.from_line);
    step(Rule::CallerKnown, caller_ != nullptr).facts = {
        {"line", caller_ ? caller_->name : fmt::to_string(request_.from_line.value)}};
    if (caller_ == nullptr) return refuse(Cause::CallRejected);
    const User* user = config_.user(caller_->user);
    const bool enabled = caller_->enabled && (user == nullptr || user->enabled);
    step(Rule::CallerEnabled, enabled).facts = {{"line", caller_->name},
                                                {"user", user ? user->full_name() : ""},
                                                {"disabled", enabled            ? ""
                                                             : caller_->enabled ? "user"
                                                                                : "line"}};
    if (!enabled) return refuse(Cause::CallRejected);
    return user == nullptr || within_limit(*user, Rule::CallerLimit) || refuse(Cause::Congestion, kAllBusy);
  }

  bool within_limit(const User& user, Rule rule) {
    const int calls = live_.calls_of(user.id);
    const bool within = calls < user.simultaneous_calls;
    step(rule, within).facts = {{"user", user.full_name()},
                                {"calls", fmt::to_string(calls)},
                                {"limit", fmt::to_string(user.simultaneous_calls)}};
    return within;
  }

  bool is_feature() {
    const FeatureCode* code = config_.feature_code(number_);
    Step& looked = step(Rule::FeatureCode, code != nullptr);
    looked.facts = {{"dialled", request_.dialled}};
    if (code == nullptr) return false;
    plan_.action = Plan::Action::Feature;
    plan_.cause = Cause::NormalClearing;
    plan_.feature = code->feature;
    plan_.argument = number_.substr(code->code.size());
    looked.facts.insert(looked.facts.end(),
                        {{"code", code->code}, {"feature", code->feature}, {"argument", plan_.argument}});
    return true;
  }

  /// Follows numbers to what they lead to, until that is lines.
  bool leads_to_lines() {
    ContextId context = request_.context;
    for (int hops = 0; hops <= kHopsMax; ++hops) {
      const Extension* extension = number_exists(context);
      if (extension == nullptr) return refuse(Cause::UnallocatedNumber, kNotInService);
      const auto* next = extension->destination.as<ToExtension>();
      if (next == nullptr) return follow(*extension);
      step(Rule::Destination, true).facts = {{"type", "extension"}, {"name", next->exten}};
      number_ = next->exten;
      context = next->context ? next->context : extension->context;
    }
    step(Rule::HopLimit, false).facts = {{"limit", fmt::to_string(kHopsMax)}};
    return refuse(Cause::DestinationOutOfOrder, kNotInService);
  }

  const Extension* number_exists(ContextId context) {
    std::vector<ContextId> seen;
    const Extension* found = number_.empty() ? nullptr : find_number(context, seen);
    const Context* home = config_.context(context);
    const Context* place = found == nullptr ? home : config_.context(found->context);
    std::string searched;
    for (std::size_t i = 1; found == nullptr && i < seen.size(); ++i)
      searched += (searched.empty() ? "" : ", ") + config_.context(seen[i])->name;
    step(Rule::Extension, found != nullptr).facts = {
        {"exten", number_.empty() ? request_.dialled : number_},
        {"context", place == nullptr ? "" : place->name},
        {"via", place == home || home == nullptr ? "" : home->name},
        {"searched", searched}};
    return found;
  }

  /// The context's own numbers, then those of its includes in their order, each with its own includes.
  const Extension* find_number(ContextId id, std::vector<ContextId>& seen) {
    const Context* context = config_.context(id);
    if (context == nullptr || !context->enabled) return nullptr;
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) return nullptr;
    seen.push_back(id);
    const Extension* own = config_.extension(id, number_);
    if (own != nullptr && own->enabled) return own;
    for (const ContextId included : context->includes) {
      if (const Extension* found = find_number(included, seen)) return found;
    }
    return nullptr;
  }

  bool follow(const Extension& extension) {
    const Destination& to = extension.destination;
    Step& looked = step(Rule::Destination, false);
    looked.facts = {{"type", std::string(to.type().name)}};
    if (const auto* user = to.as<ToUser>()) return follow_user(*user, looked);
    if (const auto* line = to.as<ToLine>()) return follow_line(*line, looked);
    if (const auto* hangup = to.as<ToHangup>()) {
      looked.met = true;
      if (hangup->cause == "busy") return refuse(Cause::UserBusy);
      return refuse(hangup->cause == "congestion" ? Cause::Congestion : Cause::CallRejected);
    }
    // What no rule here serves: a number that leads nowhere, a mailbox.
    return to.is_none() ? refuse(Cause::UnallocatedNumber, kNotInService)
                        : refuse(Cause::FacilityRejected, kNotInService);
  }

  bool follow_user(const ToUser& to, Step& looked) {
    user_ = config_.user(to.user);
    if (user_ == nullptr) return refuse(Cause::UnallocatedNumber, kNotInService);
    lines_ = config_.lines_of(to.user);
    plan_.user = to.user;
    ring_seconds_ = to.ring_seconds == 0 ? user_->ring_seconds : to.ring_seconds;
    looked.met = true;
    looked.facts.insert(looked.facts.end(),
                        {{"name", user_->full_name()}, {"lines", fmt::to_string(lines_.size())}});
    return true;
  }

  bool follow_line(const ToLine& to, Step& looked) {
    const SipLine* line = config_.line(to.line);
    if (line == nullptr) return refuse(Cause::UnallocatedNumber, kNotInService);
    lines_ = {line};
    user_ = config_.user(line->user);
    if (user_ != nullptr) plan_.user = user_->id;
    ring_seconds_ = to.ring_seconds;
    looked.met = true;
    looked.facts.insert(looked.facts.end(), {{"name", line->name}, {"lines", "1"}});
    return true;
  }

  bool user_is_enabled() {
    if (user_ == nullptr) return true;
    step(Rule::UserEnabled, user_->enabled).facts = {{"user", user_->full_name()}};
    return user_->enabled || refuse(Cause::SubscriberAbsent, kNotInService);
  }

  /// Drops disabled lines, and the caller's own: a phone that calls its own number rings the user's other phones.
  bool lines_may_ring() {
    if (lines_.empty()) {
      step(Rule::HasLines, false).facts = {{"user", user_->full_name()}};
      return refuse(Cause::SubscriberAbsent, kNotInService);
    }
    for (const SipLine* line : lines_) {
      if (!line->enabled) step(Rule::LineEnabled, false).facts = {{"line", line->name}};
    }
    std::erase_if(lines_, [](const SipLine* line) { return !line->enabled; });
    if (lines_.empty()) return refuse(Cause::SubscriberAbsent, kNotInService);
    const bool own = std::find(lines_.begin(), lines_.end(), caller_) != lines_.end();
    if (!own) return true;
    std::erase(lines_, caller_);
    step(Rule::OwnNumber, !lines_.empty()).facts = {{"line", caller_->name},
                                                    {"lines", fmt::to_string(lines_.size())}};
    return !lines_.empty() || refuse(Cause::UserBusy);
  }

  bool user_is_free() {
    if (user_ == nullptr) return true;
    if (!within_limit(*user_, Rule::CallLimit)) return refuse(Cause::UserBusy);
    if (user_->call_waiting) return true;
    const int calls = live_.calls_of(user_->id);
    step(Rule::CallWaiting, calls == 0).facts = {{"user", user_->full_name()},
                                                 {"calls", fmt::to_string(calls)}};
    return calls == 0 || refuse(Cause::UserBusy);
  }

  void ring_reachable() {
    for (const SipLine* line : lines_) {
      const bool fixed = line->host != "dynamic";
      const int contacts = fixed ? 1 : live_.contacts_of(line->id);
      step(Rule::Registered, contacts > 0).facts = {
          {"line", line->name}, {"contacts", fmt::to_string(contacts)}, {"host", fixed ? line->host : ""}};
      if (contacts > 0) plan_.lines.push_back(line->id);
    }
    if (plan_.lines.empty()) {
      refuse(Cause::SubscriberAbsent, kCallLater);
      return;
    }
    plan_.action = Plan::Action::Ring;
    plan_.cause = Cause::NormalClearing;
    plan_.ring_time = ring_seconds_ == 0 ? kRingLongest : std::chrono::seconds(ring_seconds_);
  }

  const Config& config_;
  const LiveState& live_;
  const Request& request_;
  std::string number_;  // that is looked for now
  std::int64_t ring_seconds_ = 0;
  const SipLine* caller_ = nullptr;
  const User* user_ = nullptr;
  std::vector<const SipLine*> lines_;  // that may ring still
  Plan plan_;
};

}  // namespace

Plan route(const Config& config, const LiveState& live, const Request& request, Tracing tracing) {
  Plan plan = Routing(config, live, request).run();
  if (tracing == Tracing::Off) plan.trace.clear();
  return plan;
}

Plan continue_after(const Config&, const LiveState&, const Request&, const Plan& plan, Outcome outcome,
                    Tracing) {
  Plan next = plan;
  next.trace.clear();
  next.action = Plan::Action::Refuse;
  next.cause = outcome == Outcome::Busy         ? Cause::UserBusy
               : outcome == Outcome::NoAnswer   ? Cause::NoAnswer
               : outcome == Outcome::Congestion ? Cause::Congestion
               : outcome == Outcome::Rejected   ? Cause::CallRejected
                                                : Cause::SubscriberAbsent;
  return next;
}

std::string_view Step::fact(std::string_view name) const {
  for (const auto& [key, value] : facts) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace xivo::model::routing
