#include "model/transaction.hpp"

#include <gtest/gtest.h>

#include "model/json.hpp"
#include "model/schema.hpp"

namespace xivo::model {
namespace {

using Op = Change::Op;
using Rule = Problem::Rule;

const Moment kMoment{std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::seconds(1'800'000'000)),
                     42};

Change create(std::string kind, Value fields, std::int64_t id = 0) {
  return {.kind = std::move(kind), .op = Op::Create, .id = id, .fields = std::move(fields)};
}
Change update(std::string kind, std::int64_t id, Value fields) {
  return {.kind = std::move(kind), .op = Op::Update, .id = id, .fields = std::move(fields)};
}
Change remove(std::string kind, std::int64_t id) {
  return {.kind = std::move(kind), .op = Op::Delete, .id = id, .fields = {}};
}

/// Alice (user 1) with line 1, Bob (user 2) with line 2; revision 1.
class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() {
    ConfigBuilder builder;
    builder.revision(1);
    const UserId alice =
        builder.add({.firstname = "Alice", .lastname = "Durand", .email = "alice@example.com"});
    const UserId bob = builder.add({.firstname = "Bob", .lastname = "Martin"});
    builder.add({.name = "alice", .secret = "alice-secret", .user = alice});
    builder.add({.name = "bob", .secret = "bobs-secret", .user = bob});
    config_ = builder.build();
  }

  Result<Applied, Problems> run(std::vector<Change> changes) {
    return apply(*config_, {std::move(changes), "admin", "why"}, kMoment);
  }
  /// The only problem of a transaction that is refused.
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

  ConfigSnapshot config_;
};

TEST_F(TransactionTest, RefusesAnUnknownKindOrField) {
  EXPECT_EQ(problem({create("spaceship", Value::object())}).rule, Rule::UnknownKind);
  const Problem field = problem({update("user", 1, Value::object({{"fristname", "A"}}))});
  EXPECT_EQ(field.rule, Rule::UnknownField);
  EXPECT_EQ(field.field, "fristname");
}

TEST_F(TransactionTest, RefusesFieldsThatAreNoObject) {
  EXPECT_EQ(problem({update("user", 1, Value("firstname"))}).rule, Rule::WrongType);
}

TEST_F(TransactionTest, RequiredFieldsMustBeGivenAndStay) {
  EXPECT_EQ(problem({create("user", Value::object())}).rule, Rule::Required);
  EXPECT_EQ(problem({update("user", 1, Value::object({{"firstname", ""}}))}).rule, Rule::Required);
  EXPECT_EQ(problem({update("user", 1, Value::object({{"firstname", Value()}}))}).field, "firstname");
}

TEST_F(TransactionTest, ListsEveryProblemOfEveryChange) {
  const auto applied =
      run({create("user", Value::object({{"ring_seconds", -1}, {"enabled", "yes"}})),
           update("user", 9, Value::object()), update("line", 1, Value::object({{"position", 0}}))});
  ASSERT_FALSE(applied);
  std::vector<std::size_t> changes;
  for (const Problem& p : applied.error()) changes.push_back(p.change);
  EXPECT_EQ(changes, (std::vector<std::size_t>{0, 0, 0, 1, 2}));
}

TEST_F(TransactionTest, RefusesWhatDoesNotExist) {
  EXPECT_EQ(problem({update("user", 9, Value::object())}).rule, Rule::NotFound);
  EXPECT_EQ(problem({remove("line", 9)}).rule, Rule::NotFound);
  EXPECT_EQ(problem({remove("line", 1), update("line", 1, Value::object())}).rule, Rule::NotFound);
}

TEST_F(TransactionTest, RefusesAReferenceToNobody) {
  const Problem missing = problem({update("line", 1, Value::object({{"user", 9}}))});
  EXPECT_EQ(missing.rule, Rule::ReferenceMissing);
  EXPECT_EQ(missing.fact("reference"), "user");
  EXPECT_EQ(missing.name, "alice");
  EXPECT_EQ(problem({update("line", 1, Value::object({{"user", -7}}))}).rule, Rule::ReferenceMissing);
}

TEST_F(TransactionTest, RefusesAValueThatSomebodyElseHas) {
  const Problem taken = problem({create("line", Value::object({{"name", "bob"}, {"secret", "s3cret99"}}))});
  EXPECT_EQ(taken.rule, Rule::NotUnique);
  EXPECT_EQ(taken.field, "name");
  EXPECT_EQ(taken.other, (Problem::Other{"line", 2, "bob"}));
}

TEST_F(TransactionTest, TwoNewObjectsWithOneValueAreOneProblem) {
  const Value line = Value::object({{"name", "new"}, {"secret", "s3cret99"}});
  EXPECT_EQ(problem({create("line", line), create("line", line)}).rule, Rule::NotUnique);
}

TEST_F(TransactionTest, EmptyValuesOfAUniqueFieldAreNoClash) {
  accept({create("user", Value::object({{"firstname", "Carol"}}))});  // no email, like Bob
}

TEST_F(TransactionTest, ObjectsMaySwapUniqueValues) {
  accept({update("line", 1, Value::object({{"name", "bob"}})),
          update("line", 2, Value::object({{"name", "alice"}}))});
  EXPECT_EQ(config_->line_by_name("bob")->id.value, 1);
}

TEST_F(TransactionTest, APhoneNeedsASecretAFixedPeerDoesNot) {
  EXPECT_EQ(problem({create("line", Value::object({{"name", "x"}}))}).field, "secret");
  accept({create("line", Value::object({{"name", "x"}, {"host", "192.0.2.1:5080"}}))});
  EXPECT_EQ(problem({create("line", Value::object({{"name", "y"}, {"host", "192.0.2.1:5080"}}))}).field,
            "host");
  accept({create("line", Value::object({{"name", "y"}, {"host", "192.0.2.1:5081"}}))});
}

TEST_F(TransactionTest, ALineOfBrowsersHasNoFixedHost) {
  const auto fixed = Value::object({{"name", "x"}, {"host", "192.0.2.1"}, {"transport", "ws"}});
  EXPECT_EQ(problem({create("line", fixed)}).field, "host");
  accept({create("line", Value::object({{"name", "x"}, {"secret", "not-used-here"}, {"transport", "ws"}}))});
}

TEST_F(TransactionTest, ADeletedObjectMustNotBeReferredTo) {
  const Problem used = problem({remove("user", 1)});
  EXPECT_EQ(used.rule, Rule::StillReferenced);
  EXPECT_EQ(used.name, "Alice Durand");
  EXPECT_EQ(used.other, (Problem::Other{"line", 1, "alice"}));
  accept({remove("user", 1), remove("line", 1)});
  EXPECT_EQ(config_->user({1}), nullptr);
  EXPECT_EQ(config_->line_by_name("alice"), nullptr);
}

TEST_F(TransactionTest, ReadOnlyMembersMaySayWhatIsAlreadySo) {
  accept({update("user", 1, object_value(*config_, *find_kind("user"), 1))});
  EXPECT_EQ(problem({update("user", 1, Value::object({{"uuid", "0-0"}}))}).rule, Rule::ReadOnly);
  EXPECT_EQ(problem({update("user", 1, Value::object({{"id", 2}}))}).rule, Rule::ReadOnly);
}

TEST_F(TransactionTest, AChangeOnAnOldStateIsAConflict) {
  accept({update("user", 1, Value::object({{"lastname", "Dupont"}, {"revision", 1}}))});
  const Problem conflict =
      problem({update("user", 1, Value::object({{"lastname", "Petit"}, {"revision", 1}}))});
  EXPECT_EQ(conflict.rule, Rule::Conflict);
  EXPECT_EQ(conflict.fact("revision"), "2");
  EXPECT_EQ(conflict.fact("fields"), "lastname");
  Change deletion = remove("user", 1);
  deletion.base_revision = 1;
  EXPECT_EQ(problem({deletion}).rule, Rule::Conflict);
  accept({update("user", 2, Value::object({{"lastname", "Petit"}, {"revision", 1}}))});  // another object
}

TEST_F(TransactionTest, NothingOfARefusedTransactionIsThere) {
  const auto applied = run({update("user", 1, Value::object({{"lastname", "Dupont"}})), remove("user", 2)});
  ASSERT_FALSE(applied);
  EXPECT_EQ(config_->user({1})->lastname, "Durand");
}

TEST_F(TransactionTest, CreatesReferToEachOtherByTemporaryIds) {
  const auto applied =
      run({create("line", Value::object({{"name", "carol"}, {"secret", "s3cret99"}, {"user", -1}})),
           create("user", Value::object({{"firstname", "Carol"}}), -1),
           update("user", -1, Value::object({{"lastname", "Petit"}}))});
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->ids, (std::vector<std::int64_t>{3, 3, 3}));
  EXPECT_EQ(applied->config->line({3})->user, UserId{3});
  EXPECT_EQ(applied->config->user({3})->full_name(), "Carol Petit");
  EXPECT_EQ(applied->changes.size(), 2U);
}

TEST_F(TransactionTest, OneTemporaryIdNamesOneObject) {
  const Value carol = Value::object({{"firstname", "Carol"}});
  EXPECT_EQ(problem({create("user", carol, -1), create("user", carol, -1)}).rule, Rule::AlreadyExists);
}

TEST_F(TransactionTest, ADeletedObjectComesBackUnderItsId) {
  accept({remove("line", 2), remove("user", 2)});
  accept({create(
      "user", Value::object({{"firstname", "Bob"}, {"uuid", "7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f10"}}), 2)});
  EXPECT_EQ(config_->user({2})->uuid, "7b1f0c52-8d0e-4c35-9a55-3f1f6d2d7f10");
  EXPECT_EQ(problem({create("user", Value::object({{"firstname", "Eve"}}), 2)}).rule, Rule::AlreadyExists);
}

TEST_F(TransactionTest, NewIdsKeepClearOfThoseAskedFor) {
  const Value carol = Value::object({{"firstname", "Carol"}});
  const auto applied = run({create("user", carol), create("user", carol, 3), create("user", carol)});
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->ids, (std::vector<std::int64_t>{4, 3, 5}));
}

