// Numbers for help: always reached, never rewritten, never limited, from every line that is known.
#include <fmt/format.h>

#include <algorithm>

#include "model/routing/decision.hpp"

namespace xivo::model::routing {

namespace {

/// The emergency number that was dialled, with or without a digit for the outside; empty: none was.
std::string_view emergency_number(const Decision& d, std::string_view number) {
  const auto& all = numbering::emergency_numbers(d.config);
  const auto is_one = [&](std::string_view text) {
    return std::find(all.begin(), all.end(), text) != all.end();
  };
  constexpr std::size_t kLongest = 20;
  if (number.size() > kLongest) return {};
  if (is_one(number)) return number;
  for (const std::string& prefix : d.config.outgoing().prefixes()) {
    if (number.starts_with(prefix) && is_one(number.substr(prefix.size())))
      return number.substr(prefix.size());
  }
  return {};
}

/// Emergency routes, else all: those that take the number first.
std::vector<const OutgoingRoute*> routes_for(const Decision& d, std::string_view number) {
  std::vector<const OutgoingRoute*> routes;
  const auto add = [&](const OutgoingRoute* route) {
    if (std::find(routes.begin(), routes.end(), route) == routes.end()) routes.push_back(route);
  };
  for (const OutgoingRoute* route : d.config.outgoing().all()) {
    if (route->emergency) add(route);
  }
  if (!routes.empty()) return routes;
  OutgoingIndex::Entries taking;
  d.config.outgoing().find(OutgoingRouteId{}, number, taking);
  for (const OutgoingEntry* entry : taking) add(entry->route);
  for (const OutgoingRoute* route : d.config.outgoing().all()) add(route);
  return routes;
}

bool is_ready(const Decision& d, const Trunk& trunk) {
  const bool full =
      trunk.max_channels_out != 0 && d.live.channels_of(trunk.id, Direction::Out) >= trunk.max_channels_out;
  return d.live.trunk_usable(trunk.id) && !full;
}

/// Every enabled trunk of the routes; those that seem to be down or full come last, and are tried all the same.
std::vector<TrunkAttempt> attempts_for(const Decision& d, const std::vector<const OutgoingRoute*>& routes,
                                       std::string_view number) {
  std::vector<TrunkAttempt> ready, doubtful;
  const auto has = [](const std::vector<TrunkAttempt>& all, TrunkId id) {
    return std::any_of(all.begin(), all.end(), [&](const TrunkAttempt& each) { return each.trunk == id; });
  };
  for (const OutgoingRoute* route : routes) {
    for (const TrunkId id : route->trunks) {
      const Trunk* trunk = d.config.find(id);
      if (trunk == nullptr || !trunk->enabled || has(ready, id) || has(doubtful, id)) continue;
      TrunkAttempt attempt = attempt_by(d, *trunk, *route, {}, std::string(number));
      attempt.anonymous = false;  // who comes to help must find the caller
      (is_ready(d, *trunk) ? ready : doubtful).push_back(std::move(attempt));
    }
  }
  ready.insert(ready.end(), doubtful.begin(), doubtful.end());
  return ready;
}

}  // namespace

bool call_emergency(Decision& d, std::string_view dialled) {
  const std::string number(emergency_number(d, dialled));
  if (number.empty()) return false;
  const auto routes = routes_for(d, number);
  auto attempts = attempts_for(d, routes, number);
  d.note(Rule::Emergency, !attempts.empty(), [&](Step& step) {
    fact(step, "number", number);
    fact(step, "trunks", fmt::to_string(attempts.size()));
    fact(step, "route", routes.empty() ? "" : routes.front()->name);
    if (!routes.empty()) about(step, "outgoing_route", routes.front()->id.value);
    for (const TrunkAttempt& attempt : attempts) about(step, "trunk", attempt.trunk.value);
  });
  if (attempts.empty()) return false;  // a company without a way out may answer the number itself
  d.plan.action = Plan::Action::Dial;
  d.plan.cause = Cause::NormalClearing;
  d.plan.number = number;
  d.plan.emergency = true;
  d.plan.call_class = numbering::CallClass::Emergency;
  d.plan.outgoing_route = routes.front()->id;
  d.plan.attempts = std::move(attempts);
  d.plan.ring_time = kRingLongest;
  return true;
}

}  // namespace xivo::model::routing
