#include "model/permission/permitted.hpp"

#include <gtest/gtest.h>

#include "model/kinds/call_permission.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/schema.hpp"
#include "model/transaction.hpp"

namespace xivo::model::permission {
namespace {

constexpr UserId kAlice{1};
constexpr UserId kBob{2};  // has a code of his own
constexpr OutgoingRouteId kOutside{1};

class Permission : public ::testing::Test {
 protected:
  Permission() {
    User alice;
    alice.id = kAlice;
    builder_.add(alice);
    User bob;
    bob.id = kBob;
    bob.call_permission_password = "2222";
    builder_.add(bob);
    OutgoingRoute route;
    route.id = kOutside;
    route.name = "outside";
    builder_.put(route);
  }

  CallPermissionId rule(std::string mode, std::vector<std::string> patterns, std::vector<UserId> users,
                        std::vector<OutgoingRouteId> routes = {}, std::string password = {}) {
    CallPermission permission;
    permission.mode = std::move(mode);
    permission.extensions = std::move(patterns);
    permission.users = std::move(users);
    permission.outgoing_routes = std::move(routes);
    permission.password = std::move(password);
    return builder_.put(std::move(permission));
  }
  Verdict ask(UserId user, std::string_view dialled, std::string_view code = {}) {
    return permitted(*builder_.build(), {user, kOutside, dialled, {}, code});
  }
  Answer answer(UserId user, std::string_view dialled, std::string_view code = {}) {
    return ask(user, dialled, code).answer;
  }

