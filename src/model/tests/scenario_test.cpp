#include "model/kinds/scenario.hpp"

#include <gtest/gtest.h>

#include "model/review/review.hpp"
#include "model/scenario/run.hpp"
#include "routing_world.hpp"

namespace xivo::model::scenario {
using Played = Run;

namespace {

/// A scenario of Alice, 101, who calls Bob, 102, unless a test says otherwise.
class Scenarios : public routing::RoutingWorld {
 protected:
  static Scenario bob_rings() {
    return {.name = "bob", .caller = "101", .dialled = "102", .expected = "rings", .expected_target = "102"};
  }
  Played play(const Scenario& scenario) { return run(*builder.build(), scenario, noon); }
  void expect_passed(const Scenario& scenario) {
    const Played result = play(scenario);
    EXPECT_TRUE(result.passed) << result.expected.english << " / " << result.happened.english;
    EXPECT_NE(result.happened.french, result.happened.english);
  }
  void expect_failed(const Scenario& scenario) {
    const Played result = play(scenario);
    EXPECT_FALSE(result.passed) << result.expected.english << " / " << result.happened.english;
  }
};

TEST_F(Scenarios, FailWithWhoDoesNotExist) {
  for (auto change :
       {+[](Scenario& each) { each.caller = "199"; }, +[](Scenario& each) { each.trunk = "none"; },
        +[](Scenario& each) { each.assumptions = {{"199", "busy"}}; },
        +[](Scenario& each) { each.assumptions = {{"102", "down"}}; }}) {
    Scenario scenario = bob_rings();
    change(scenario);
    const Played result = play(scenario);
    EXPECT_FALSE(result.passed);
    EXPECT_NE(result.happened.english.find("There is no"), std::string::npos);
  }
}

TEST_F(Scenarios, SayWhosePhoneHasToRing) {
  expect_passed(bob_rings());
  Scenario by_name = bob_rings();
  by_name.caller = "Alice";  // the name of her line
  by_name.expected_target = "Bob";
  expect_passed(by_name);
  Scenario wrong = bob_rings();
  wrong.expected_target = "103";
  expect_failed(wrong);
}

TEST_F(Scenarios, AssumeTheStateOfPhones) {
  Scenario busy = bob_rings();
  busy.assumptions = {{"102", "busy"}};
  expect_failed(busy);
  busy.expected = "refused";
  busy.expected_cause = 17;
  expect_passed(busy);
  busy.expected_cause = 21;
  expect_failed(busy);
}

TEST_F(Scenarios, SayWhatGoesOutByWhichTrunk) {
  Scenario out{.name = "out",
               .caller = "101",
               .dialled = "00123456789",
               .expected = "goes_out",
               .expected_target = "first",
               .expected_number = "0123456789"};
  expect_passed(out);
  out.assumptions = {{"first", "congestion"}};
  expect_failed(out);
  out.expected_target = "second";
  expect_passed(out);
  out.expected_number = "0123";
  expect_failed(out);
}

TEST_F(Scenarios, ComeFromOutside) {
  builder.put(
      IncomingRoute{.name = "bob", .context = incall, .exten = "0123456789", .destination = ToUser{bob}});
  Scenario in = bob_rings();
  in.trunk = "first";
  in.caller = "0612345678";
  in.dialled = "0123456789";
  expect_passed(in);
}

TEST_F(Scenarios, ReachFeaturesAndAnnouncements) {
  expect_passed(
      {.name = "echo", .caller = "101", .dialled = "*55", .expected = "feature", .expected_target = "echo"});
  expect_passed({.name = "none", .caller = "101", .dialled = "199", .expected = "announcement"});
}

TEST_F(Scenarios, HappenAtATimeOfTheCompany) {
  builder.put(General{.id = GeneralId{1}, .timezone = "Europe/Paris"});
  const ScheduleId office = builder.put(
      Schedule{.name = "office", .open_periods = {{.hours_start = "08:00", .hours_end = "18:00"}}});
  edit(bob, [&](User& user) { user.schedule = office; });
  Scenario scenario = bob_rings();
  scenario.at = "2026-07-14T17:59";
  expect_passed(scenario);
  scenario.at = "2026-07-14T19:00";
  expect_failed(scenario);
}

TEST_F(Scenarios, AreBrokenByAChangeOnlyIfTheyPassedBefore) {
  builder.put(bob_rings());
  Scenario never = bob_rings();
  never.name = "never";
  never.expected_target = "103";
  builder.put(never);
  Scenario off = bob_rings();
  off.name = "off";
  off.enabled = false;
  builder.put(off);
  const auto before = builder.build();
  EXPECT_TRUE(broken(*before, *before, noon).empty());
  edit(bob, [](User& user) { user.dnd_enabled = true; });
  const auto all = broken(*before, *builder.build(), noon);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().name, "bob");
}

TEST_F(Scenarios, HoldBackWhatBreaksThemUnlessForcedWithAReason) {
  Scenario held = bob_rings();
  held.hold = true;
  builder.put(held);
  const auto before = builder.build();
  edit(bob, [](User& user) { user.dnd_enabled = true; });
  const review::Reviewer reviewer;
  const auto outcome = reviewer.review(before, builder.build(), noon);
  EXPECT_EQ(review::refused(outcome, {}).size(), 1u);
  EXPECT_EQ(review::refused(outcome, {.review = Review::BreaksScenarios}).size(), 1u);
  EXPECT_TRUE(review::refused(outcome, {.message = "he leaves", .review = Review::BreaksScenarios}).empty());
}

TEST_F(Scenarios, AllHoldWhereTheCompanySaysSo) {
  builder.put(bob_rings());
  EXPECT_FALSE(play(bob_rings()).hold);
  builder.put(General{.id = GeneralId{1}, .hold_scenarios = true});
  EXPECT_TRUE(play(bob_rings()).hold);
}

TEST_F(Scenarios, RunThoseThatWereChosen) {
  const ScenarioId one = builder.put(bob_rings());
  Scenario other = bob_rings();
  other.name = "other";
  const ScenarioId two = builder.put(other);
  const auto config = builder.build();
  EXPECT_EQ(run_all(*config, {}, noon).size(), 2u);
  const auto chosen = run_all(*config, std::vector<ScenarioId>{two}, noon);
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_EQ(chosen.front().scenario, two);
  EXPECT_NE(one, two);
}

TEST_F(Scenarios, AreNotReviewedByChangesOfThemselves) {
  const ScenarioId id = builder.put(bob_rings());
  const auto before = builder.build();
  edit(id, [](Scenario& scenario) { scenario.expected_target = "103"; });
  EXPECT_TRUE(review::Reviewer().review(before, builder.build(), noon).broken_scenarios.empty());
}

}  // namespace
}  // namespace xivo::model::scenario
