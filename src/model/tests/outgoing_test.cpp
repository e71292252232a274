#include "model/tests/routing_world.hpp"

namespace xivo::model::routing {
namespace {

using Outgoing = RoutingWorld;

TEST_F(Outgoing, AStrangerReachesNothingOutside) {
  Request stranger{.dialled = "00123456789", .context = inside};
  EXPECT_EQ(decide(stranger).action, Action::Refuse);
  EXPECT_EQ(decide(stranger).cause, Cause::CallRejected);
  stranger.dialled = "112";
  EXPECT_EQ(decide(stranger).action, Action::Refuse);
}

TEST_F(Outgoing, ACallFromATrunkNeverLeavesByDialling) {
  edit(incall, [&](Context& c) { c.includes = {inside}; });
  for (const char* number : {"00123456789", "+33123456789", "0123456789", "112", "*55"}) {
    const Plan plan = decide(from_outside(number));
    EXPECT_EQ(plan.action, Action::Refuse) << number;
    EXPECT_EQ(plan.cause, Cause::UnallocatedNumber) << number;
  }
  EXPECT_EQ(decide(from_outside("101")).action, Action::Ring);
}

TEST_F(Outgoing, TakesOffTheOutsideDigitAndTriesTheTrunksInOrder) {
  const Plan plan = dial("00123456789");
  ASSERT_EQ(plan.action, Action::Dial);
  ASSERT_EQ(plan.attempts.size(), 2U);
  EXPECT_EQ(plan.attempts[0], (TrunkAttempt{first, "0123456789", "+33100000000", "", false}));
  EXPECT_EQ(plan.attempts[1], (TrunkAttempt{second, "0123456789", "+33200000000", "", false}));
  EXPECT_EQ(plan.outgoing_route, national);
  EXPECT_EQ(plan.payer, alice);
  EXPECT_EQ(plan.call_class, numbering::CallClass::National);
  EXPECT_EQ(told(plan, Rule::OutgoingRoute),
            "Outgoing route national takes 00123456789 (pattern _00ZXXXXXXXX, priority 1).");
  EXPECT_EQ(describe(plan, Language::English), "Number 00123456789 is called outside; 2 possible trunks.");
}

TEST_F(Outgoing, ASystemBehindALineKeepsItsCallersNumber) {
  Request request = from_alice("00123456789");
  request.caller_number = "0145678901";
  request.caller_name = "Front desk";
  EXPECT_EQ(decide(request).attempts.at(0).caller_number, "+33100000000");
  edit(alice_line, [](SipLine& line) { line.profile = "trunk"; });
  EXPECT_EQ(decide(request).attempts.at(0).caller_number, "+33100000000");  // what the trunk says comes first
  edit(first, [](Trunk& trunk) { trunk.outgoing_caller_id = "default"; });
  edit(alice, [](User& user) { user.outgoing_caller_id = "0199999999"; });
  const Plan plan = decide(request);
  EXPECT_EQ(plan.attempts.at(0), (TrunkAttempt{first, "0123456789", "+33145678901", "Front desk", false}));
  EXPECT_EQ(told(plan, Rule::CallerKnown),
            "The call comes from line Alice, which keeps its caller's number, 0145678901.");
  edit(national, [](OutgoingRoute& route) { route.internal_caller_id = true; });
  EXPECT_EQ(decide(request).attempts.at(0).caller_number, "0145678901");
}

TEST_F(Outgoing, ASystemThatGivesNoCallerIsShownAsItsLine) {
  edit(alice_line, [](SipLine& line) { line.profile = "trunk"; });
  edit(first, [](Trunk& trunk) { trunk.outgoing_caller_id = "default"; });
  edit(alice, [](User& user) { user.outgoing_caller_id = "0199999999"; });
  Request request = from_alice("00123456789");
  request.caller_number = "101";
  EXPECT_EQ(decide(request).attempts.at(0).caller_number, "+33199999999");
}

TEST_F(Outgoing, StripsRewritesAndPrefixesInThisOrder) {
  edit(national, [](OutgoingRoute& r) {
    r.patterns = {{.pattern = "_990ZXXXXXXXX",
                   .strip_digits = 2,
                   .prefix = "*31#",
                   .match_regex = "0([1-9].*)",
                   .replace = "0033\\1"}};
  });
  EXPECT_EQ(dial("990123456789").attempts.at(0).number, "*31#0033123456789");
  edit(national, [](OutgoingRoute& r) { r.patterns = {{.pattern = "_99X", .strip_digits = 3}}; });
  const Plan nothing = dial("991");
  EXPECT_EQ(nothing.action, Action::Refuse);
  EXPECT_EQ(nothing.cause, Cause::InvalidNumberFormat);
}

TEST_F(Outgoing, AnExpressionThatCannotBeReadSendsNothing) {
  edit(national, [](OutgoingRoute& r) { r.patterns[0].match_regex = "("; });
  EXPECT_EQ(dial("00123456789").cause, Cause::InvalidNumberFormat);
}

TEST_F(Outgoing, PriorityComesBeforeThePatternAndThePatternBeforeAge) {
  const auto add = [&](std::string name, std::int64_t priority, std::string pattern) {
    return builder.put(OutgoingRoute{.name = std::move(name),
                                     .priority = priority,
                                     .context = outside,
                                     .patterns = {{.pattern = std::move(pattern), .external_prefix = "0"}},
                                     .trunks = {second}});
  };
  EXPECT_EQ(dial("00123456789").outgoing_route, national);
  const auto mobile = add("mobiles", 1, "_0[67]XXXXXXXX");
  EXPECT_EQ(dial("00612345678").outgoing_route, mobile);
  const auto exact = add("one number", 1, "0612345678");
  EXPECT_EQ(dial("00612345678").outgoing_route, exact);
  edit(national, [](OutgoingRoute& r) { r.priority = 2; });
  const auto late = add("late", 3, "0123456789");
  EXPECT_EQ(dial("00123456789").outgoing_route, national);
  edit(late, [](OutgoingRoute& r) { r.priority = 1; });
  EXPECT_EQ(dial("00123456789").outgoing_route, late);
}

TEST_F(Outgoing, AnExactExtensionWinsAndAPatternOfOneCompetes) {
  number("00123456789", ToUser{bob}, outside);
  EXPECT_EQ(dial("00123456789").user, bob);
  number("_00XXXXXXXXX", ToUser{carol}, outside);
  EXPECT_EQ(dial("00223456785").action, Action::Dial) << "Z is more specific than X";
  number("_00ZXXXXXXX5", ToUser{carol}, outside);
  EXPECT_EQ(dial("00223456785").user, carol) << "the last place decides";
  number("_00[2]XXXXXXX6", ToUser{carol}, outside);
  EXPECT_EQ(dial("00223456786").user, carol);
}

TEST_F(Outgoing, OwnContextComesBeforeIncludes) {
  number("_0.", ToUser{bob}, inside);
  EXPECT_EQ(dial("00123456789").user, bob);
}

TEST_F(Outgoing, TheCallerIdIsTheUsersThenTheRoutesThenTheTrunks) {
  EXPECT_EQ(dial("00123456789").attempts[0].caller_number, "+33100000000");
  edit(national, [](OutgoingRoute& r) { r.patterns[0].caller_id = "0155555555"; });
  EXPECT_EQ(dial("00123456789").attempts[0].caller_number, "+33155555555");
  edit(alice, [](User& u) { u.outgoing_caller_id = "\"Durand SA\" <0166666666>"; });
  EXPECT_EQ(dial("00123456789").attempts[0].caller_number, "+33166666666");
  EXPECT_EQ(dial("00123456789").attempts[0].caller_name, "Durand SA");
  edit(first, [](Trunk& t) { t.outgoing_caller_id_format = "national"; });
  EXPECT_EQ(dial("00123456789").attempts[0].caller_number, "0166666666");
  edit(first, [](Trunk& t) { t.outgoing_caller_id_format = "E164"; });
  EXPECT_EQ(dial("00123456789").attempts[0].caller_number, "33166666666");
  EXPECT_EQ(dial("00123456789").attempts[1].caller_number, "+33166666666");
}

TEST_F(Outgoing, AnonymousIsAssertedAllTheSame) {
  edit(alice, [](User& u) { u.outgoing_caller_id = "anonymous"; });
  edit(national, [](OutgoingRoute& r) { r.patterns[0].caller_id = "0155555555"; });
  const TrunkAttempt attempt = dial("00123456789").attempts[0];
  EXPECT_TRUE(attempt.anonymous);
  EXPECT_EQ(attempt.caller_number, "+33155555555");
}

TEST_F(Outgoing, AnInternalRouteShowsTheExtension) {
  edit(national, [](OutgoingRoute& r) { r.internal_caller_id = true; });
  const TrunkAttempt attempt = dial("00123456789").attempts[0];
  EXPECT_EQ(attempt.caller_number, "101");
  EXPECT_EQ(attempt.caller_name, "Alice");
}

TEST_F(Outgoing, TrunksThatAreDownFullDisabledOrBlockedAreLeftOut) {
  live.down = {first.value};
  EXPECT_EQ(dial("00123456789").attempts.at(0).trunk, second);
  edit(second, [](Trunk& t) { t.max_channels_out = 2; });
  live.channels_out[second.value] = 1;
  EXPECT_EQ(dial("00123456789").attempts.size(), 1U);
  live.channels_out[second.value] = 2;
  const Plan none = dial("00123456789");
  EXPECT_EQ(none.action, Action::Refuse);
  EXPECT_EQ(none.cause, Cause::Congestion);
  EXPECT_EQ(none.prompt, "all-circuits-busy-now");
  EXPECT_EQ(describe(none, Language::English), "The call is refused: no trunk is free (cause 34).");
  live = {};
  builder.put(TollGuard{.name = "standard", .simultaneous_max = 99});
  live.blocked_trunks = {first.value, second.value};
  EXPECT_EQ(dial("00123456789").action, Action::Refuse);
  live = {};
  edit(first, [](Trunk& t) { t.enabled = false; });
  EXPECT_EQ(dial("00123456789").attempts.at(0).trunk, second);
}

TEST_F(Outgoing, TheNextRouteTakesOverWhenNoTrunkOfTheFirstIsFree) {
  const auto backup = builder.put(OutgoingRoute{.name = "backup",
                                                .priority = 9,
                                                .context = outside,
                                                .patterns = {{.pattern = "_0.", .external_prefix = "0"}},
                                                .trunks = {second}});
  edit(national, [&](OutgoingRoute& r) { r.trunks = {first}; });
  live.down = {first.value};
  EXPECT_EQ(dial("00123456789").outgoing_route, backup);
}

TEST_F(Outgoing, OnlyCongestionAndUnavailabilityGoOnToTheNextTrunk) {
  const Request request = from_alice("00123456789");
  const Plan plan = decide(request);
  for (const Outcome outcome : {Outcome::Busy, Outcome::NoAnswer, Outcome::Rejected}) {
    EXPECT_EQ(after(request, plan, outcome).action, Action::Refuse);
  }
  const Plan next = after(request, plan, Outcome::Congestion);
  ASSERT_EQ(next.action, Action::Dial);
  EXPECT_EQ(next.attempts.at(0).trunk, second);
  EXPECT_EQ(next.payer, alice);
  const Plan last = after(request, next, Outcome::Unavailable);
  EXPECT_EQ(last.action, Action::Refuse);
  EXPECT_EQ(last.cause, Cause::SubscriberAbsent);
  live.down = {second.value};
  EXPECT_EQ(after(request, plan, Outcome::Congestion).action, Action::Refuse);
}

TEST_F(Outgoing, PermissionsRefuseAskAndAllow) {
  const auto denied = builder.put(
      CallPermission{.name = "no mobiles", .extensions = {"_006XXXXXXXX", "_06XXXXXXXX"}, .users = {alice}});
  EXPECT_EQ(dial("00612345678").cause, Cause::CallRejected);
  EXPECT_TRUE(has(dial("00612345678"), Rule::Permission, false));
  EXPECT_EQ(dial("00123456789").action, Action::Dial);
  edit(denied, [](CallPermission& p) { p.password = "4321"; });
  Request request = from_alice("00612345678");
  const Plan asked = decide(request);
  EXPECT_EQ(asked.action, Action::AskCode);
  EXPECT_EQ(asked.permission, denied);
  request.code = "1";
  EXPECT_NE(decide(request).action, Action::Dial);
  request.code = "4321";
  EXPECT_EQ(decide(request).action, Action::Dial);
}

TEST_F(Outgoing, APermissionHoldsInsideToo) {
  builder.put(CallPermission{.name = "not the boss", .extensions = {"102"}, .users = {alice}});
  EXPECT_EQ(dial("102").cause, Cause::CallRejected);
  EXPECT_EQ(dial("103").action, Action::Ring);
}

TEST_F(Outgoing, AnotherFormOfTheNumberIsNoWayAround) {
  builder.put(CallPermission{.name = "no premium", .extensions = {"_0899XXXXXX"}, .users = {alice}});
  EXPECT_EQ(dial("00899123456").cause, Cause::CallRejected);
  EXPECT_EQ(dial("+33899123456").cause, Cause::CallRejected);
  EXPECT_EQ(dial("00033899123456").cause, Cause::CallRejected);
}

TEST_F(Outgoing, ANumberWithAPlusIsDialledAsAtHome) {
  const Plan home = dial("+33 1 23 45 67 89");
  ASSERT_EQ(home.action, Action::Dial);
  EXPECT_EQ(home.attempts[0].number, "0123456789");
  const Plan abroad = dial("+41441234567");
  ASSERT_EQ(abroad.action, Action::Dial);
  EXPECT_EQ(abroad.attempts[0].number, "0041441234567");
  EXPECT_EQ(abroad.call_class, numbering::CallClass::International);
}

TEST_F(Outgoing, AClosedRouteGivesWayOrLeadsElsewhere) {
  const auto closed = builder.put(Schedule{.name = "never", .mode = "closed"});
  edit(national, [&](OutgoingRoute& r) { r.schedule = closed; });
  const Plan refused = dial("00123456789");
  EXPECT_EQ(refused.action, Action::Refuse);
  EXPECT_EQ(refused.cause, Cause::FacilityRejected);
  const auto night = builder.put(OutgoingRoute{.name = "night",
                                               .priority = 2,
                                               .context = outside,
                                               .patterns = {{.pattern = "_0Z.", .external_prefix = "0"}},
                                               .trunks = {second}});
  EXPECT_EQ(dial("00123456789").outgoing_route, night);
  edit(closed, [&](Schedule& s) { s.closed_destination = ToUser{bob}; });
  EXPECT_EQ(dial("00123456789").user, bob);
}

TEST_F(Outgoing, TheGuardStopsWhoIsBlocked) {
  builder.put(TollGuard{.name = "standard", .simultaneous_max = 2});
  EXPECT_EQ(dial("00123456789").action, Action::Dial);
  live.outside = 2;
  const Plan stopped = dial("00123456789");
  EXPECT_EQ(stopped.action, Action::Refuse);
  EXPECT_TRUE(has(stopped, Rule::Guard, false));
  live.outside = 0;
  live.blocked_users = {alice.value};
  EXPECT_EQ(dial("00123456789").action, Action::Refuse);
  EXPECT_EQ(dial("102").action, Action::Ring) << "the guard has no say inside";
}

TEST_F(Outgoing, ADestinationMayLeadOut) {
  number("900", ToOutcall{"00123456789", {}}, inside);
  EXPECT_EQ(dial("900").attempts.at(0).number, "0123456789");
  builder.put(IncomingRoute{.name = "night",
                            .context = incall,
                            .exten = "0100000000",
                            .destination = ToOutcall{"00612345678", national}});
  const Plan plan = decide(from_outside("0100000000"));
  ASSERT_EQ(plan.action, Action::Dial);
  EXPECT_FALSE(plan.payer);
  EXPECT_EQ(plan.attempts.at(0).trunk, second) << "not by the trunk it came from";
  EXPECT_EQ(plan.attempts.at(0).caller_number, "+33200000000");
  edit(second, [](Trunk& t) { t.diversion_out = true; });
  EXPECT_EQ(decide(from_outside("0100000000")).attempts.at(0).caller_number, "+33612345678");
}

// ---------------------------------------------------------------------------------------------------- emergency

TEST_F(Outgoing, EmergencyNumbersPassEveryGuard) {
  builder.put(CallPermission{
      .name = "nothing", .extensions = {"_X.", "_X!"}, .users = {alice}, .outgoing_routes = {national}});
  builder.put(TollGuard{.name = "nothing",
                        .simultaneous_max = 1,
                        .hourly_max = 1,
                        .night_start = "00:00",
                        .night_end = "23:59",
                        .night_international = "deny",
                        .night_premium = "deny"});
  const auto closed = builder.put(Schedule{.name = "never", .mode = "closed"});
  edit(national, [&](OutgoingRoute& r) { r.schedule = closed; });
  edit(alice, [](User& u) {
    u.outgoing_caller_id = "anonymous";
    u.simultaneous_calls = 1;
    u.enabled = false;
  });
  edit(alice_line, [](SipLine& l) { l.enabled = false; });
  edit(first, [](Trunk& t) { t.max_channels_out = 1; });
  live.outside = 99;
  live.calls[alice.value] = 99;
  live.channels_out[first.value] = 99;
  live.blocked_users = {alice.value};
  live.blocked_trunks = {first.value, second.value};
  live.down = {second.value};
  for (const std::string& number : numbering::emergency_numbers_of("FR")) {
    for (const std::string& dialled : {number, "0" + number}) {
      const Plan plan = dial(dialled);
      ASSERT_EQ(plan.action, Action::Dial) << dialled;
      EXPECT_TRUE(plan.emergency);
      ASSERT_EQ(plan.attempts.size(), 2U);
      for (const TrunkAttempt& attempt : plan.attempts) {
        EXPECT_EQ(attempt.number, number);
        EXPECT_FALSE(attempt.anonymous);
      }
    }
  }
}

TEST_F(Outgoing, AnEmergencyRouteIsTheOnlyOne) {
  const auto help =
      builder.put(OutgoingRoute{.name = "help", .context = outside, .trunks = {second}, .emergency = true});
  const Plan plan = dial("112");
  EXPECT_EQ(plan.outgoing_route, help);
  ASSERT_EQ(plan.attempts.size(), 1U);
  EXPECT_EQ(plan.attempts[0].trunk, second);
}

TEST_F(Outgoing, EmergencyTriesAUsableTrunkFirstAndEveryOneAtLast) {
  live.down = {first.value};
  const Request request = from_alice("112");
  const Plan plan = decide(request);
  ASSERT_EQ(plan.attempts.size(), 2U);
  EXPECT_EQ(plan.attempts[0].trunk, second);
  const Plan next = after(request, plan, Outcome::Congestion);
  ASSERT_EQ(next.action, Action::Dial);
  EXPECT_TRUE(next.emergency);
  EXPECT_EQ(next.attempts[0].trunk, first);
}

TEST_F(Outgoing, EmergencyWinsOverAnExtensionUnlessThereIsNoWayOut) {
  number("112", ToUser{bob}, inside);
  EXPECT_EQ(dial("112").action, Action::Dial);
  edit(first, [](Trunk& t) { t.enabled = false; });
  edit(second, [](Trunk& t) { t.enabled = false; });
  EXPECT_EQ(dial("112").user, bob);
}

}  // namespace
}  // namespace xivo::model::routing