  ConfigBuilder builder_;
};

TEST_F(Permission, RefusesWhoIsNotKnown) {
  const Verdict verdict = ask({9}, "0123456789");
  EXPECT_EQ(verdict.answer, Answer::Refused);
  EXPECT_EQ(verdict.reason, Reason::UserUnknown);
  EXPECT_EQ(permitted(*builder_.build(), {kAlice, {9}, "0123456789", {}, {}}).reason, Reason::RouteUnknown);
}

TEST_F(Permission, FailsClosedWhenItsPatternsCannotBeRead) {
  const auto broken = rule("deny", {"_[1-"}, {kAlice});
  const Verdict verdict = ask(kAlice, "0123456789");
  EXPECT_EQ(verdict.answer, Answer::Refused);
  EXPECT_EQ(verdict.permission, broken);
  rule("allow", {"_[1-"}, {kAlice});  // opens nothing
  EXPECT_EQ(answer(kAlice, "0123456789"), Answer::Refused);
}

TEST_F(Permission, FailsClosedWhenItsPatternsAreMissing) {
  rule("deny", {}, {kAlice});
  EXPECT_EQ(answer(kAlice, "102"), Answer::Refused);
  EXPECT_EQ(answer(kBob, "102"), Answer::Allowed);
}

TEST_F(Permission, ReadsAnUnknownModeAsADeny) {
  rule("perhaps", {"_00."}, {kAlice});
  EXPECT_EQ(answer(kAlice, "0044123"), Answer::Refused);
}

TEST_F(Permission, NeverStopsACallForHelp) {
  rule("deny", {"_."}, {kAlice}, {kOutside});
  for (const char* number : {"15", "17", "18", "112", "114", "119", "116000"}) {
    const Verdict verdict = ask(kAlice, number);
    EXPECT_EQ(verdict.answer, Answer::Allowed) << number;
    EXPECT_EQ(verdict.reason, Reason::Emergency) << number;
  }
  EXPECT_EQ(permitted(*builder_.build(), {kAlice, kOutside, "0112", "112", {}}).answer, Answer::Allowed);
  EXPECT_EQ(answer(kAlice, "113"), Answer::Refused);
}

TEST_F(Permission, AllowsWhatNoRuleSpeaksOf) {
  rule("deny", {"_00."}, {kAlice});
  EXPECT_EQ(ask(kAlice, "0123456789").reason, Reason::NoRule);
  EXPECT_EQ(ask(kBob, "0044123").reason, Reason::NoRule);
  EXPECT_EQ(answer(kAlice, "0044123"), Answer::Refused);
}

TEST_F(Permission, SeesThroughEveryFormOfANumber) {
  rule("deny", {"_089XXXXXXX"}, {kAlice});
  for (const char* number :
       {"0899123456", "+33899123456", "0033899123456", "08 99 12 34 56", "+33 8 99-12-34-56"})
    EXPECT_EQ(answer(kAlice, number), Answer::Refused) << number;
  EXPECT_EQ(permitted(*builder_.build(), {kAlice, kOutside, "00899123456", "0899123456", {}}).answer,
            Answer::Refused);
  rule("deny", {"_0044."}, {kAlice});
  EXPECT_EQ(answer(kAlice, "+44 20 7946 0000"), Answer::Refused);
}

TEST_F(Permission, LetsAnAllowWinWithinALevelOnly) {
  rule("deny", {"_."}, {kAlice});
  rule("allow", {"_01XXXXXXXX"}, {kAlice});
  EXPECT_EQ(ask(kAlice, "0123456789").reason, Reason::AllowRule);
  EXPECT_EQ(answer(kAlice, "0623456789"), Answer::Refused);
  // The route's allow does not open what the user's level refuses, nor its deny close what that allows.
  rule("allow", {"_06XXXXXXXX"}, {}, {kOutside});
  EXPECT_EQ(answer(kAlice, "0623456789"), Answer::Refused);
  rule("deny", {"_01XXXXXXXX"}, {}, {kOutside});
  EXPECT_EQ(answer(kAlice, "0123456789"), Answer::Allowed);
  EXPECT_EQ(answer(kBob, "0123456789"), Answer::Refused);  // no rule of his own: the route's decides
  EXPECT_EQ(answer({}, "0123456789"), Answer::Refused);  // and of a call that is nobody's
}

TEST_F(Permission, AsksForTheCode) {
  const auto locked = rule("deny", {"_00."}, {kAlice, kBob}, {}, "4711");
  const Verdict first = ask(kAlice, "0044123");
  EXPECT_EQ(first.answer, Answer::AskCode);
  EXPECT_EQ(first.reason, Reason::CodeNeeded);
  EXPECT_EQ(first.permission, locked);
  EXPECT_EQ(first.pattern, "_00.");
  const Verdict wrong = ask(kAlice, "0044123", "4712");
  EXPECT_EQ(wrong.answer, Answer::AskCode);
  EXPECT_EQ(wrong.reason, Reason::CodeWrong);
  EXPECT_EQ(ask(kAlice, "0044123", "4711").reason, Reason::CodeRight);
  // Bob's own takes the permission's place.
  EXPECT_EQ(answer(kBob, "0044123", "4711"), Answer::AskCode);
  EXPECT_EQ(answer(kBob, "0044123", "2222"), Answer::Allowed);
}

TEST_F(Permission, HasNoCodeForADenyWithoutOne) {
  rule("deny", {"_00."}, {kBob}, {}, "4711");
  rule("deny", {"_0044."}, {kBob});
  EXPECT_EQ(ask(kBob, "0044123", "2222").reason, Reason::DenyRule);
  EXPECT_EQ(answer(kBob, "0049123", "2222"), Answer::Allowed);
}

TEST_F(Permission, IsNotOpenedByOneOfTwoDifferentCodes) {
  rule("deny", {"_00."}, {kAlice, kBob}, {}, "4711");
  rule("deny", {"_0044."}, {kAlice, kBob}, {}, "0815");
  for (const char* code : {"", "4711", "0815"})
    EXPECT_EQ(ask(kAlice, "0044123", code).reason, Reason::CodesDiffer);
  EXPECT_EQ(answer(kAlice, "0049123", "4711"), Answer::Allowed);
  EXPECT_EQ(answer(kBob, "0044123", "2222"), Answer::Allowed);
}

TEST_F(Permission, IsIgnoredWhileDisabled) {
  CallPermission permission;
  permission.extensions = {"_."};
  permission.users = {kAlice};
  permission.enabled = false;
  builder_.put(permission);
  EXPECT_EQ(answer(kAlice, "0044123"), Answer::Allowed);
}

TEST_F(Permission, IsDeclaredWithPatternsThatCanBeRead) {
  const auto config = builder_.build();
  const auto refusal = [&](Value patterns) {
    Transaction transaction;
    transaction.changes.push_back(
        {.kind = "call_permission",
         .fields = Value::object({{"name", Value("x")}, {"extensions", std::move(patterns)}})});
    const auto applied = apply(*config, transaction, {});
    return applied ? std::nullopt : std::optional(applied.error().front().rule);
  };
  EXPECT_EQ(refusal(Value::List{}), Problem::Rule::Required);
  EXPECT_EQ(refusal(Value::List{Value("_[1-")}), Problem::Rule::Pattern);
  EXPECT_EQ(refusal(Value::List{Value("12a")}), Problem::Rule::Pattern);
  EXPECT_EQ(refusal(Value::List{Value("_00."), Value("118218")}), std::nullopt);
}

}  // namespace
}  // namespace xivo::model::permission
