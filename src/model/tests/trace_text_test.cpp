#include "model/routing/trace_text.hpp"

#include <gtest/gtest.h>

#include <set>

#include "model/history/revision_message.hpp"
#include "model/routing/feature_titles.hpp"
#include "model/routing/remark_words.hpp"
#include "model/routing/rule_words.hpp"

namespace xivo::model::routing {
namespace {

constexpr Language kBoth[] = {Language::French, Language::English};

TEST(TraceText, LeavesAnyOtherTextAsItIs) {
  for (const std::string_view text :
       {"", "something else", "100% of |=", "@", "@+", "@nothing-known+", "@registered", "@registered+|line",
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

TEST(TraceText, WordsHowACallEndedInBothLanguages) {
  const auto text = trace_text(Remark::Ended, {{"cause", "17"}});
  EXPECT_EQ(worded(text, Language::English), "ended: User busy");
  EXPECT_EQ(worded(text, Language::French), "terminé : occupé");
  EXPECT_EQ(worded("@ended+|cause=99", Language::English), "ended: Unknown");
}

TEST(TraceText, WritesDecimalNumbersAsTheReaderDoes) {
  const auto text = trace_text(Remark::Quality,
                               {{"mos", "3.91"}, {"lost", "2.5"}, {"jitter", "8.0"}, {"round_trip", "40"}});
  EXPECT_EQ(worded(text, Language::English),
            "quality: MOS 3.91, 2.5 % lost, jitter 8.0 ms, round trip 40 ms");
  EXPECT_EQ(worded(text, Language::French),
            "qualité : MOS 3,91, 2,5 % perdus, gigue 8,0 ms, aller-retour 40 ms");
}

TEST(TraceText, WordsInFrenchWhatWasKeptInEnglishBefore) {
  EXPECT_EQ(worded("ringing", Language::French), "ça sonne");
  EXPECT_EQ(worded("encryption is required", Language::French), "le chiffrement est obligatoire");
  EXPECT_EQ(worded("ringing", Language::English), "ringing");
}

TEST(TraceText, EveryRemarkHasItsNameAndBothLanguages) {
  std::set<std::string_view> names;
  int next = 0;
  for (const RemarkWords& each : remark_words()) {
    EXPECT_EQ(static_cast<int>(each.remark), next++) << each.name;
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_NE(each.words.french, each.words.english) << each.name;
    EXPECT_FALSE(worded(trace_text(each.remark), Language::French).empty());
  }
}

TEST(TraceText, CountsTakeTheSingularAndThePlural) {
  const auto lines = [](const char* count, Language language) {
    return describe(Step{Step::Rule::HasLines, true, {{"user", "Bob"}, {"lines", count}}, {}}, language);
  };
  EXPECT_EQ(lines("0", Language::French), "Bob a 0 ligne.");
  EXPECT_EQ(lines("1", Language::French), "Bob a 1 ligne.");
  EXPECT_EQ(lines("2", Language::French), "Bob a 2 lignes.");
  EXPECT_EQ(lines("0", Language::English), "Bob has 0 lines.");
  EXPECT_EQ(lines("1", Language::English), "Bob has 1 line.");
  EXPECT_EQ(lines("2", Language::English), "Bob has 2 lines.");
}

TEST(TraceText, NoSentenceLeavesTheNumberToTheReader) {
  for (const RuleWords& words : rule_words()) {
    for (const Words& each : {words.met, words.missed}) {
      EXPECT_EQ(each.french.find("(s)"), std::string_view::npos) << words.name;
      EXPECT_EQ(each.english.find("(s)"), std::string_view::npos) << words.name;
    }
  }
}

TEST(RevisionMessageTest, WhatAPersonWroteComesBackAsItIs) {
  for (const std::string_view text :
       {"", "wedding", "@", "@nothing-known", "@alice asked for it", "undo: why not"}) {
    EXPECT_EQ(worded_message(text, Language::French), text);
    EXPECT_EQ(worded_message(text, Language::English), text);
  }
}

TEST(RevisionMessageTest, IsWordedInTheReadersLanguage) {
  const std::string kept = revision_message(RevisionMessage::ExampleCompany);
  EXPECT_EQ(kept, "@example-company");
  EXPECT_EQ(worded_message(kept, Language::French), "Entreprise d'exemple du premier démarrage");
  EXPECT_EQ(worded_message(kept, Language::English), "Example company of the first start");
}

TEST(RevisionMessageTest, TellsItsFact) {
  const std::string kept = revision_message(RevisionMessage::Undo, "41");
  EXPECT_EQ(worded_message(kept, Language::French), "Annulation de la révision 41");
  EXPECT_EQ(worded_message(kept, Language::English), "Undo of revision 41");
}

TEST(RevisionMessageTest, WordsWhatAnEarlierVersionKeptInEnglish) {
  EXPECT_EQ(worded_message("What every system starts with", Language::French),
            "Ce avec quoi tout système commence");
}

class FeatureTitles : public testing::Test {
 protected:
  FeatureTitles() { declare_features({{"test_titled", {"Fonction d'essai", "Feature on trial"}}}); }
};

TEST_F(FeatureTitles, AFeatureThatNobodyDeclaredGoesByItsName) {
  EXPECT_EQ(feature_title("of_another_version", Language::French), "of_another_version");
}

TEST_F(FeatureTitles, ASecondDeclarationChangesNothing) {
  declare_features({{"test_titled", {"autre", "other"}}});
  EXPECT_EQ(feature_title("test_titled", Language::English), "Feature on trial");
}

TEST_F(FeatureTitles, SentencesNameAFeatureByItsTitle) {
  Plan plan;
  plan.action = Plan::Action::Feature;
  plan.feature = "test_titled";
  EXPECT_EQ(describe(plan, Language::French), "La fonction Fonction d'essai répond.");
  Step step{
      Step::Rule::FeatureCode, true, {{"dialled", "*99"}, {"code", "*99"}, {"feature", "test_titled"}}, {}};
  EXPECT_EQ(describe(step, Language::English), "\"*99\" calls the feature Feature on trial (code *99).");
  const auto line = trace_text(Remark::FeatureRuns, {{"feature", "test_titled"}, {"argument", "7"}});
  EXPECT_EQ(worded(line, Language::French), "fonction Fonction d'essai (7)");
  const auto bare = trace_text(Remark::FeatureRuns, {{"feature", "test_titled"}, {"argument", ""}});
  EXPECT_EQ(worded(bare, Language::English), "feature Feature on trial");
}

}  // namespace
}  // namespace xivo::model::routing
