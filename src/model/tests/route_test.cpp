#include "model/routing/route.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

namespace xivo::model::routing {
namespace {

using Action = Plan::Action;
using Rule = Step::Rule;

struct FakeLive final : LiveState {
  std::map<std::int64_t, int> contacts;
  std::map<std::int64_t, int> calls;
  [[nodiscard]] int contacts_of(SipLineId line) const override {
    const auto found = contacts.find(line.value);
    return found == contacts.end() ? 0 : found->second;
  }
  [[nodiscard]] int calls_of(UserId user) const override {
    const auto found = calls.find(user.value);
    return found == calls.end() ? 0 : found->second;
  }
};

/// Alice at 101 with one phone; Bob at 102 with a desk phone and a soft phone; a gateway at 200; all registered.
class RouteTest : public ::testing::Test {
 protected:
  RouteTest() : builder_({{"*55", "echo"}, {"*8", "pickup"}}) {
    home_ = builder_.add(Context{.name = "default"});
    alice_ = builder_.add({.firstname = "Alice"});
    bob_ = builder_.add({.firstname = "Bob", .ring_seconds = 20});
    alice_line_ = line({.name = "alice", .user = alice_});
    bob_desk_ = line({.name = "bob-desk", .user = bob_});
    bob_soft_ = line({.name = "bob-soft", .user = bob_});
    gateway_ = builder_.add({.name = "gw", .host = "192.0.2.9"});
    number("101", ToUser{alice_});
    bobs_number_ = number("102", ToUser{bob_});
    number("200", ToLine{gateway_});
  }
  SipLineId line(SipLine line) {
    const SipLineId id = builder_.add(std::move(line));
    live_.contacts[id.value] = 1;
    return id;
  }
  ExtensionId number(std::string exten, Destination to, ContextId context) {
    return builder_.add(
        Extension{.exten = std::move(exten), .context = context, .destination = std::move(to)});
  }
  ExtensionId number(std::string exten, Destination to) {
    return number(std::move(exten), std::move(to), home_);
  }
  Plan dial(std::string number, SipLineId from) {
    return route(*builder_.build(), live_,
                 {.dialled = std::move(number), .from_line = from, .context = home_});
  }
  Plan dial(std::string number) { return dial(std::move(number), alice_line_); }
  template <class Kind, class Edit>
  void edit(ObjectId<Kind> id, Edit change) {
    Kind object = *builder_.preview().find(id);
    change(object);
    builder_.put(object);
  }
  void expect_refused(const Plan& plan, Cause cause, std::string_view prompt, Rule last) {
    EXPECT_EQ(plan.action, Action::Refuse);
    EXPECT_EQ(plan.cause, cause);
    EXPECT_EQ(plan.prompt, prompt);
    EXPECT_EQ(plan.trace.back().rule, last);
    EXPECT_FALSE(plan.trace.back().met);
    EXPECT_TRUE(plan.lines.empty());
  }

