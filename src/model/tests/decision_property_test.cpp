// Whatever routes, forwards, permissions and schedules say: a decision that ends, that lets no stranger out and that holds back
// nobody who calls for help.
#include <gtest/gtest.h>

#include <map>

#include "model/routing/number_index.hpp"
#include "model/tests/random.hpp"
#include "model/tests/routing_world.hpp"

namespace xivo::model::routing {
namespace {

const std::vector<std::string> kNumbers{"101",  "102",         "103",        "104",          "112", "15",
                                        "0112", "00612345678", "0123456789", "+33612345678", "*55", "401",
                                        "9"};

struct World {
  ConfigBuilder builder{{{"*55", "echo"}, {"*8", "pickup"}}};
  ConfigSnapshot config;
  InventedMoment live;
};

std::string some_number(Random& random) {
  return kNumbers[static_cast<std::size_t>(random.below(static_cast<int>(kNumbers.size())))];
}

Destination somewhere(Random& random) {
  switch (random.below(7)) {
    case 0: return {};
    case 1: return ToHangup{random.of<std::string>({"normal", "busy", "congestion"})};
    case 2: return ToExtension{some_number(random), {random.below(5)}};
    case 3: return ToOutcall{some_number(random), {random.below(4)}};
    case 4: return ToLine{{1 + random.below(7)}, 5};
    default: return ToUser{{1 + random.below(5)}};
  }
}

void add_users(World& world, Random& random) {
  for (int i = 1; i <= 5; ++i) {
    User user{.firstname = "U" + std::to_string(i),
              .simultaneous_calls = 1 + random.below(2),
              .call_waiting = random.one_in(2),
              .enabled = !random.one_in(8)};
    user.dnd_enabled = random.one_in(6);
    user.forward_unconditional_enabled = random.one_in(3);
    user.forward_unconditional_destination = some_number(random);
    user.forward_busy_enabled = random.one_in(3);
    user.forward_busy_destination = some_number(random);
    user.forward_noanswer_enabled = random.one_in(3);
    user.forward_noanswer_destination = some_number(random);
    for (Destination User::* field :
         {&User::fallback_noanswer, &User::fallback_busy, &User::fallback_congestion, &User::fallback_fail})
      if (random.one_in(2)) user.*field = somewhere(random);
    if (random.one_in(4)) user.schedule = {1 + random.below(3)};
    if (random.one_in(4)) user.blocklist = {"_06X.", "not a pattern"};
    user.outgoing_caller_id = random.of<std::string>({"default", "anonymous", "0155555555", "\"<>"});
    world.builder.put(user);
    const SipLineId line = world.builder.put(SipLine{.name = "l" + std::to_string(i),
                                                     .user = {i},
                                                     .context = {1 + random.below(4)},
                                                     .enabled = !random.one_in(8)});
    world.live.contacts[line.value] = random.below(3);
    world.live.calls[i] = random.below(3);
  }
}

void add_routes(World& world, Random& random) {
  for (int i = 1; i <= 2; ++i) {
    const TrunkId trunk = world.builder.put(Trunk{.name = "t" + std::to_string(i),
                                                  .enabled = !random.one_in(5),
                                                  .context = {1 + random.below(4)},
                                                  .host = "192.0.2.1",
                                                  .max_channels_in = random.below(3),
                                                  .max_channels_out = random.below(3)});
    world.live.channels_out[trunk.value] = random.below(4);
    world.live.channels_in[trunk.value] = random.below(4);
    if (random.one_in(4)) world.live.down.insert(trunk.value);
    if (random.one_in(6)) world.live.blocked_trunks.insert(trunk.value);
  }
  for (int i = 1; i <= 3; ++i) {
    world.builder.put(OutgoingRoute{
        .name = "r" + std::to_string(i),
        .priority = 1 + random.below(3),
        .context = {1 + random.below(4)},
        .patterns = {{.pattern = random.of<std::string>({"_0X.", "_X.", "_X!", "00612345678", "_[", ""}),
                      .external_prefix = random.of<std::string>({"", "0"}),
                      .strip_digits = random.below(3),
                      .match_regex = random.of<std::string>({"", "0(.*)", "("}),
                      .replace = "\\1"}},
        .trunks = {{1 + random.below(3)}, {1 + random.below(2)}},
        .schedule = {random.one_in(3) ? 1 + random.below(3) : 0},
        .emergency = random.one_in(5)});
    world.builder.put(IncomingRoute{.name = "i" + std::to_string(i),
                                    .context = {1 + random.below(4)},
                                    .exten = random.of<std::string>({"", "_0.", "0123456789", "102", "_["}),
                                    .did_length = random.below(4),
                                    .caller_number = random.of<std::string>({"", "_06X.", "_["}),
                                    .schedule = {random.one_in(3) ? 1 + random.below(3) : 0},
                                    .destination = somewhere(random)});
  }
  world.builder.put(Schedule{.name = "closed", .mode = "closed", .closed_destination = somewhere(random)});
  world.builder.put(Schedule{.name = "open", .mode = "open"});
  world.builder.put(CallPermission{.name = "p",
                                   .mode = random.of<std::string>({"allow", "deny"}),
                                   .password = random.of<std::string>({"", "12"}),
                                   .extensions = {"_0X.", "_1XX"},
                                   .users = {{1 + random.below(5)}},
                                   .outgoing_routes = {{1}}});
  if (random.one_in(2)) world.builder.put(TollGuard{.name = "g", .simultaneous_max = 1});
  world.live.outside = random.below(2);
}

void make_world(World& world, Random& random) {
  for (int i = 0; i < 4; ++i) {
    std::vector<ContextId> includes;
    for (int n = random.below(3); n > 0; --n) includes.push_back({1 + random.below(4)});
    world.builder.put(
        Context{.name = "c" + std::to_string(i), .enabled = !random.one_in(8), .includes = includes});
  }
  add_users(world, random);
  add_routes(world, random);
  for (int i = 0; i < 10; ++i) {
    world.builder.put(
        Extension{.exten = random.of<std::string>({"101", "102", "103", "104", "_4XX", "_1XX", "_X!", "_["}),
                  .context = {1 + random.below(4)},
                  .enabled = !random.one_in(8),
                  .destination = somewhere(random)});
  }
  world.config = world.builder.build();
}

void check(const Plan& plan, const World& world) {
  EXPECT_EQ(plan.action == Plan::Action::Ring, !plan.lines.empty());
  EXPECT_EQ(plan.action == Plan::Action::Dial, !plan.attempts.empty());
  EXPECT_EQ(plan.action == Plan::Action::Feature, !plan.feature.empty());
  EXPECT_EQ(plan.action == Plan::Action::AskCode, static_cast<bool>(plan.permission));
  EXPECT_EQ(plan.action == Plan::Action::Refuse, plan.cause != Cause::NormalClearing);
  EXPECT_LE(plan.hops, kHopsMax + 1);
  EXPECT_LE(plan.forwarded_by.size(), static_cast<std::size_t>(kHopsMax));
  ASSERT_FALSE(plan.trace.empty());
  for (const TrunkAttempt& attempt : plan.attempts) {
    const Trunk* trunk = world.config->find(attempt.trunk);
    ASSERT_NE(trunk, nullptr);
    EXPECT_TRUE(trunk->enabled);
    EXPECT_FALSE(attempt.number.empty());
    if (plan.emergency) continue;
    EXPECT_FALSE(world.live.down.contains(attempt.trunk.value));
  }
  for (const Language language : {Language::French, Language::English}) {
    EXPECT_FALSE(describe(plan, language).empty());
    for (const Step& step : plan.trace) {
      const std::string sentence = describe(step, language);
      EXPECT_FALSE(sentence.empty());
      EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
      EXPECT_EQ(sentence.find("_clause"), std::string::npos) << sentence;
    }
  }
}

/// Goes on until somebody would answer, or it is refused; how often it went on.
int carry_out(const World& world, const Request& request, Plan plan, Random& random) {
  int turns = 0;
  for (; plan.action == Plan::Action::Ring || plan.action == Plan::Action::Dial; ++turns) {
    if (turns > 40) return turns;
    plan = continue_after(*world.config, world.live, request, plan, static_cast<Outcome>(random.below(5)));
    check(plan, world);
  }
  return turns;
}

TEST(DecisionProperty, EndsIsExplainedAndLetsNobodyOutWhoMayNot) {
  std::map<Plan::Action, int> actions;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random(seed);
    World world;
    make_world(world, random);
    for (int i = 0; i < 10; ++i) {
      Request request{.dialled = some_number(random),
                      .context = {random.below(5)},
                      .caller_number = random.of<std::string>({"", "0612345678", "x"})};
      if (random.one_in(3))
        request.from_trunk = {random.below(4)};
      else
        request.from_line = {random.below(7)};
      request.direct = !random.one_in(4);
      const Plan plan = route(*world.config, world.live, request);
      check(plan, world);
      ++actions[plan.action];
      EXPECT_LE(carry_out(world, request, plan, random), 40);
      const bool stranger = world.config->line(request.from_line) == nullptr &&
                            world.config->find(request.from_trunk) == nullptr;
      if (stranger) {
        EXPECT_EQ(plan.action, Plan::Action::Refuse);
      }
      if (request.from_trunk && plan.action == Plan::Action::Dial) {
        EXPECT_FALSE(plan.emergency);
        EXPECT_NE(plan.attempts.front().trunk, request.from_trunk);
      }
    }
  }
  EXPECT_EQ(actions.size(), 5U);  // every outcome was met
}

TEST(DecisionProperty, HelpIsReachedWhereverATrunkIsEnabled) {
  int reached = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    World world;
    make_world(world, random);
    bool way_out = false;
    bool emergency_route = false;
    for (const OutgoingRoute* route : world.config->outgoing().all())
      emergency_route = emergency_route || route->emergency;
    for (const OutgoingRoute* route : world.config->outgoing().all()) {
      if (emergency_route && !route->emergency) continue;
      for (const TrunkId id : route->trunks)
        way_out = way_out || (world.config->find(id) != nullptr && world.config->find(id)->enabled);
    }
    for (const std::string number : {"112", "15", "116000"}) {
      for (std::int64_t line = 1; line <= 5; ++line) {
        const Plan plan = route(*world.config, world.live,
                                {.dialled = number, .from_line = {line}, .context = {random.below(5)}});
        EXPECT_EQ(plan.emergency, way_out) << "seed " << seed;
        if (!way_out) continue;
        ASSERT_EQ(plan.action, Plan::Action::Dial);
        for (const TrunkAttempt& attempt : plan.attempts) EXPECT_EQ(attempt.number, number);
        ++reached;
      }
    }
  }
  EXPECT_GT(reached, 1000);
}

}  // namespace
}  // namespace xivo::model::routing
