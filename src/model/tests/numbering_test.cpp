// The rules of contexts, extensions, voicemail and the one object of general settings, through transactions.
#include <gtest/gtest.h>

#include "model/json.hpp"
#include "model/schema.hpp"
#include "model/transaction.hpp"

namespace xivo::model {
namespace {

using Op = Change::Op;
using Rule = Problem::Rule;

Change create(std::string kind, std::string_view fields, std::int64_t id = 0) {
  return {.kind = std::move(kind), .op = Op::Create, .id = id, .fields = *parse_json(fields)};
}
Change update(std::string kind, std::int64_t id, std::string_view fields) {
  return {.kind = std::move(kind), .op = Op::Update, .id = id, .fields = *parse_json(fields)};
}
Change remove(std::string kind, std::int64_t id) {
  return {.kind = std::move(kind), .op = Op::Delete, .id = id, .fields = {}};
}

/// Contexts 1 "default" (users 100-199) and 2 "other" (no ranges), user 1; the feature code *55.
class NumberingTest : public ::testing::Test {
 protected:
  NumberingTest() {
    config_ = ConfigBuilder(std::vector<FeatureCode>{{"*55", "echo"}}).build();
    accept({create("context", R"({"name":"default","user_ranges":[{"start":"100","end":"199"}]})"),
            create("context", R"({"name":"other"})"), create("user", R"({"firstname":"Ann"})")});
  }
  Result<Applied, Problems> run(std::vector<Change> changes) {
    return apply(*config_, {std::move(changes), "admin", "why"}, {});
  }
  Problem problem(std::vector<Change> changes) {
    const auto applied = run(std::move(changes));
    if (applied) {
      ADD_FAILURE() << "accepted";
      return {};
    }
    EXPECT_EQ(applied.error().size(), 1U) << describe(applied.error().back(), Language::English);
    return applied.error().front();
  }
  void accept(std::vector<Change> changes) {
    auto applied = run(std::move(changes));
    ASSERT_TRUE(applied) << describe(applied.error().front(), Language::English);
    config_ = applied->config;
  }
  template <class Kind>
  const Kind& object(std::int64_t id) {
    return *config_->find(ObjectId<Kind>{id});
  }

