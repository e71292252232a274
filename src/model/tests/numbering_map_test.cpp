#include "model/numbering_map/numbering_map.hpp"

#include <algorithm>

#include "routing_world.hpp"

namespace xivo::model::numbering_map {
namespace {

class MapOfPlan : public routing::RoutingWorld {
 protected:
  Map draw() {
    config_ = builder.build();
    return Map(*config_, checker::findings(*config_));
  }
  ContextMap context(ContextId id) {
    const auto all = draw().contexts();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    EXPECT_NE(found, all.end());
    return *found;
  }
  Number number_named(std::string_view exten) {
    const auto all = draw().numbers();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.exten == exten; });
    EXPECT_NE(found, all.end()) << exten;
    return found == all.end() ? Number{} : *found;
  }

  ConfigSnapshot config_;
};

TEST_F(MapOfPlan, CountsWhatAContextHasAndWhoCanDialIt) {
  number("_5XX", ToUser{bob}, inside);
  builder.put(Extension{.exten = "109", .context = inside, .enabled = false, .destination = ToUser{bob}});
  const ContextMap home = context(inside);
  EXPECT_EQ(home.phones, 3u);
  EXPECT_EQ(home.numbers, 4u);
  EXPECT_EQ(home.patterns, 1u);
  EXPECT_EQ(home.disabled, 1u);
  const auto from = context(outside).dialled_from;
  ASSERT_EQ(from.size(), 1u);
  EXPECT_EQ(from.front().context, inside);
  EXPECT_EQ(from.front().phones, 3u);
  EXPECT_TRUE(context(incall).dialled_from.empty());
}

TEST_F(MapOfPlan, ShowsTheRangesOfEveryUseInTheirOrder) {
  edit(inside, [](Context& each) {
    each.group_ranges = {{"200", "299"}};
    each.ivr_ranges = {{"300", "399"}};
    each.queue_ranges = {{"400", "499"}};
  });
  const auto ranges = context(inside).ranges;
  ASSERT_EQ(ranges.size(), 3u);
  EXPECT_EQ(ranges[0].use, "group");
  EXPECT_EQ(ranges[1].use, "ivr");
  EXPECT_EQ(ranges[1].next, "300");
  EXPECT_EQ(ranges[2].use, "queue");
}

TEST_F(MapOfPlan, MeasuresRangesAndProposesNoEmergencyNumber) {
  edit(inside, [](Context& each) { each.user_ranges = {{"101", "199"}, {"112", "115"}}; });
  const auto ranges = context(inside).ranges;
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].size, 99u);
  EXPECT_EQ(ranges[0].used, 3u);
  EXPECT_EQ(ranges[0].next, "104");
  EXPECT_EQ(ranges[1].next, "113");
  EXPECT_EQ(ranges[1].emergency, (std::vector<std::string>{"112", "114", "115"}));
  ASSERT_EQ(ranges[0].overlaps.size(), 1u);
  EXPECT_EQ(ranges[0].overlaps.front().start, "112");
}

TEST_F(MapOfPlan, FindsRangesThatOverlapOnlyWhereSomebodySeesBoth) {
  edit(inside, [](Context& each) { each.user_ranges = {{"101", "199"}}; });
  const ContextId other = builder.put(Context{.name = "other", .user_ranges = {{"150", "250"}}});
  EXPECT_TRUE(context(inside).ranges.front().overlaps.empty());
  edit(inside, [&](Context& each) { each.includes.push_back(other); });
  EXPECT_EQ(context(inside).ranges.front().overlaps.size(), 1u);
}

TEST_F(MapOfPlan, TellsTheStateOfEachNumber) {
  const ContextId second_floor = builder.put(Context{.name = "floor-2"});
  number("102", ToUser{carol}, second_floor);
  number("300", ToUser{carol}, second_floor);
  EXPECT_EQ(number_named("300").state, Number::State::Unreachable);
  edit(inside, [&](Context& each) { each.includes.push_back(second_floor); });
  EXPECT_EQ(number_named("300").state, Number::State::Reached);
  EXPECT_EQ(number_named("300").phones, 3u);
  const auto all = draw().numbers();
  const auto hidden = std::find_if(all.begin(), all.end(),
                                   [](const auto& each) { return each.state == Number::State::Shadowed; });
  ASSERT_NE(hidden, all.end());
  EXPECT_EQ(hidden->context, second_floor);
  EXPECT_EQ(hidden->shadowed_by->label, "102");
  EXPECT_EQ(number_named("_00ZXXXXXXXX").type, Number::Type::Route);
  EXPECT_EQ(number_named("*55").type, Number::Type::Code);
}

TEST_F(MapOfPlan, ProvesThatEachPhoneReachesHelp) {
  const Map map = draw();
  const SipLine& phone = *config_->line(alice_line);
  EXPECT_TRUE(map.reaches_help(phone));
  const auto calls = map.calls_for_help(phone);
  ASSERT_EQ(calls.size(), 12u);
  EXPECT_EQ(calls.front().dialled, "15");
  EXPECT_EQ(calls.front().trunk, first);
  EXPECT_TRUE(context(inside).help->reached);
}

TEST_F(MapOfPlan, SaysWhyAPhoneDoesNotReachHelp) {
  edit(first, [](Trunk& trunk) { trunk.enabled = false; });
  edit(second, [](Trunk& trunk) { trunk.enabled = false; });
  const Map map = draw();
  const SipLine& phone = *config_->line(alice_line);
  EXPECT_FALSE(map.reaches_help(phone));
  EXPECT_FALSE(map.calls_for_help(phone).front().reached);
  EXPECT_FALSE(map.calls_for_help(phone).front().sentence.french.empty());
}

}  // namespace
}  // namespace xivo::model::numbering_map
