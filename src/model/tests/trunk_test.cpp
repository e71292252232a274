#include "model/kinds/trunk.hpp"

#include <gtest/gtest.h>

#include "model/schema.hpp"
#include "model/transaction.hpp"

namespace xivo::model {
namespace {

using Rule = Problem::Rule;

ConfigSnapshot company() {
  ConfigBuilder builder;
  Context internal;
  internal.name = "default";
  builder.add(internal);
  Context incall;
  incall.name = "from-extern";
  incall.type = "incall";
  builder.add(incall);
  return builder.build();
}

/// The first rule that a new trunk breaks; nothing when it is taken.
std::optional<Problem> refusal(Value trunk, const ConfigSnapshot& config = company()) {
  Transaction transaction;
  transaction.changes.push_back({.kind = "trunk", .fields = std::move(trunk)});
  const auto applied = apply(*config, transaction, {});
  return applied ? std::nullopt : std::optional(applied.error().front());
}

Value access(std::string_view name, std::string_view host) {
  return Value::object({{"name", std::string(name)}, {"host", std::string(host)}});
}

TEST(Trunk, NeedsAHostThatCanBeFound) {
  for (const char* host : {"dynamic", "gateway", "1.2.3", "sip.example:0", "-a.b", "198.51.100.1:99999"}) {
    const auto problem = refusal(access("op", host));
    ASSERT_TRUE(problem) << host;
    EXPECT_EQ(problem->rule, Rule::NotAnAddress) << host;
    EXPECT_EQ(describe(*problem, Language::English).find("dynamic\" nor"), std::string::npos);
  }
  EXPECT_EQ(refusal(Value::object({{"name", "op"}}))->rule, Rule::Required);
  for (const char* host : {"sip.example.com", "sip.example.com:5070", "198.51.100.1", "[2001:db8::1]:5060"})
    EXPECT_EQ(refusal(access("op", host)), std::nullopt) << host;
}

TEST(Trunk, RegistersWithAnAccountOnly) {
  Value trunk = access("op", "sip.example.com");
  trunk.set("register", Value(true));
  const auto problem = refusal(trunk);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->rule, Rule::Required);
  EXPECT_EQ(problem->field, "username");
  trunk.set("username", Value("0033123456789"));
  EXPECT_EQ(refusal(trunk), std::nullopt);
}

TEST(Trunk, LetsInNetworksButNotTheWholeWorld) {
  for (const char* network : {"0.0.0.0/0", "198.0.0.0/7", "::/0", "1.2.3", "2001::/33/4", "a.b"}) {
    Value trunk = access("op", "sip.example.com");
    trunk.set("match_addresses", Value(Value::List{Value(network)}));
    const auto problem = refusal(trunk);
    ASSERT_TRUE(problem) << network;
    EXPECT_EQ(problem->rule, Rule::Pattern) << network;
    EXPECT_EQ(problem->field, "match_addresses");
  }
  Value trunk = access("op", "sip.example.com");
  trunk.set("match_addresses",
            Value(Value::List{Value("198.51.100.0/24"), Value("2001:db8::/32"), Value("10.0.0.0/8")}));
  EXPECT_EQ(refusal(trunk), std::nullopt);
}

TEST(Trunk, SharesNoSourceAddressUnlessItIsKnownByItsRegistration) {
  ConfigBuilder builder(*company());
  Trunk first;
  first.name = "first";
  first.host = "198.51.100.7";
  builder.put(first);
  const auto config = builder.build();
  Value second = access("second", "sip.example.com");
  second.set("match_addresses", Value(Value::List{Value("198.51.100.0/24")}));
  const auto problem = refusal(second, config);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->rule, Rule::NotUnique);
  EXPECT_EQ(problem->other->name, "first");
  second.set("register", Value(true));
  second.set("username", Value("u"));
  EXPECT_EQ(refusal(second, config), std::nullopt);
}

TEST(Trunk, BringsItsCallsToAnIncallContextOnly) {
  Value trunk = access("op", "sip.example.com");
  trunk.set("context", Value("default"));
  EXPECT_EQ(refusal(trunk)->rule, Rule::ContextType);
  trunk.set("context", Value("from-extern"));
  EXPECT_EQ(refusal(trunk), std::nullopt);
}

TEST(Trunk, NeverShowsItsPassword) {
  Trunk trunk;
  trunk.secret = "k7Qw9zT2xB4m";
  EXPECT_EQ(find_kind("trunk")->to_value(&trunk, Secrets::Hidden).find("secret"), nullptr);
  EXPECT_NE(find_kind("trunk")->to_value(&trunk, Secrets::Shown).find("secret"), nullptr);
}

}  // namespace
}  // namespace xivo::model
