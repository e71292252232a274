#include "model/config.hpp"

#include <gtest/gtest.h>

namespace xivo::model {
namespace {

SocketAddress at(std::string_view text) { return *SocketAddress::parse(text); }

TEST(Config, AnEmptyOneKnowsNothing) {
  const Config config;
  EXPECT_EQ(config.user({1}), nullptr);
  EXPECT_EQ(config.line_by_name("x"), nullptr);
  EXPECT_TRUE(config.lines_by_exten("default", "1").empty());
  EXPECT_TRUE(config.lines_of({1}).empty());
  EXPECT_EQ(config.line_by_address(at("192.0.2.1:5060")), nullptr);
  EXPECT_EQ(config.feature_code("*55"), nullptr);
  EXPECT_EQ(config.revision(), 0);
}

TEST(Config, FindsLinesByNameNumberUserAndAddress) {
  ConfigBuilder builder;
  const UserId bob = builder.add({.firstname = "Bob"});
  const SipLineId desk = builder.add({.name = "bob-desk", .user = bob, .exten = "102"});
  const SipLineId soft = builder.add({.name = "bob-soft", .user = bob, .exten = "102"});
  const SipLineId gateway = builder.add({.name = "gw", .host = "192.0.2.9"});
  const ConfigSnapshot config = builder.build();
  EXPECT_EQ(config->line_by_name("bob-soft")->id, soft);
  ASSERT_EQ(config->lines_by_exten("default", "102").size(), 2U);
  EXPECT_EQ(config->lines_by_exten("default", "102")[0]->id, desk);
  EXPECT_TRUE(config->lines_by_exten("other", "102").empty());
  EXPECT_EQ(config->lines_of(bob).size(), 2U);
  EXPECT_EQ(config->line_by_address(at("192.0.2.9:40000"))->id, gateway);
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
  const SipLineId id = builder.add({.name = "before", .exten = "1"});
  const ConfigSnapshot first = builder.build();
  builder.put(SipLine{.id = id, .name = "after", .exten = "2"});
  builder.add({.firstname = "Eve"});
  const ConfigSnapshot second = builder.build();
  EXPECT_EQ(first->line_by_name("before")->id, id);
  EXPECT_EQ(first->line(id)->name, "before");
  EXPECT_TRUE(first->users().empty());
  EXPECT_EQ(second->line_by_name("before"), nullptr);
  EXPECT_EQ(second->lines_by_exten("default", "2").size(), 1U);
  EXPECT_TRUE(second->lines_by_exten("default", "1").empty());
}

TEST(Config, TablesThatDidNotChangeAreShared) {
  ConfigBuilder builder;
  builder.add({.name = "x"});
  const ConfigSnapshot first = builder.build();
  ConfigBuilder next(*first);
  next.add({.firstname = "Eve"});
  const ConfigSnapshot second = next.build();
  EXPECT_EQ(&first->lines(), &second->lines());
  EXPECT_NE(&first->users(), &second->users());
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
