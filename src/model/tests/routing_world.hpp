#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "model/kinds/call_permission.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/schedule.hpp"
#include "model/kinds/toll_guard.hpp"
#include "model/kinds/trunk.hpp"
#include "model/routing/route.hpp"

/// A company with a way out and a way in, and a moment that a test invents.
namespace xivo::model::routing {

struct InventedMoment final : LiveState {
  std::map<std::int64_t, int> contacts, calls, channels_in, channels_out;
  std::set<std::int64_t> down, blocked_users, blocked_trunks;
  int outside = 0;  // whatever user, class and window

  [[nodiscard]] int contacts_of(SipLineId line) const override { return of(contacts, line.value); }
  [[nodiscard]] int calls_of(UserId user) const override { return of(calls, user.value); }
  [[nodiscard]] int channels_of(TrunkId trunk, Direction way) const override {
    return of(way == Direction::In ? channels_in : channels_out, trunk.value);
  }
  [[nodiscard]] bool trunk_usable(TrunkId trunk) const override { return !down.contains(trunk.value); }
  [[nodiscard]] int external_calls_of(UserId, numbering::CallClass, std::chrono::seconds) const override {
    return outside;
  }
  [[nodiscard]] bool user_blocked(UserId user) const override { return blocked_users.contains(user.value); }
  [[nodiscard]] bool trunk_blocked(TrunkId trunk) const override {
    return blocked_trunks.contains(trunk.value);
  }

 private:
  static int of(const std::map<std::int64_t, int>& all, std::int64_t id) {
    const auto found = all.find(id);
    return found == all.end() ? 0 : found->second;
  }
};

/// Alice 101, Bob 102, Carol 103 in "default", which includes "to-extern"; trunks 1 and 2; 0 for the outside.
class RoutingWorld : public ::testing::Test {
 protected:
  using Action = Plan::Action;
  using Rule = Step::Rule;

  RoutingWorld() : builder(std::vector{FeatureCode{"*55", "echo"}}) {
    outside = builder.put(Context{.name = "to-extern", .type = "outcall"});
    inside = builder.put(Context{.name = "default", .includes = {outside}});
    incall = builder.put(Context{.name = "from-extern", .type = "incall"});
    std::tie(alice, alice_line) = person("Alice", "101");
    std::tie(bob, bob_line) = person("Bob", "102");
    std::tie(carol, carol_line) = person("Carol", "103");
    first = builder.put(
        Trunk{.name = "first", .context = incall, .host = "192.0.2.10", .outgoing_caller_id = "0100000000"});
    second = builder.put(
        Trunk{.name = "second", .context = incall, .host = "192.0.2.11", .outgoing_caller_id = "0200000000"});
    national = builder.put(OutgoingRoute{.name = "national",
                                         .context = outside,
                                         .patterns = {{.pattern = "_0ZXXXXXXXX", .external_prefix = "0"}},
                                         .trunks = {first, second}});
    builder.put(OutgoingRoute{.name = "abroad",
                              .context = outside,
                              .patterns = {{.pattern = "_00X.", .external_prefix = "0"}},
                              .trunks = {first}});
  }

  std::pair<UserId, SipLineId> person(std::string name, std::string exten) {
    const UserId user = builder.put(User{.firstname = name});
    const SipLineId line = builder.put(SipLine{.name = name, .user = user, .context = inside});
    live.contacts[line.value] = 1;
    number(std::move(exten), ToUser{user}, inside);
    return {user, line};
  }
  ExtensionId number(std::string exten, Destination to, ContextId context) {
    return builder.put(
        Extension{.exten = std::move(exten), .context = context, .destination = std::move(to)});
  }
  template <class Kind, class Edit>
  void edit(ObjectId<Kind> id, Edit change) {
    Kind object = *builder.preview().find(id);
    change(object);
    builder.put(object);
  }

  Request from_alice(std::string dialled) const {
    return {.dialled = std::move(dialled), .from_line = alice_line, .context = inside, .at = noon};
  }
  Request from_outside(std::string dialled, std::string caller = "0612345678") const {
    return {
        .dialled = std::move(dialled), .from_trunk = first, .caller_number = std::move(caller), .at = noon};
  }
  Plan decide(const Request& request) { return route(*builder.build(), live, request); }
  Plan dial(std::string dialled) { return decide(from_alice(std::move(dialled))); }
  Plan after(const Request& request, const Plan& plan, Outcome outcome) {
    return continue_after(*builder.build(), live, request, plan, outcome);
  }

  static bool has(const Plan& plan, Rule rule, bool met) {
    for (const Step& step : plan.trace) {
      if (step.rule == rule && step.met == met) return true;
    }
    return false;
  }
  static std::string told(const Plan& plan, Rule rule, Language language = Language::English) {
    for (const Step& step : plan.trace) {
      if (step.rule == rule) return describe(step, language);
    }
    return {};
  }

  ConfigBuilder builder;
  InventedMoment live;
  ContextId outside, inside, incall;
  UserId alice, bob, carol;
  SipLineId alice_line, bob_line, carol_line;
  TrunkId first, second;
  OutgoingRouteId national;
  std::chrono::sys_seconds noon{std::chrono::seconds(1'784'023'200)};  // Tuesday 14 July 2026, 12:00 in Paris
};

}  // namespace xivo::model::routing
