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
    alice_ = builder_.add({.firstname = "Alice"});
    bob_ = builder_.add({.firstname = "Bob", .ring_seconds = 20});
    alice_line_ = line({.name = "alice", .user = alice_, .exten = "101"});
    bob_desk_ = line({.name = "bob-desk", .user = bob_, .exten = "102"});
    bob_soft_ = line({.name = "bob-soft", .user = bob_, .exten = "102"});
    gateway_ = builder_.add({.name = "gw", .exten = "200", .host = "192.0.2.9"});
  }
  SipLineId line(SipLine line) {
    const SipLineId id = builder_.add(std::move(line));
    live_.contacts[id.value] = 1;
    return id;
  }
  Plan dial(std::string number, SipLineId from) {
    return route(*builder_.build(), live_, {.dialled = std::move(number), .from_line = from});
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
  const Plan plan =
      route(*builder_.build(), live_, {.dialled = "102", .from_line = alice_line_, .context = "branch"});
  expect_refused(plan, Cause::UnallocatedNumber, "ss-noservice", Rule::Extension);
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
                                Rule::Extension, Rule::UserEnabled, Rule::CallLimit, Rule::Registered,
                                Rule::Registered}));
}

TEST_F(RouteTest, DescribesStepsAndOutcomesInBothLanguages) {
  const Plan plan = dial("102");
  EXPECT_EQ(describe(plan, Language::English), "2 line(s) ring for up to 20 s.");
  EXPECT_EQ(describe(plan.trace[4], Language::French),
            "Le numéro 102 existe dans le contexte default (2 ligne(s)).");
  EXPECT_EQ(describe(dial("999"), Language::English),
            "The call is refused: the number is nobody's (cause 1).");
  EXPECT_EQ(describe(dial("*55"), Language::French), "La fonction echo répond.");
  EXPECT_EQ(describe(dial("*8102").trace[3], Language::English),
            "\"*8102\" calls the feature pickup (code *8, argument 102).");
}

TEST_F(RouteTest, EveryRuleHasSentencesWithoutHoles) {
  for (int rule = 0; rule <= static_cast<int>(Rule::OwnNumber); ++rule) {
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