  ConfigSnapshot config_;
};

TEST_F(NumberingTest, ARangeHasOneLengthAndADirection) {
  const Problem mixed = problem({update("context", 2, R"({"group_ranges":[{"start":"200","end":"2000"}]})")});
  EXPECT_EQ(mixed.rule, Rule::RangeMixedLengths);
  EXPECT_EQ(mixed.field, "group_ranges.0.end");
  EXPECT_EQ(problem({update("context", 2, R"({"ivr_ranges":[{"start":"399","end":"300"}]})")}).field,
            "ivr_ranges.0.end");
  const Problem backwards =
      problem({update("context", 2, R"({"incall_ranges":[{"start":"0200","end":"0199"}]})")});
  EXPECT_EQ(backwards.rule, Rule::RangeBackwards);
  EXPECT_EQ(problem({update("context", 2, R"({"user_ranges":[{"start":"1a"}]})")}).rule, Rule::Pattern);
  EXPECT_EQ(problem({update("context", 2, R"({"user_ranges":[{"start":"12345678901234567"}]})")}).rule,
            Rule::TooLong);
  accept({update("context", 2, R"({"user_ranges":[{"start":"0100"},{"start":"200","end":"299"}]})")});
}

TEST_F(NumberingTest, IncludesMakeNoCircle) {
  accept({update("context", 1, R"({"includes":["other"]})")});
  EXPECT_EQ(object<Context>(1).includes, (std::vector<ContextId>{{2}}));
  const Problem circle = problem({update("context", 2, R"({"includes":[1]})")});
  EXPECT_EQ(circle.rule, Rule::IncludeCycle);
  EXPECT_EQ(circle.fact("path"), "other > default > other");
  EXPECT_EQ(problem({update("context", 2, R"({"includes":[2]})")}).rule, Rule::IncludeCycle);
}

TEST_F(NumberingTest, AnIncludedContextMustExistAndStay) {
  const Problem missing = problem({update("context", 1, R"({"includes":[2, 9]})")});
  EXPECT_EQ(missing.rule, Rule::ReferenceMissing);
  EXPECT_EQ(missing.field, "includes.1");
  EXPECT_EQ(problem({update("context", 1, R"({"includes":["nowhere"]})")}).fact("value"), "nowhere");
  accept({update("context", 1, R"({"includes":[2]})")});
  const Problem used = problem({remove("context", 2)});
  EXPECT_EQ(used.rule, Rule::StillReferenced);
  EXPECT_EQ(used.other, (Problem::Other{"context", 1, "default"}));
}

TEST_F(NumberingTest, ANumberIsInItsContextOnce) {
  accept({create("extension", R"({"exten":"101","context":"default"})")});
  const Problem taken = problem({create("extension", R"({"exten":"101","context":1})")});
  EXPECT_EQ(taken.rule, Rule::NotUnique);
  EXPECT_EQ(taken.fact("value"), "101");
  accept({create("extension", R"({"exten":"101","context":"other"})")});
  EXPECT_EQ(problem({update("extension", 2, R"({"context":"default"})")}).rule, Rule::NotUnique);
}

TEST_F(NumberingTest, AContextIsCalledByItsNameEvenBeforeItExists) {
  accept({create("extension", R"({"exten":"7","context":"new"})"), create("context", R"({"name":"new"})")});
  EXPECT_EQ(object<Extension>(1).context, ContextId{3});
  EXPECT_EQ(problem({create("extension", R"({"exten":"8","context":"newer"})")}).rule,
            Rule::ReferenceMissing);
  accept({update("context", 3, R"({"name":"renamed"})"),
          create("extension", R"({"exten":"8","context":"renamed"})")});
  EXPECT_EQ(object<Extension>(2).context, ContextId{3});
}

TEST_F(NumberingTest, AUsersNumberIsWithinTheRangesOfItsContext) {
  const Problem outside =
      problem({create("extension", R"({"exten":"201","context":1,"destination":{"type":"user","user":1}})")});
  EXPECT_EQ(outside.rule, Rule::OutsideRange);
  EXPECT_EQ(outside.fact("ranges"), "100-199");
  EXPECT_EQ(
      problem({create("extension", R"({"exten":"0150","context":1,"destination":{"type":"user","user":1}})")})
          .rule,
      Rule::OutsideRange);
  accept({create("extension", R"({"exten":"150","context":1,"destination":{"type":"user","user":1}})"),
          create("extension", R"({"exten":"201","context":1,"destination":{"type":"hangup"}})"),
          create("extension", R"({"exten":"201","context":2,"destination":{"type":"user","user":1}})")});
}

TEST_F(NumberingTest, PeopleAreNotCalledInAContextOfOutgoingCalls) {
  const Problem wrong = problem(
      {create("context", R"({"name":"out","type":"outcall"})"),
       create("extension", R"({"exten":"1","context":"out","destination":{"type":"user","user":1}})")});
  EXPECT_EQ(wrong.rule, Rule::ContextType);
  EXPECT_EQ(wrong.fact("context"), "out");
  EXPECT_EQ(wrong.change, 1U);
}

TEST_F(NumberingTest, ADestinationRefersLikeAFieldDoes) {
  EXPECT_EQ(
      problem({create("extension", R"({"exten":"150","context":1,"destination":{"type":"user","user":9}})")})
          .field,
      "destination.user");
  accept({create("extension", R"({"exten":"150","context":1,"destination":{"type":"user","user":-5}})"),
          create("user", R"({"firstname":"Bob"})", -5)});
  EXPECT_EQ(object<Extension>(1).destination.as<ToUser>()->user, UserId{2});
  const Problem used = problem({remove("user", 2)});
  EXPECT_EQ(used.rule, Rule::StillReferenced);
  EXPECT_EQ(used.field, "destination");
  EXPECT_EQ(used.other, (Problem::Other{"extension", 1, "150"}));
}

TEST_F(NumberingTest, ANumberIsNoFeatureCodeNorTheOtherWayRound) {
  EXPECT_EQ(problem({create("extension", R"({"exten":"*55","context":2})")}).rule,
            Rule::ExtensionIsFeatureCode);
  accept({create("extension", R"({"exten":"*561","context":2})")});
  const Problem hides = problem({update("feature_code", 1, R"({"code":"*56"})")});
  EXPECT_EQ(hides.rule, Rule::NotUnique);
  EXPECT_EQ(hides.other, (Problem::Other{"extension", 1, "*561"}));
  accept({update("feature_code", 1, R"({"enabled":false})"),
          create("extension", R"({"exten":"*55","context":2})")});
  EXPECT_EQ(config_->feature_code("*55"), nullptr);
}

TEST_F(NumberingTest, AMailboxNumberIsUniqueInItsContext) {
  const std::string box = R"({"name":"Ann","number":"101","context":1})";
  accept({create("voicemail", box), create("voicemail", R"({"name":"Bob","number":"101","context":2})")});
  EXPECT_EQ(problem({create("voicemail", box)}).rule, Rule::NotUnique);
  EXPECT_EQ(problem({update("voicemail", 1, R"({"delete_messages":true})")}).field, "email");
}

TEST_F(NumberingTest, GeneralSettingsAreThereBeforeAnybodyWritesThemAndStay) {
  accept({update("general", 1, R"({"company":"Durand SA"})")});
  EXPECT_EQ(object<General>(1).company, "Durand SA");
  accept({update("general", 1, R"({"setup_done":true})")});
  EXPECT_EQ(object<General>(1).company, "Durand SA");
  EXPECT_EQ(problem({create("general", "{}")}).rule, Rule::AlreadyExists);
  EXPECT_EQ(problem({remove("general", 1)}).rule, Rule::NotDeletable);
}

}  // namespace
}  // namespace xivo::model
