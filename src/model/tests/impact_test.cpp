#include "model/impact/impact.hpp"

#include "model/kinds/scenario.hpp"
#include "routing_world.hpp"

namespace xivo::model::impact {
namespace {

class ImpactOf : public routing::RoutingWorld {
 protected:
  Impact losing(std::string_view kind, std::int64_t id) {
    return impact_of(builder.build(), *find_kind(kind), id, review::Reviewer(), noon);
  }
  static std::vector<std::string> labels(const Impact& impact) {
    std::vector<std::string> all;
    for (const DeadEnd& each : impact.dead_ends) all.push_back(each.from.label);
    return all;
  }
};

TEST_F(ImpactOf, AnObjectOnWhichNothingDependsIsNothing) {
  const auto id = builder.put(CallPermission{.name = "idle"});
  const Impact impact = losing("call_permission", id.value);
  EXPECT_TRUE(impact.references.empty() && impact.dead_ends.empty() && impact.losses.empty());
  EXPECT_EQ(describe(impact, Language::English), "Nothing depends on this object.");
}

TEST_F(ImpactOf, AUserFollowsWhatLeadsToHim) {
  number("200", ToExtension{"102", {}}, inside);
  number("201", ToExtension{"200", {}}, inside);
  builder.put(IncomingRoute{
      .name = "sales", .context = incall, .exten = "0123456789", .destination = ToExtension{"102", inside}});
  edit(carol, [](User& user) {
    user.forward_busy_enabled = true;
    user.forward_busy_destination = "102";
  });
  const Impact impact = losing("user", bob.value);
  EXPECT_EQ(impact.references.size(), 2u);  // his line and his number
  EXPECT_EQ(labels(impact), (std::vector<std::string>{"102", "200", "201", "sales"}));
  EXPECT_EQ(describe(impact, Language::English),
            "Without \"Bob\": 2 objects lose their reference, 4 numbers and forwards end nowhere.");
  EXPECT_EQ(describe(impact, Language::French),
            "Sans « Bob » : 2 objets n'ont plus leur référence, 4 numéros et renvois ne mènent plus "
            "nulle part.");
}

TEST_F(ImpactOf, ANumberFollowsForwardsToIt) {
  edit(carol, [](User& user) {
    user.forward_busy_enabled = true;
    user.forward_busy_destination = "102";
  });
  const auto id = builder.preview().extension(inside, "102")->id;
  EXPECT_EQ(labels(losing("extension", id.value)), (std::vector<std::string>{"102", "Carol"}));
}

TEST_F(ImpactOf, ATrunkTellsWhoLosesAWayOut) {
  const Impact one = losing("trunk", first.value);  // "abroad" has no other
  ASSERT_EQ(one.losses.size(), 1u);
  EXPECT_EQ(one.losses.front().phones, 3u);
  edit(second, [](Trunk& trunk) { trunk.enabled = false; });
  const Impact last = losing("trunk", first.value);
  EXPECT_EQ(last.losses.size(), 3u);  // both routes, and help
}

TEST_F(ImpactOf, ScenariosAndFindingsAreTold) {
  builder.put(Scenario{.name = "bob", .caller = "101", .dialled = "102", .expected_target = "102"});
  const Impact impact = losing("user", bob.value);
  EXPECT_EQ(impact.broken_scenarios.size(), 1u);
  ASSERT_FALSE(impact.findings.empty());
  EXPECT_EQ(impact.findings.front().code, "destination-missing");
}

}  // namespace
}  // namespace xivo::model::impact
