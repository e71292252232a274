#include "model/config.hpp"

#include <gtest/gtest.h>

namespace xivo::model {
namespace {

SocketAddress at(std::string_view text) { return *SocketAddress::parse(text); }

TEST(Config, AnEmptyOneKnowsNothing) {
  const Config config;
  EXPECT_EQ(config.user({1}), nullptr);
  EXPECT_EQ(config.line_by_name("x"), nullptr);
  EXPECT_EQ(config.extension({1}, "1"), nullptr);
  EXPECT_EQ(config.context_by_name("default"), nullptr);
  EXPECT_TRUE(config.lines_of({1}).empty());
  EXPECT_EQ(config.line_by_address(at("192.0.2.1:5060")), nullptr);
  EXPECT_EQ(config.feature_code("*55"), nullptr);
  EXPECT_EQ(config.revision(), 0);
}

TEST(Config, FindsLinesByNameUserAndAddress) {
  ConfigBuilder builder;
  const UserId bob = builder.add({.firstname = "Bob"});
  const SipLineId desk = builder.add({.name = "bob-desk", .user = bob, .position = 2});
  const SipLineId soft = builder.add({.name = "bob-soft", .user = bob});
  const SipLineId gateway = builder.add({.name = "gw", .host = "192.0.2.9"});
  const ConfigSnapshot config = builder.build();
  EXPECT_EQ(config->line_by_name("bob-soft")->id, soft);
  ASSERT_EQ(config->lines_of(bob).size(), 2U);
  EXPECT_EQ(config->lines_of(bob)[0]->id, soft);
  EXPECT_EQ(config->lines_of(bob)[1]->id, desk);
  EXPECT_EQ(config->line_by_address(at("192.0.2.9:40000"))->id, gateway);
}

TEST(Config, FindsANumberInItsContextOnly) {
  ConfigBuilder builder;
  const ContextId home = builder.add(Context{.name = "default"});
  const ContextId other = builder.add(Context{.name = "other"});
  const ExtensionId number = builder.add(Extension{.exten = "102", .context = home});
  const ConfigSnapshot config = builder.build();
  EXPECT_EQ(config->extension(home, "102")->id, number);
  EXPECT_EQ(config->extension(other, "102"), nullptr);
  EXPECT_EQ(config->context_by_name("other")->id, other);
}

TEST(Config, TheNumberOfALineIsItsOwnElseItsUsersInItsContextFirst) {
  ConfigBuilder builder;
  const ContextId incoming = builder.add(Context{.name = "from-extern", .type = "incall"});
  const ContextId home = builder.add(Context{.name = "default"});
  const ContextId branch = builder.add(Context{.name = "branch"});
  const UserId bob = builder.add({.firstname = "Bob"});
  const SipLineId desk = builder.add({.name = "desk", .user = bob, .context = branch});
  const auto number = [&] { return builder.preview().number_of(*builder.preview().line(desk)); };
  EXPECT_EQ(number(), "");
  builder.add(Extension{.exten = "0155", .context = incoming, .destination = ToUser{bob}});
  EXPECT_EQ(number(), "0155");
  builder.add(Extension{.exten = "102", .context = home, .destination = ToUser{bob}});
  EXPECT_EQ(number(), "102");
  builder.add(Extension{.exten = "702", .context = branch, .destination = ToUser{bob}});
  EXPECT_EQ(number(), "702");
  builder.add(Extension{.exten = "9", .context = home, .destination = ToLine{desk}});
  EXPECT_EQ(number(), "9");
  EXPECT_EQ(builder.preview().number_of(*builder.preview().user(bob)), "9");
}

TEST(Config, AFixedPortWinsOverAnyPortAndMatchesNoOther) {
  ConfigBuilder builder;
  const SipLineId exact = builder.add({.name = "a", .host = "192.0.2.9:5080"});
  const ConfigSnapshot only_exact = builder.build();
  EXPECT_EQ(only_exact->line_by_address(at("192.0.2.9:5060")), nullptr);
  const SipLineId any = builder.add({.name = "b", .host = "192.0.2.9"});
  const ConfigSnapshot both = builder.build();
  EXPECT_EQ(both->line_by_address(at("192.0.2.9:5080"))->id, exact);
  EXPECT_EQ(both->line_by_address(at("192.0.2.9:5060"))->id, any);
}

TEST(Config, APublishedOneDoesNotSeeLaterChanges) {
  ConfigBuilder builder;
  const SipLineId id = builder.add(SipLine{.name = "before"});
  const ExtensionId number = builder.add(Extension{.exten = "1", .context = {1}});
  const ConfigSnapshot first = builder.build();
  builder.put(SipLine{.id = id, .name = "after"});
  builder.put(Extension{.id = number, .exten = "2", .context = {1}});
  builder.add({.firstname = "Eve"});
  const ConfigSnapshot second = builder.build();
  EXPECT_EQ(first->line_by_name("before")->id, id);
  EXPECT_EQ(first->line(id)->name, "before");
  EXPECT_TRUE(first->users().empty());
  EXPECT_EQ(second->line_by_name("before"), nullptr);
  EXPECT_EQ(second->extension({1}, "1"), nullptr);
  EXPECT_EQ(second->extension({1}, "2")->id, number);
  EXPECT_EQ(first->extension({1}, "1")->id, number);
}

TEST(Config, TablesThatDidNotChangeAreShared) {
  ConfigBuilder builder;
  builder.add(SipLine{.name = "x"});
  const ConfigSnapshot first = builder.build();
  ConfigBuilder next(*first);
  next.add({.firstname = "Eve"});
  const ConfigSnapshot second = next.build();
  EXPECT_EQ(first->table(kind_slot<SipLine>()), second->table(kind_slot<SipLine>()));
  EXPECT_NE(first->table(kind_slot<User>()), second->table(kind_slot<User>()));
}

TEST(Config, IdsAreNeverReused) {
  ConfigBuilder builder;
  const UserId first = builder.add({.firstname = "A"});
  const UserId second = builder.add({.firstname = "B"});
  builder.erase(second);
  const UserId third = builder.add({.firstname = "C"});
  EXPECT_EQ(first.value, 1);
  EXPECT_EQ(third.value, 3);
}

TEST(Config, RemembersTheRevisionOfEachObject) {
  ConfigBuilder builder;
  builder.revision(1);
  const UserId a = builder.add({.firstname = "A"});
  builder.revision(2);
  const UserId b = builder.add({.firstname = "B"});
  const ConfigSnapshot config = builder.build();
  EXPECT_EQ(config->revision(), 2);
  EXPECT_EQ(config->revision_of(a), 1);
  EXPECT_EQ(config->revision_of(b), 2);
  EXPECT_EQ(config->revision_of(UserId{9}), 0);
}

TEST(FeatureCodes, TheLongestCodeWinsAndDigitsFollowIt) {
  const ConfigSnapshot config =
      ConfigBuilder({{"*9", "record"}, {"*98", "voicemail"}, {"777", "simulate"}}).build();
  EXPECT_EQ(config->feature_code("*98")->feature, "voicemail");
  EXPECT_EQ(config->feature_code("*98102")->feature, "voicemail");
  EXPECT_EQ(config->feature_code("*9")->feature, "record");
  EXPECT_EQ(config->feature_code("*91*2")->feature, "record");
  EXPECT_EQ(config->feature_code("*98x"), nullptr);
  EXPECT_EQ(config->feature_code("777")->feature, "simulate");
  EXPECT_EQ(config->feature_code("7771"),
            nullptr);  // a code of digits takes no argument: it would hide numbers
  EXPECT_EQ(config->feature_code(""), nullptr);
}

TEST(ConfigSource, StartsWithTheFeatureCodesAndPublishes) {
  ConfigSource source(std::vector<FeatureCode>{{"*55", "echo"}});
  const ConfigSnapshot first = source.current();
  EXPECT_NE(first->feature_code("*55"), nullptr);
  ConfigBuilder builder(*first);
  builder.add({.firstname = "A"});
  source.publish(builder.build());
  EXPECT_TRUE(first->users().empty());
  EXPECT_EQ(source.current()->users().size(), 1U);
}

}  // namespace
}  // namespace xivo::model
