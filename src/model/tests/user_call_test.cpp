#include "model/tests/routing_world.hpp"

namespace xivo::model::routing {
namespace {

class UserCall : public RoutingWorld {
 protected:
  void forward_all(UserId user, std::string to) {
    edit(user, [&](User& u) {
      u.forward_unconditional_enabled = true;
      u.forward_unconditional_destination = std::move(to);
    });
  }
};

TEST_F(UserCall, AClosedScheduleComesFirst) {
  const auto closed = builder.put(Schedule{.name = "never", .mode = "closed"});
  edit(bob, [&](User& u) {
    u.schedule = closed;
    u.dnd_enabled = true;
  });
  EXPECT_EQ(dial("102").cause, Cause::SubscriberAbsent);
  edit(closed, [&](Schedule& s) { s.closed_destination = ToUser{carol}; });
  EXPECT_EQ(dial("102").user, carol);
  edit(bob, [&](User& u) { u.schedule = {77}; });
  EXPECT_EQ(dial("102").action, Action::Refuse) << "a schedule that is missing is closed";
}

TEST_F(UserCall, DoNotDisturbIsBusyAndHasTheForwardOfBusy) {
  edit(bob, [](User& u) { u.dnd_enabled = true; });
  const Plan busy = dial("102");
  EXPECT_EQ(busy.cause, Cause::UserBusy);
  EXPECT_TRUE(has(busy, Rule::DoNotDisturb, false));
  forward_all(bob, "101");
  EXPECT_EQ(dial("102").cause, Cause::UserBusy) << "before the unconditional forward";
  edit(bob, [](User& u) {
    u.forward_busy_enabled = true;
    u.forward_busy_destination = "103";
  });
  const Plan plan = dial("102");
  EXPECT_EQ(plan.user, carol);
  EXPECT_EQ(plan.forwarded_by, (std::vector{bob}));
}

TEST_F(UserCall, AnUnconditionalForwardRingsNobodyElse) {
  forward_all(bob, "103");
  const Plan plan = dial("102");
  EXPECT_EQ(plan.lines, (std::vector{carol_line}));
  EXPECT_EQ(plan.forwarded_by, (std::vector{bob}));
  EXPECT_EQ(told(plan, Rule::Forward), "Bob forwards all calls to 103.");
  EXPECT_EQ(told(plan, Rule::Forward, Language::French), "Bob renvoie tous les appels vers 103.");
}

TEST_F(UserCall, AForwardHasTheRightsOfWhoSetIt) {
  forward_all(bob, "00612345678");
  EXPECT_EQ(dial("102").payer, bob);
  builder.put(CallPermission{.name = "not alice", .extensions = {"_0Z."}, .users = {alice}});
  EXPECT_EQ(dial("102").action, Action::Dial) << "it is Bob who pays";
  builder.put(CallPermission{.name = "not bob", .extensions = {"_0Z."}, .users = {bob}});
  EXPECT_EQ(dial("102").cause, Cause::CallRejected);
  EXPECT_EQ(dial("102").action, Action::Refuse);
}

TEST_F(UserCall, AForwardNeverAsksForACode) {
  forward_all(bob, "00612345678");
  builder.put(
      CallPermission{.name = "with code", .password = "1234", .extensions = {"_0Z."}, .users = {bob}});
  Request request = from_alice("102");
  EXPECT_EQ(decide(request).cause, Cause::CallRejected);
  request.code = "1234";
  EXPECT_EQ(decide(request).cause, Cause::CallRejected);
}

TEST_F(UserCall, AForwardThatCannotBeFollowedIsPassedOver) {
  forward_all(bob, "*55");
  EXPECT_EQ(dial("102").lines, (std::vector{bob_line}));
  forward_all(bob, "-");
  EXPECT_EQ(dial("102").lines, (std::vector{bob_line}));
}

TEST_F(UserCall, ForwardsInACircleComeToAnEnd) {
  forward_all(bob, "103");
  forward_all(carol, "102");
  const Plan plan = dial("102");
  EXPECT_EQ(plan.cause, Cause::DestinationOutOfOrder);
  EXPECT_EQ(plan.trace.back().rule, Rule::ForwardLoop);
  forward_all(bob, "102");
  EXPECT_EQ(dial("102").cause, Cause::DestinationOutOfOrder);
}

TEST_F(UserCall, TenForwardsInTurnAreTheLimit) {
  for (int i = 0; i < 15; ++i) {
    const auto [user, line] = person("U" + std::to_string(i), std::to_string(200 + i));
    forward_all(user, std::to_string(201 + i));
  }
  EXPECT_EQ(dial("200").trace.back().rule, Rule::HopLimit);
  EXPECT_EQ(dial("209").cause, Cause::UnallocatedNumber) << "215 is nobody's: six hops are well within";
}

TEST_F(UserCall, ABusyUsersForwardComesBeforeTheFallback) {
  live.calls[bob.value] = 5;
  edit(bob, [&](User& u) { u.fallback_busy = ToUser{carol}; });
  const Plan fallen = dial("102");
  EXPECT_EQ(fallen.user, carol);
  EXPECT_EQ(told(fallen, Rule::Fallback), "What is foreseen for Bob on busy: User.");
  edit(bob, [](User& u) {
    u.forward_busy_enabled = true;
    u.forward_busy_destination = "00612345678";
  });
  EXPECT_EQ(dial("102").action, Action::Dial);
}

TEST_F(UserCall, NobodyThereIsUnavailable) {
  live.contacts.erase(bob_line.value);
  EXPECT_EQ(dial("102").cause, Cause::SubscriberAbsent);
  edit(bob, [&](User& u) { u.fallback_fail = ToUser{carol}; });
  EXPECT_EQ(dial("102").user, carol);
  edit(bob, [](User& u) {
    u.forward_noanswer_enabled = true;
    u.forward_noanswer_destination = "00612345678";
  });
  EXPECT_EQ(dial("102").action, Action::Dial);
}

TEST_F(UserCall, WhatFollowsHowItEnded) {
  edit(bob, [&](User& u) {
    u.fallback_noanswer = ToHangup{"busy"};
    u.fallback_busy = ToUser{carol};
    u.fallback_congestion = ToHangup{"congestion"};
  });
  const Request request = from_alice("102");
  const Plan plan = decide(request);
  ASSERT_EQ(plan.user, bob);
  EXPECT_EQ(after(request, plan, Outcome::Busy).user, carol);
  EXPECT_EQ(after(request, plan, Outcome::Rejected).user, carol);
  EXPECT_EQ(after(request, plan, Outcome::NoAnswer).cause, Cause::UserBusy);
  EXPECT_EQ(after(request, plan, Outcome::Congestion).cause, Cause::Congestion);
  const Plan gone = after(request, plan, Outcome::Unavailable);
  EXPECT_EQ(gone.action, Action::Refuse);
  EXPECT_EQ(gone.cause, Cause::SubscriberAbsent);
  EXPECT_EQ(gone.trace.front().rule, Rule::Outcome);
  EXPECT_EQ(describe(gone.trace.front(), Language::French), "Bob\u00a0: injoignable.");
}

TEST_F(UserCall, NoAnswerOfAForwardedCallGoesOnFromWhoWasRung) {
  forward_all(bob, "103");
  edit(carol, [](User& u) {
    u.forward_noanswer_enabled = true;
    u.forward_noanswer_destination = "102";
  });
  const Request request = from_alice("102");
  const Plan plan = decide(request);
  ASSERT_EQ(plan.user, carol);
  const Plan back = after(request, plan, Outcome::NoAnswer);
  EXPECT_EQ(back.cause, Cause::DestinationOutOfOrder) << "Bob has forwarded it before";
  EXPECT_EQ(back.forwarded_by, (std::vector{bob, carol}));
}

TEST_F(UserCall, WhatThePhoneOrATransferDialsCallsNoFeature) {
  Request request = from_alice("*55");
  EXPECT_EQ(decide(request).action, Action::Feature);
  request.direct = false;
  EXPECT_EQ(decide(request).cause, Cause::FacilityRejected);
}

TEST_F(UserCall, ARedirectedCallHasTheRightsOfWhoRedirected) {
  builder.put(CallPermission{.name = "not bob", .extensions = {"_0Z."}, .users = {bob}});
  Request request{.dialled = "00612345678", .from_line = bob_line, .context = inside, .direct = false};
  request.forwarded_by = {bob};
  EXPECT_EQ(decide(request).cause, Cause::CallRejected);
  request.forwarded_by = {carol};
  EXPECT_EQ(decide(request).payer, carol);
}

TEST_F(UserCall, PatternsAreExtensionsLikeOthers) {
  number("_4XX", ToUser{bob}, inside);
  number("_40X", ToUser{carol}, inside);
  EXPECT_EQ(dial("455").user, bob);
  EXPECT_EQ(dial("405").user, carol);
  EXPECT_EQ(dial("_4XX").cause, Cause::UnallocatedNumber) << "nobody dials a pattern";
  EXPECT_EQ(builder.build()->number_of(*builder.build()->user(bob)), "102") << "a pattern is nobody's number";
}

TEST_F(UserCall, WithoutReasonsItIsTheSameDecision) {
  forward_all(bob, "00612345678");
  for (const char* number : {"101", "102", "103", "00123456789", "112", "999", "*55"}) {
    const auto config = builder.build();
    const Plan with = route(*config, live, from_alice(number));
    const Plan without = route(*config, live, from_alice(number), Tracing::Off);
    EXPECT_TRUE(without.trace.empty());
    EXPECT_EQ(with.action, without.action);
    EXPECT_EQ(with.lines, without.lines);
    EXPECT_EQ(with.attempts, without.attempts);
    EXPECT_EQ(with.cause, without.cause);
  }
}

TEST(Rules, HaveNamesAndSentencesWithoutHoles) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Step::Rule::Outcome); ++i) {
    const auto rule = static_cast<Step::Rule>(i);
    EXPECT_TRUE(names.insert(name(rule)).second) << i;
    for (const bool met : {false, true}) {
      for (const Language language : {Language::French, Language::English}) {
        const std::string sentence = describe(Step{rule, met, {}, {}}, language);
        EXPECT_FALSE(sentence.empty()) << i;
        EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
      }
    }
  }
}

}  // namespace
}  // namespace xivo::model::routing
