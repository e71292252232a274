#include "model/problem.hpp"

#include <gtest/gtest.h>

#include <set>

namespace xivo::model {
namespace {

Problem full(Problem::Rule rule) {
  Problem problem;
  problem.rule = rule;
  problem.kind = "extension";
  problem.id = 7;
  problem.name = "bob";
  problem.field = "exten";
  for (const char* fact :
       {"min",    "max",   "length",  "value",  "choices", "expected", "base",   "revision",
        "fields", "exten", "context", "user",   "code",    "feature",  "start",  "end",
        "path",   "use",   "type",    "ranges", "scope",   "areas",    "french", "english"}) {
    problem.facts.emplace_back(fact, std::string("<") + fact + ">");
  }
  problem.facts.emplace_back("reference", "user");
  problem.other = Problem::Other{"user", 3, "Alice Durand"};
  return problem;
}

constexpr int kRules = static_cast<int>(Problem::Rule::ScenarioBroken) + 1;

TEST(Describe, EveryRuleHasItsOwnNameAndSentencesInBothLanguages) {
  std::set<std::string> seen;
  for (int i = 0; i < kRules; ++i) {
    const Problem problem = full(static_cast<Problem::Rule>(i));
    EXPECT_TRUE(seen.insert(std::string(name(problem.rule))).second) << name(problem.rule);
    for (const Language language : {Language::French, Language::English}) {
      const std::string sentence = describe(problem, language);
      EXPECT_TRUE(seen.insert(sentence).second) << sentence;
      EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
      EXPECT_EQ(sentence.back(), '.') << sentence;
    }
  }
}

TEST(Describe, NamesObjectFieldAndTheOtherParty) {
  Problem problem = full(Problem::Rule::NotUnique);
  problem.facts = {{"value", "101"}};
  EXPECT_EQ(describe(problem, Language::English),
            "Extension \"bob\" (no. 7): \"Number\": 101 is already taken by User \"Alice Durand\" (no. 3).");
  EXPECT_EQ(describe(problem, Language::French),
            "Numéro «\u00a0bob\u00a0» (n° 7)\u00a0: «\u00a0Numéro\u00a0»\u00a0: 101 est déjà pris par "
            "Utilisateur «\u00a0Alice Durand\u00a0» (n° 3).");
}

TEST(Describe, SaysWhichCharactersAreAllowed) {
  Problem problem = full(Problem::Rule::Pattern);
  EXPECT_NE(describe(problem, Language::English).find("(allowed: digits, * and #"), std::string::npos);
}

TEST(Describe, NamesTheRowAndTheMemberWithinAField) {
  Problem problem;
  problem.kind = "context";
  problem.name = "default";
  problem.field = "user_ranges.1.start";
  EXPECT_EQ(describe(problem, Language::English),
            "Context \"default\": \"User ranges, 2: Start\" is required.");
  problem.kind = "extension";
  problem.field = "destination.user";
  EXPECT_EQ(describe(problem, Language::English),
            "Extension \"default\": \"Destination: User\" is required.");
}

TEST(Describe, SpeaksOfAnObjectThatIsToBeCreated) {
  Problem problem;
  problem.kind = "user";
  problem.field = "firstname";
  EXPECT_EQ(describe(problem, Language::English), "User to be created: \"First name\" is required.");
}

TEST(Describe, CopesWithKindsAndFieldsItDoesNotKnow) {
  Problem problem;
  problem.rule = Problem::Rule::UnknownKind;
  problem.kind = "spaceship";
  problem.id = 4;
  EXPECT_EQ(describe(problem, Language::English), "spaceship (no. 4): there is no such kind of object.");
}

}  // namespace
}  // namespace xivo::model
