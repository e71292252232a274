// Rules of roles and accounts.
#include "model/access.hpp"

#include <gtest/gtest.h>

#include "model/rights.hpp"
#include "model/transaction.hpp"

namespace xivo::model {
namespace {

using Op = Change::Op;
using Rule = Problem::Rule;

/// The supplied roles (administrator is 1, operator 3), account 1 "admin" with all rights, account 2 "olga", operator.
class AccessTest : public ::testing::Test {
 protected:
  AccessTest() {
    ConfigBuilder builder;
    for (const Role& role : supplied_roles()) builder.put(role);
    builder.put(Account{.name = "admin", .role = RoleId{1}});
    builder.put(Account{.name = "olga", .role = RoleId{3}});
    config_ = builder.build();
  }

  Result<Applied, Problems> run(Change change, std::optional<Rights> rights = std::nullopt) {
    return apply(*config_, {{std::move(change)}, "somebody", "why", std::move(rights)}, {});
  }
  void expect(Rule rule, Change change, std::optional<Rights> rights = std::nullopt) {
    const auto applied = run(std::move(change), std::move(rights));
    ASSERT_FALSE(applied) << "expected " << name(rule);
    EXPECT_EQ(applied.error().front().rule, rule) << describe(applied.error().front(), Language::English);
  }
  static Change update(std::string kind, std::int64_t id, Value fields) {
    return {std::move(kind), Op::Update, id, std::move(fields), std::nullopt};
  }
  static Change remove(std::string kind, std::int64_t id) {
    return {std::move(kind), Op::Delete, id, Value(), std::nullopt};
  }
  static Change role(Value::List rights) {
    return {"role", Op::Create, 0, Value::object({{"name", "new"}, {"rights", std::move(rights)}}),
            std::nullopt};
  }
  static Change account(std::int64_t role_id) {
    return {"account", Op::Create, 0, Value::object({{"name", "new"}, {"role", role_id}}), std::nullopt};
  }

  ConfigSnapshot config_;
};

TEST_F(AccessTest, TheLastAdministratorStays) {
  expect(Rule::LastAdministrator, remove("account", 1));
  expect(Rule::LastAdministrator, update("account", 1, Value::object({{"enabled", false}})));
  expect(Rule::LastAdministrator, update("account", 1, Value::object({{"role", 3}})));
  expect(Rule::LastAdministrator,
         update("role", 1, Value::object({{"rights", Value::List{Value("*:read")}}})));
}

TEST_F(AccessTest, AnAdministratorMayGoWhenAnotherIsThere) {
  config_ = run(account(1))->config;
  EXPECT_TRUE(run(remove("account", 1)));
}

TEST_F(AccessTest, TheFirstAccountIsAnAdministrator) {
  ConfigBuilder builder;
  for (const Role& role : supplied_roles()) builder.put(role);
  config_ = builder.build();
  expect(Rule::LastAdministrator, account(3));
  EXPECT_TRUE(run(account(1)));
}

TEST_F(AccessTest, ASuppliedRoleStaysWithItsNameAndSomeRights) {
  expect(Rule::SuppliedRole, remove("role", 4));
  expect(Rule::SuppliedRole, update("role", 4, Value::object({{"name", "snooper"}})));
  expect(Rule::SuppliedRole, update("role", 4, Value::object({{"rights", Value::List{}}})));
  EXPECT_TRUE(run(update("role", 4, Value::object({{"rights", Value::List{Value("call:read")}}}))));
}

TEST_F(AccessTest, AnOwnRoleComesAndGoes) {
  config_ = run(role({}))->config;
  EXPECT_TRUE(run(remove("role", 6)));
}

TEST_F(AccessTest, ARoleThatAnAccountHasStays) {
  config_ = run(role({}))->config;
  config_ = run(update("account", 2, Value::object({{"role", 6}})))->config;
  expect(Rule::StillReferenced, remove("role", 6));
}

TEST_F(AccessTest, ARightIsAScopeOfThisSystem) {
  expect(Rule::UnknownScope, role({Value("user")}));
  expect(Rule::UnknownScope, role({Value("planet:read")}));
  EXPECT_TRUE(run(role({Value("user:*"), Value("*:read")})));
}

TEST_F(AccessTest, AnAccountNeedsARole) {
  expect(Rule::Required, {"account", Op::Create, 0, Value::object({{"name", "new"}}), std::nullopt});
}

TEST_F(AccessTest, EachChangeNeedsTheRightToWriteItsKind) {
  const Change user{"user", Op::Create, 0, Value::object({{"firstname", "Eve"}}), std::nullopt};
  const auto refused = run(user, Rights({"line:write", "*:read"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().rule, Rule::Forbidden);
  EXPECT_EQ(refused.error().front().fact("scope"), "user:write");
  EXPECT_TRUE(run(user, Rights({"user:write"})));
  EXPECT_TRUE(run(user)) << "the system itself";
}

TEST_F(AccessTest, NobodyGivesARightThatIsNotHisOwn) {
  const Rights clerk({"account:write", "role:write", "user:*"});
  expect(Rule::AboveOwnRights, account(1), clerk);
  expect(Rule::AboveOwnRights, role({Value("line:write")}), clerk);
  expect(Rule::AboveOwnRights, update("role", 3, Value::object({{"label", "Mine"}})), clerk);
  EXPECT_TRUE(run(role({Value("user:read")}), clerk));
}

TEST_F(AccessTest, NobodyReachesAnAccountThatMayMoreThanHimself) {
  const Rights clerk({"account:write", "user:*"});
  config_ = run(account(1))->config;
  expect(Rule::AboveOwnRights, remove("account", 3), clerk);
  expect(Rule::AboveOwnRights, update("account", 3, Value::object({{"enabled", false}})), clerk);
  expect(Rule::AboveOwnRights, update("account", 3, Value::object({{"role", 5}})), clerk);
}

TEST(SuppliedRoles, AreCalledInTheReadersLanguage) {
  const Role& supervisor = supplied_roles()[1];
  EXPECT_EQ(label_in(supervisor, Language::French), "Superviseur");
  EXPECT_EQ(label_in(supervisor, Language::English), "Supervisor");
  EXPECT_EQ(label_in(Role{.label = "Help desk"}, Language::French), "Help desk");
  EXPECT_EQ(label_in(Role{.label = "a / b / c"}, Language::French), "a / b / c");
}

TEST(SuppliedRoles, HaveKnownRightsOnly) {
  for (const Role& role : supplied_roles()) {
    EXPECT_FALSE(role.rights.empty()) << role.name;
    for (const std::string& right : role.rights) EXPECT_TRUE(is_scope(right)) << right;
  }
}

}  // namespace
}  // namespace xivo::model
