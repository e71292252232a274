// Many calls with random moments and bad weather: whatever happens, everything ends and nothing is left.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "call/call_registry.hpp"
#include "crowd.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kSeed = 20'261'125;

void expect_nothing_left(World& world, const std::string& where) {
  world.network().set_weather({});
  world.run_for(seconds(120));
  EXPECT_EQ(world.left(), "") << where;
}

TEST(Simulation, a_feature_can_be_left_at_any_moment) {
  for (int moment = 0; moment < 13'000; moment += 130) {
    World world(kSeed + static_cast<std::uint64_t>(moment));
    world.add_phone("alice", "101");
    register_all(world);
    world.phone("alice")->call(moment % 2 == 0 ? "*55" : "199");
    world.run_for(milliseconds(moment));
    world.phone("alice")->hang_up();
    expect_nothing_left(world, fmt::format("hung up after {} ms", moment));
  }
}

TEST(Simulation, a_call_can_be_given_up_at_any_moment) {
  for (int moment = 0; moment < 60; ++moment) {
    World world(kSeed + static_cast<std::uint64_t>(moment));
    world.add_phone("alice", "101");
    world.add_phone("bob", "102");
    register_all(world);
    world.phone("alice")->call("102");
    world.run_for(milliseconds(moment / 2));
    world.phone("bob")->answer();
    world.run_for(milliseconds(moment % 7));
    world.phone("alice")->hang_up();
    expect_nothing_left(world, fmt::format("moment {}", moment));
    EXPECT_EQ(world.records().size(), world.processed_calls()) << "moment " << moment;
  }
}

TEST(Simulation, a_crowd_in_bad_weather_leaves_nothing_behind) {
  for (std::uint64_t round = 0; round < 2; ++round) {
    World world(kSeed + round, round == 0 ? 1 : 3);
    runtime::SeededRng rng(kSeed * 7 + round);
    add_crowd(world, 12);
    register_all(world);
    world.network().set_weather({10, 5, milliseconds(1), milliseconds(30)});
    for (int act = 0; act < 800; ++act) {
      do_something(world, rng);
      world.run_for(milliseconds(rng.below(400)));
    }
    world.hang_up_all();
    expect_nothing_left(world, fmt::format("seed {}", kSeed + round));
    const auto calls = world.processed_calls();  // those still under way at the hang-up included
    EXPECT_GT(calls, 100u);
    EXPECT_EQ(world.records().size(), calls) << "each call leaves one record (seed " << kSeed + round << ")";
  }
}

}  // namespace
}  // namespace xivo::flow