TEST_F(TransactionTest, RefusesAnIdThatJsonCannotHold) {
  EXPECT_EQ(problem({create("user", Value::object({{"firstname", "A"}}), INT64_MAX)}).field, "id");
}

TEST_F(TransactionTest, CreatedUsersGetAUuid) {
  const Value carol = Value::object({{"firstname", "Carol"}});
  const auto applied = run({create("user", carol), create("user", carol)});
  ASSERT_TRUE(applied);
  const std::string& uuid = applied->config->user({3})->uuid;
  EXPECT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(uuid, applied->config->user({4})->uuid);
}

TEST_F(TransactionTest, AChangeThatChangesNothingMakesNoRevision) {
  const auto applied = run({update("user", 1, Value::object({{"lastname", "Durand"}})),
                            update("user", 2, Value::object({{"lastname", "x"}})),
                            update("user", 2, Value::object({{"lastname", "Martin"}}))});
  ASSERT_TRUE(applied);
  EXPECT_TRUE(applied->changes.empty());
  EXPECT_EQ(applied->revision, 1);
}

TEST_F(TransactionTest, OnlyWhatChangedGetsTheNewRevision) {
  accept({update("user", 1, Value::object({{"lastname", "Dupont"}})),
          update("user", 2, Value::object({{"lastname", "x"}})),
          update("user", 2, Value::object({{"lastname", "Martin"}}))});
  EXPECT_EQ(config_->revision(), 2);
  EXPECT_EQ(config_->revision_of(UserId{1}), 2);
  EXPECT_EQ(config_->revision_of(UserId{2}), 1);
}

