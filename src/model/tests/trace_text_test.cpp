#include "model/routing/trace_text.hpp"

#include <gtest/gtest.h>

namespace xivo::model::routing {
namespace {

constexpr Language kBoth[] = {Language::French, Language::English};

TEST(TraceText, LeavesAnyOtherTextAsItIs) {
  for (const std::string_view text :
       {"", "ringing", "100% of |=", "@", "@+", "@nothing-known+", "@registered", "@registered+|line",
        "@plan+", "@plan+|action=fly", "101@192.0.2.1"}) {
    for (const auto language : kBoth) EXPECT_EQ(worded(text, language), text);
  }
}

TEST(TraceText, WordsAStepAsTheStepItself) {
  const Step step{Step::Rule::Registered, true, {{"line", "101"}, {"contacts", "2"}}, {{"line", 4}}};
  EXPECT_EQ(trace_text(step), "@registered+|line=101|contacts=2|#line=4");
  for (const auto language : kBoth) EXPECT_EQ(worded(trace_text(step), language), describe(step, language));
}

TEST(TraceText, KeepsWhatHasAMeaningInALine) {
  const Step step{Step::Rule::UserEnabled, true, {{"user", "Ann|Bob =100%41\n Ève"}}, {}};
  EXPECT_EQ(trace_text(step).find('\n'), std::string::npos);
  for (const auto language : kBoth) EXPECT_EQ(worded(trace_text(step), language), describe(step, language));
}

TEST(TraceText, LeavesOutWhatDoesNotFit) {
  const Step step{
      Step::Rule::UserEnabled, false, {{"long", std::string(kTraceTextMax, 'x')}, {"user", "Bob"}}, {}};
  EXPECT_LE(trace_text(step).size(), kTraceTextMax);
  EXPECT_NE(worded(trace_text(step), Language::English).find("Bob"), std::string::npos);
}

TEST(TraceText, WordsEveryPlanAsThePlanItself) {
  Plan plan;
  plan.lines = {SipLineId{1}, SipLineId{2}};
  plan.ring_time = std::chrono::seconds(20);
  plan.feature = "echo";
  plan.number = "0123456789";
  plan.attempts.resize(3);
  plan.trace.push_back(Step{Step::Rule::Blocklist, false, {}, {}});
  for (const auto action : {Plan::Action::Ring, Plan::Action::Dial, Plan::Action::Feature,
                            Plan::Action::AskCode, Plan::Action::Refuse}) {
    plan.action = action;
    for (const auto language : kBoth) EXPECT_EQ(worded(trace_text(plan), language), describe(plan, language));
  }
}

TEST(TraceText, WordsARemarkInBothLanguages) {
  const auto text = trace_text(Remark::SentOn, {{"who", "SIP/102-1"}, {"number", "103"}});
  EXPECT_EQ(worded(text, Language::English), "SIP/102-1 sends the call on to 103.");
  EXPECT_EQ(worded(text, Language::French), "SIP/102-1 envoie l'appel au 103.");
}

}  // namespace
}  // namespace xivo::model::routing
