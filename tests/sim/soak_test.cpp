// Many bridged calls over a network that loses, doubles and reorders: each comes to the right end on both sides, and nothing is
// left. XIVO_SOAK_CALLS sets how many (`./dev soak` runs 10,000); every call has a seed of its own, printed when it fails.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "world.hpp"

namespace xivo::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kSeed = 20'261'127;
constexpr std::size_t kCallsDefault = 1000;  // of each kind; a round of calls shares one world
constexpr int kPairs = 10;

std::size_t calls_wanted() {
  const char* wanted = std::getenv("XIVO_SOAK_CALLS");
  return wanted == nullptr ? kCallsDefault : text::parse_decimal<std::size_t>(wanted).value_or(kCallsDefault);
}

/// Ten callers and ten called phones, each with habits of its own.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : world(seed), rng(seed * 31) {
    world.allow_silence();
    for (int i = 0; i < kPairs; ++i) {
      auto& caller = world.add_phone(fmt::format("a{}", i), fmt::format("{}", 200 + i));
      auto& called = world.add_phone(fmt::format("b{}", i), fmt::format("{}", 300 + i));
      if (i % 3 == 1) caller.set_100rel("Supported");
      if (i % 5 == 2) caller.set_100rel("Require");
      if (i % 4 == 3) caller.set_late_offer(true);
      if (i % 3 == 2) called.set_reliable(true);
      if (i % 2 == 1) called.set_sound_before_answer(true);
      if (i % 2 == 0) called.set_updates(true);
      caller.mute();
      called.mute();
      caller.register_at();
      called.register_at();
    }
    world.run_for(seconds(1));
    world.network().set_weather({10, 10, milliseconds(1), milliseconds(40)});
  }
  SimPhone& caller(int i) { return *world.phone(fmt::format("a{}", i)); }
  SimPhone& called(int i) { return *world.phone(fmt::format("b{}", i)); }
  void all_call() {
    for (int i = 0; i < kPairs; ++i) {
      caller(i).call(fmt::format("{}", 300 + i));
      world.run_for(milliseconds(rng.below(50)));
    }
  }
  void calm_down() {
    world.network().set_weather({});
    world.run_for(seconds(150));
  }
  void expect_nothing_left(std::uint64_t seed) {
    auto& shard = world.shard();
    EXPECT_EQ(shard.calls().call_count(), 0u) << "seed " << seed;
    EXPECT_EQ(shard.calls().leg_count(), 0u) << "seed " << seed;
    EXPECT_EQ(world.media().open_count(), 0u) << "seed " << seed;
    EXPECT_EQ(shard.user_agent().transactions().server_count(), 0u) << "seed " << seed;
    EXPECT_EQ(shard.user_agent().transactions().client_count(), 0u) << "seed " << seed;
    for (int i = 0; i < kPairs; ++i) {
      for (auto* phone : {&caller(i), &called(i)}) {
        for (const auto& side : phone->calls())
          EXPECT_EQ(side->state, SimPhone::State::Ended) << phone->account().name << ", seed " << seed;
      }
    }
  }

  World world;
  runtime::SeededRng rng;
};

// With one message in ten lost, an INVITE and its answer miss each other seven times in a row about once in 100,000 times; such a
// call has to end for both as well, but cannot be connected.
constexpr std::size_t kUnluckyPerCalls = 1000;

TEST(Soak, bridged_calls_reach_their_end_on_both_sides_in_bad_weather) {
  std::size_t unlucky = 0;
  for (std::size_t done = 0; done < calls_wanted(); done += kPairs) {
    const auto seed = kSeed + done;
    Crowd crowd(seed);
    crowd.all_call();
    crowd.world.run_for(seconds(20));
    for (int i = 0; i < kPairs; ++i) crowd.called(i).answer();
    crowd.world.run_for(seconds(75));
    std::size_t talking = 0;
    for (int i = 0; i < kPairs; ++i) {
      const bool caller = crowd.caller(i).state() == SimPhone::State::Talking;
      const bool called = crowd.called(i).state() == SimPhone::State::Talking;
      EXPECT_EQ(caller, called) << "pair " << i << ", seed " << seed;
      talking += caller ? 1 : 0;
    }
    unlucky += kPairs - talking;
    EXPECT_EQ(crowd.world.shard().calls().active_calls(), talking) << "seed " << seed;
    for (int i = 0; i < kPairs; ++i) (i % 2 == 0 ? crowd.caller(i) : crowd.called(i)).hang_up();
    crowd.world.run_for(seconds(40));
    crowd.calm_down();
    std::size_t answered = 0;
    for (const auto& record : crowd.world.records())
      answered += record.disposition == call::Disposition::Answered ? 1 : 0;
    EXPECT_GE(answered, talking) << "seed " << seed;
    crowd.expect_nothing_left(seed);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_LE(unlucky, 1 + calls_wanted() / kUnluckyPerCalls);
}

TEST(Soak, calls_that_are_given_up_at_random_moments_leave_nothing_behind) {
  for (std::size_t done = 0; done < calls_wanted(); done += kPairs) {
    const auto seed = kSeed * 3 + done;
    Crowd crowd(seed);
    crowd.all_call();
    for (int act = 0; act < kPairs * 3; ++act) {
      const int i = static_cast<int>(crowd.rng.below(kPairs));
      switch (crowd.rng.below(4)) {
        case 0: crowd.caller(i).hang_up(); break;
        case 1: crowd.called(i).hang_up(); break;
        default: crowd.called(i).answer(); break;
      }
      crowd.world.run_for(milliseconds(crowd.rng.below(300)));
    }
    for (int i = 0; i < kPairs; ++i) {
      crowd.caller(i).hang_up();
      crowd.called(i).hang_up();
    }
    crowd.calm_down();
    EXPECT_EQ(crowd.world.records().size(), crowd.world.shard().calls().processed()) << "seed " << seed;
    crowd.expect_nothing_left(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace xivo::flow