TEST_F(TransactionTest, NullSetsTheDefaultAndMissingLeavesAlone) {
  accept({update("user", 1, Value::object({{"ring_seconds", 60}, {"language", "en_US"}}))});
  accept({update("user", 1, Value::object({{"ring_seconds", Value()}}))});
  EXPECT_EQ(config_->user({1})->ring_seconds, 30);
  EXPECT_EQ(config_->user({1})->language, "en_US");
}

TEST_F(TransactionTest, TheDifferenceMasksSecrets) {
  const auto applied = run({update("line", 1, Value::object({{"secret", "new-secret"}, {"position", 2}}))});
  ASSERT_TRUE(applied);
  EXPECT_EQ(to_json(difference(applied->changes)),
            R"([{"kind":"line","id":1,"op":"update","name":"alice","fields":[)"
            R"({"name":"secret","before":"***","after":"***"},{"name":"position","before":1,"after":2}]}])");
  EXPECT_EQ(applied->changes[0].before.text_at("secret"), "alice-secret");
}

TEST_F(TransactionTest, TheSameInputGivesTheSameOutput) {
  const std::vector<Change> changes{create("user", Value::object({{"firstname", "Carol"}}))};
  EXPECT_EQ(run(changes)->changes[0].after, run(changes)->changes[0].after);
}

TEST_F(TransactionTest, RefusesMoreChangesThanItsLimit) {
  EXPECT_EQ(problem(std::vector<Change>(kChangesMax + 1)).rule, Rule::TooManyChanges);
}

}  // namespace
}  // namespace xivo::model
