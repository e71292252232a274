// However many shards share the work: the same people doing the same things get the same calls.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/log.hpp"
#include "call/call_registry.hpp"
#include "crowd.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kSeed = 20'261'127;
constexpr int kPeople = 8;

/// What is the same whichever shard a call fell to: not its number, not the milliseconds of a hand-over.
std::string outcome(const call::CallRecord& record) {
  const auto second = std::chrono::round<seconds>(record.start).time_since_epoch().count();
  std::string legs;
  for (const auto& leg : record.legs) {
    legs += fmt::format(" {}:{}/{}", leg.incoming ? "in" : "out", static_cast<int>(leg.ending.cause),
                        leg.ending.status);
  }
  return fmt::format("{} {} -> {} {} {} by {} cause {}{}", second, record.caller.number, record.dialled,
                     name(record.disposition),
                     record.answer != runtime::WallTime{} ? "answered" : "unanswered",
                     static_cast<int>(record.ended_by), static_cast<int>(record.cause), legs);
}

struct Day {
  std::vector<std::string> outcomes;  // sorted
  std::string left;
  std::size_t shards_with_calls = 0;
};

/// A day of the crowd; everybody waits until the network is quiet before the next one acts.
Day live(std::uint64_t seed, unsigned shards) {
  World world(seed, shards);
  runtime::SeededRng rng(seed * 13);
  add_crowd(world, kPeople);
  world.configure("p0", "simultaneous_calls", "1");
  world.configure("p1", "call_waiting", "no");
  world.add_second_phone("p8", "p2");
  register_all(world);
  for (int act = 0; act < 150; ++act) {
    do_something(world, rng);
    world.run_for(milliseconds(200 + rng.below(1'500)));
    if (rng.below(30) == 0) world.phone(fmt::format("p{}", rng.below(kPeople)))->register_at();
  }
  Day day;
  for (unsigned i = 0; i < shards; ++i)
    day.shards_with_calls += world.shard(i).calls().processed() > 0 ? 1 : 0;
  world.hang_up_all();
  world.run_for(seconds(120));
  day.left = world.left();
  for (const auto& record : world.records()) day.outcomes.push_back(outcome(record));
  std::sort(day.outcomes.begin(), day.outcomes.end());
  return day;
}

TEST(ShardedSimulation, any_number_of_shards_gives_the_same_calls) {
  for (std::uint64_t round = 0; round < 3; ++round) {
    const auto seed = kSeed + round;
    const auto alone = live(seed, 1);
    EXPECT_GT(alone.outcomes.size(), 15u);
    for (unsigned shards = 2; shards <= 4; ++shards) {
      const auto together = live(seed, shards);
      EXPECT_EQ(together.outcomes, alone.outcomes) << shards << " shards, seed " << seed;
      EXPECT_EQ(together.left, "") << shards << " shards, seed " << seed;
      EXPECT_EQ(together.shards_with_calls, shards) << "seed " << seed;
    }
  }
}

TEST(ShardedSimulation, a_phone_is_found_by_every_shard_until_it_leaves) {
  World world(kSeed, 4);
  add_crowd(world, 2);
  register_all(world);
  std::set<std::string> outcomes;
  const auto call_often = [&] {
    outcomes.clear();
    for (int i = 0; i < 12; ++i) {
      world.phone("p0")->call("101");
      world.run_for(milliseconds(500));
      outcomes.insert(world.phone("p1")->state() == SimPhone::State::Ringing ? "rings" : "absent");
      world.phone("p0")->hang_up();
      world.run_for(seconds(1));
    }
  };
  call_often();
  EXPECT_EQ(outcomes, std::set<std::string>{"rings"});
  world.phone("p1")->register_at(0);
  world.run_for(seconds(1));
  call_often();
  EXPECT_EQ(outcomes, std::set<std::string>{"absent"});
}

TEST(ShardedSimulation, registrations_of_the_last_run_are_known_to_every_shard) {
  World world(kSeed, 4);
  add_crowd(world, 2);
  register_all(world);
  world.restart();
  for (int i = 0; i < 12; ++i) {
    world.phone("p0")->call("101");
    world.run_for(milliseconds(500));
    EXPECT_EQ(world.phone("p1")->state(), SimPhone::State::Ringing) << i;
    world.phone("p0")->hang_up();
    world.run_for(seconds(1));
  }
}

TEST(ShardedSimulation, a_user_on_one_shard_is_busy_for_the_others) {
  World world(kSeed, 4);
  add_crowd(world, 3);
  world.configure("p1", "simultaneous_calls", "1");
  register_all(world);
  world.phone("p0")->call("101");
  world.run_for(seconds(1));
  world.phone("p1")->answer();
  world.run_for(seconds(1));
  for (int i = 0; i < 12; ++i) {
    world.phone("p2")->call("101");
    world.run_for(seconds(10));
    EXPECT_EQ(world.phone("p2")->state(), SimPhone::State::Ended) << i;
    EXPECT_EQ(world.phone("p2")->current()->last_status, 486) << i;
  }
  EXPECT_EQ(world.active_calls(), 1u);
}

TEST(ShardedSimulation, failures_are_forgotten_everywhere_when_the_phone_registers) {
  log::set_level(log::Level::Error);
  World world(kSeed, 4);
  add_crowd(world, 1);
  const auto remembered = [&] {
    std::size_t all = 0;
    for (unsigned i = 0; i < 4; ++i) all += world.shard(i).user_agent().failures().size();
    return all;
  };
  world.phone("p0")->forget_secret();
  for (int i = 0; i < 6; ++i) {  // fewer than lock the account
    world.phone("p0")->call("100");
    world.run_for(seconds(10));
  }
  EXPECT_GE(remembered(), 2u);
  world.phone("p0")->remember_secret();
  world.phone("p0")->register_at();
  world.run_for(seconds(10));
  EXPECT_EQ(remembered(), 0u);
}

TEST(ShardedSimulation, the_limit_of_calls_is_one_for_all) {
  World world(kSeed, 4);
  world.options().calls.calls_max = 3;
  add_crowd(world, 8);
  register_all(world);
  world.restart();
  for (int i = 0; i < 4; ++i) {
    world.phone(fmt::format("p{}", i))->call(fmt::format("{}", 104 + i));
    world.run_for(seconds(1));
  }
  EXPECT_EQ(world.active_calls(), 3u);
  EXPECT_EQ(world.phone("p3")->current()->last_status, 503);
  world.phone("p0")->hang_up();
  world.run_for(seconds(1));
  world.phone("p3")->call("107");
  world.run_for(seconds(1));
  EXPECT_EQ(world.active_calls(), 3u);
}

}  // namespace
}  // namespace xivo::flow