  ConfigBuilder builder_;
  FakeLive live_;
  UserId alice_, bob_;
  SipLineId alice_line_, bob_desk_, bob_soft_, gateway_;
  ContextId home_;
  ExtensionId bobs_number_;
};

TEST_F(RouteTest, RefusesAStranger) {
  expect_refused(dial("102", SipLineId{}), Cause::CallRejected, "", Rule::CallerKnown);
  expect_refused(dial("102", SipLineId{99}), Cause::CallRejected, "", Rule::CallerKnown);
}

TEST_F(RouteTest, RefusesADisabledCaller) {
  edit(alice_line_, [](SipLine& l) { l.enabled = false; });
  expect_refused(dial("102"), Cause::CallRejected, "", Rule::CallerEnabled);
  edit(alice_line_, [](SipLine& l) { l.enabled = true; });
  edit(alice_, [](User& u) { u.enabled = false; });
  expect_refused(dial("102"), Cause::CallRejected, "", Rule::CallerEnabled);
}

TEST_F(RouteTest, ACallerOverTheLimitHearsAMessage) {
  live_.calls[alice_.value] = 5;
  expect_refused(dial("102"), Cause::Congestion, "all-circuits-busy-now", Rule::CallerLimit);
  live_.calls[alice_.value] = 4;
  EXPECT_EQ(dial("102").action, Action::Ring);
}

TEST_F(RouteTest, RefusesANumberOfNobody) {
  expect_refused(dial("999"), Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
  expect_refused(dial(""), Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
  expect_refused(dial(" -"), Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
}

TEST_F(RouteTest, ANumberOfAnotherContextIsNobodys) {
  const ContextId branch = builder_.add(Context{.name = "branch"});
  const Plan plan =
      route(*builder_.build(), live_, {.dialled = "102", .from_line = alice_line_, .context = branch});
  expect_refused(plan, Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
  expect_refused(route(*builder_.build(), live_, {.dialled = "102", .from_line = alice_line_}),
                 Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
}

TEST_F(RouteTest, FindsNumbersOfIncludedContextsOwnOnesFirst) {
  const ContextId inner = builder_.add(Context{.name = "inner"});
  const ContextId branch = builder_.add(Context{.name = "branch", .includes = {inner, home_}});
  const auto dial_there = [&] {
    return route(*builder_.build(), live_, {.dialled = "102", .from_line = alice_line_, .context = branch});
  };
  const Plan included = dial_there();
  EXPECT_EQ(included.user, bob_);
  EXPECT_EQ(describe(included.trace[4], Language::English),
            "Number 102 exists in context default, which branch includes.");
  number("102", ToLine{gateway_}, inner);
  EXPECT_EQ(dial_there().lines, (std::vector{gateway_}));
  number("102", ToUser{alice_}, branch);
  EXPECT_EQ(dial_there().user, alice_);
}

TEST_F(RouteTest, SaysWhereItLookedInVain) {
  const ContextId inner = builder_.add(Context{.name = "inner", .includes = {home_}});
  edit(home_, [&](Context& c) { c.includes = {inner}; });  // a circle does it no harm
  const Plan plan = dial("999");
  EXPECT_EQ(describe(plan.trace.back(), Language::English),
            "Number 999 does not exist in context default, nor in those it includes (inner).");
}

TEST_F(RouteTest, ADisabledNumberOrContextDoesNotExist) {
  edit(bobs_number_, [](Extension& e) { e.enabled = false; });
  expect_refused(dial("102"), Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
  edit(home_, [](Context& c) { c.enabled = false; });
  expect_refused(dial("101"), Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
}

TEST_F(RouteTest, ANumberMayLeadToAnother) {
  const ContextId branch = builder_.add(Context{.name = "branch"});
  number("7", ToExtension{"8", branch});
  number("8", ToExtension{"102", home_}, branch);
  const Plan plan = dial("7");
  EXPECT_EQ(plan.lines, (std::vector{bob_desk_, bob_soft_}));
  EXPECT_EQ(describe(plan.trace[5], Language::French), "Il mène à\u00a0: Numéro 8.");
}

TEST_F(RouteTest, NumbersInACircleComeToAnEnd) {
  number("7", ToExtension{"8", {}});
  number("8", ToExtension{"7", {}});
  expect_refused(dial("7"), Cause::DestinationOutOfOrder, "ss-noservice", Rule::HopLimit);
}

TEST_F(RouteTest, ANumberMayRefuse) {
  number("1", ToHangup{"normal"});
  number("2", ToHangup{"busy"});
  number("3", ToHangup{"congestion"});
  EXPECT_EQ(dial("1").cause, Cause::CallRejected);
  EXPECT_EQ(dial("2").cause, Cause::UserBusy);
  EXPECT_EQ(dial("3").cause, Cause::Congestion);
}

TEST_F(RouteTest, ANumberThatLeadsNowhereIsNobodys) {
  number("1", Destination());
  expect_refused(dial("1"), Cause::UnallocatedNumber, "ss-noservice", Rule::Destination);
  EXPECT_EQ(describe(dial("1").trace.back(), Language::English), "It leads to: None.");
}

TEST_F(RouteTest, AMailboxIsRefusedInWords) {
  number("1", ToVoicemail{{1}});
  const Plan plan = dial("1");
  expect_refused(plan, Cause::FacilityRejected, "ss-noservice", Rule::Destination);
  EXPECT_EQ(describe(plan.trace.back(), Language::English),
            "It leads to: Voicemail, which this system does not serve.");
}

TEST_F(RouteTest, AUserWithoutLinesIsAbsent) {
  const UserId carol = builder_.add({.firstname = "Carol"});
  number("103", ToUser{carol});
  expect_refused(dial("103"), Cause::SubscriberAbsent, "ss-noservice", Rule::HasLines);
}

TEST_F(RouteTest, ADestinationSaysHowLongToRing) {
  number("1", ToUser{bob_, 7});
  number("2", ToLine{bob_desk_, 0});
  EXPECT_EQ(dial("1").ring_time, std::chrono::seconds(7));
  EXPECT_EQ(dial("2").ring_time, std::chrono::seconds(10'800));
  EXPECT_EQ(dial("2").user, bob_);
}

TEST_F(RouteTest, ADisabledUserIsNotInService) {
  edit(bob_, [](User& u) { u.enabled = false; });
  expect_refused(dial("102"), Cause::SubscriberAbsent, "ss-noservice", Rule::UserEnabled);
}

TEST_F(RouteTest, ADisabledLineDoesNotRing) {
  edit(bob_desk_, [](SipLine& l) { l.enabled = false; });
  EXPECT_EQ(dial("102").lines, (std::vector{bob_soft_}));
  edit(bob_soft_, [](SipLine& l) { l.enabled = false; });
  expect_refused(dial("102"), Cause::SubscriberAbsent, "ss-noservice", Rule::LineEnabled);
}

TEST_F(RouteTest, AUserAtTheLimitIsBusy) {
  live_.calls[bob_.value] = 5;
  expect_refused(dial("102"), Cause::UserBusy, "", Rule::CallLimit);
}

TEST_F(RouteTest, WithoutCallWaitingOneCallIsBusy) {
  edit(bob_, [](User& u) { u.call_waiting = false; });
  EXPECT_EQ(dial("102").action, Action::Ring);
  live_.calls[bob_.value] = 1;
  expect_refused(dial("102"), Cause::UserBusy, "", Rule::CallWaiting);
}

TEST_F(RouteTest, AUserWithoutAPhoneIsAbsent) {
  live_.contacts.clear();
  expect_refused(dial("102"), Cause::SubscriberAbsent, "please-try-call-later", Rule::Registered);
}

TEST_F(RouteTest, RingsEveryLineThatCanBeReached) {
  const Plan both = dial("102");
  EXPECT_EQ(both.action, Action::Ring);
  EXPECT_EQ(both.user, bob_);
  EXPECT_EQ(both.lines, (std::vector{bob_desk_, bob_soft_}));
  EXPECT_EQ(both.ring_time, std::chrono::seconds(20));
  live_.contacts[bob_desk_.value] = 0;
  EXPECT_EQ(dial("102").lines, (std::vector{bob_soft_}));
}

TEST_F(RouteTest, AFixedPeerIsAlwaysReachable) {
  const Plan plan = dial("200");
  EXPECT_EQ(plan.lines, (std::vector{gateway_}));
  EXPECT_EQ(plan.ring_time, std::chrono::seconds(30));
  EXPECT_FALSE(plan.user);
}

TEST_F(RouteTest, RingSecondsZeroRingsUntilTheCallerHangsUp) {
  edit(bob_, [](User& u) { u.ring_seconds = 0; });
  EXPECT_EQ(dial("102").ring_time, std::chrono::seconds(10'800));
}

TEST_F(RouteTest, TheOwnNumberRingsTheOtherPhonesOnly) {
  EXPECT_EQ(dial("102", bob_desk_).lines, (std::vector{bob_soft_}));
  expect_refused(dial("101", alice_line_), Cause::UserBusy, "", Rule::OwnNumber);
}

TEST_F(RouteTest, AFeatureCodeWinsAndTakesWhatFollows) {
  const Plan echo = dial("*55");
  EXPECT_EQ(echo.action, Action::Feature);
  EXPECT_EQ(echo.feature, "echo");
  EXPECT_EQ(echo.argument, "");
  const Plan pickup = dial("*8102");
  EXPECT_EQ(pickup.feature, "pickup");
  EXPECT_EQ(pickup.argument, "102");
}

TEST_F(RouteTest, IgnoresSeparatorsAndALeadingPlus) {
  for (const char* number : {"1-02", "(10) 2", "1.0.2", "+102", " + 102"}) {
    EXPECT_EQ(dial(number).action, Action::Ring) << number;
  }
  EXPECT_EQ(dial("1+02").action, Action::Refuse);
}

TEST_F(RouteTest, TheTraceNamesEachRuleInItsOrder) {
  std::vector<Rule> rules;
  for (const Step& step : dial("102").trace) rules.push_back(step.rule);
  EXPECT_EQ(rules, (std::vector{Rule::CallerKnown, Rule::CallerEnabled, Rule::CallerLimit, Rule::FeatureCode,
                                Rule::Extension, Rule::Destination, Rule::UserEnabled, Rule::CallLimit,
                                Rule::Registered, Rule::Registered}));
}

TEST_F(RouteTest, DescribesStepsAndOutcomesInBothLanguages) {
  const Plan plan = dial("102");
  EXPECT_EQ(describe(plan, Language::English), "2 lines ring for up to 20 s.");
  EXPECT_EQ(describe(plan.trace[4], Language::French), "Le numéro 102 existe dans le contexte default.");
  EXPECT_EQ(describe(plan.trace[5], Language::English), "It leads to: User Bob (2 lines).");
  EXPECT_EQ(describe(dial("999"), Language::English),
            "The call is refused: the number is nobody's (cause 1).");
  EXPECT_EQ(describe(dial("*55"), Language::French), "La fonction echo répond.");
  EXPECT_EQ(describe(dial("*8102").trace[3], Language::English),
            "\"*8102\" calls the feature pickup (code *8, argument 102).");
}

TEST_F(RouteTest, EveryRuleHasSentencesWithoutHoles) {
  for (int rule = 0; rule <= static_cast<int>(Rule::Outcome); ++rule) {
    for (const bool met : {false, true}) {
      for (const Language language : {Language::French, Language::English}) {
        const std::string sentence = describe(Step{static_cast<Rule>(rule), met, {}}, language);
        EXPECT_FALSE(sentence.empty()) << rule;
        EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
      }
    }
  }
}

TEST(RoutePrompts, ExistInBothCoreSoundPacks) {
  const std::filesystem::path sounds = "/usr/share/asterisk/sounds";
  if (!std::filesystem::exists(sounds)) GTEST_SKIP() << "no sound packs here";
  for (const char* pack : {"fr_CA_f_June", "en_US_f_Allison"}) {
    for (const char* prompt : {"ss-noservice", "all-circuits-busy-now", "please-try-call-later"}) {
      EXPECT_TRUE(std::filesystem::exists(sounds / pack / (std::string(prompt) + ".wav")))
          << pack << " " << prompt;
    }
  }
}

}  // namespace
}  // namespace xivo::model::routing
