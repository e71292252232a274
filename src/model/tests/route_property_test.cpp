// Whatever the configuration, the moment and the number: a plan that can be carried out, with its reasons.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "model/routing/route.hpp"
#include "model/tests/random.hpp"

namespace xivo::model::routing {
namespace {

struct RandomLive final : LiveState {
  std::map<std::int64_t, int> contacts;
  std::map<std::int64_t, int> calls;
  [[nodiscard]] int contacts_of(SipLineId line) const override { return contacts.at(line.value); }
  [[nodiscard]] int calls_of(UserId user) const override { return calls.at(user.value); }
};

struct World {
  ConfigSnapshot config;
  RandomLive live;
};

Destination some_destination(Random& random) {
  switch (random.below(8)) {
    case 0: return {};
    case 1: return ToHangup{random.of<std::string>({"normal", "busy", "congestion"})};
    case 2: return ToVoicemail{{1}};
    case 3: return ToExtension{random.of<std::string>({"101", "102", "103"}), {random.below(4)}};
    case 4: return ToLine{{1 + random.below(9)}, random.below(40)};
    default: return ToUser{{1 + random.below(5)}, random.below(40)};
  }
}

World make_world(Random& random) {
  World world;
  ConfigBuilder builder({{"*55", "echo"}, {"*8", "pickup"}});
  for (int i = 0; i < 3; ++i) {
    std::vector<ContextId> includes;
    for (int n = random.below(3); n > 0; --n) includes.push_back({1 + random.below(3)});
    builder.add(Context{.name = "c" + std::to_string(i), .enabled = !random.one_in(6), .includes = includes});
  }
  for (int i = 0; i < 4; ++i) {
    const UserId user = builder.add({.firstname = "U",
                                     .ring_seconds = random.below(40),
                                     .simultaneous_calls = 1 + random.below(3),
                                     .call_waiting = random.one_in(2),
                                     .enabled = !random.one_in(5)});
    world.live.calls[user.value] = random.below(4);
  }
  for (int i = 0; i < 8; ++i) {
    const SipLineId line = builder.add({.name = "l" + std::to_string(i),
                                        .user = {random.below(5)},
                                        .host = random.one_in(6) ? "192.0.2.1" : "dynamic",
                                        .enabled = !random.one_in(5)});
    world.live.contacts[line.value] = random.below(3);
  }
  for (int i = 0; i < 10; ++i) {
    builder.add(Extension{.exten = random.of<std::string>({"101", "102", "103", "104"}),
                          .context = {1 + random.below(3)},
                          .enabled = !random.one_in(6),
                          .destination = some_destination(random)});
  }
  world.config = builder.build();
  return world;
}

std::string some_number(Random& random) {
  if (random.one_in(2))
    return random.of<std::string>({"101", "102", "103", "104", "*55", "*8101", "+101", "1-0.1", ""});
  std::string noise;
  for (int i = random.below(12); i > 0; --i) noise += static_cast<char>(random.below(256));
  return noise;
}

bool same(const Plan& a, const Plan& b) {
  const auto same_step = [](const Step& x, const Step& y) {
    return x.rule == y.rule && x.met == y.met && x.facts == y.facts;
  };
  return a.action == b.action && a.user == b.user && a.lines == b.lines && a.ring_time == b.ring_time &&
         a.feature == b.feature && a.argument == b.argument && a.cause == b.cause && a.prompt == b.prompt &&
         std::equal(a.trace.begin(), a.trace.end(), b.trace.begin(), b.trace.end(), same_step);
}

void check_plan(const Plan& plan, const World& world, const Request& request) {
  ASSERT_FALSE(plan.trace.empty());
  EXPECT_EQ(plan.action == Plan::Action::Ring, !plan.lines.empty());
  EXPECT_EQ(plan.action == Plan::Action::Feature, !plan.feature.empty());
  EXPECT_EQ(plan.action == Plan::Action::Refuse, plan.cause != Cause::NormalClearing);
  EXPECT_GT(plan.ring_time.count(), 0);
  for (const SipLineId id : plan.lines) {
    const SipLine* line = world.config->line(id);
    ASSERT_NE(line, nullptr);
    EXPECT_TRUE(line->enabled);
    EXPECT_NE(id, request.from_line);
    EXPECT_TRUE(line->host != "dynamic" || world.live.contacts_of(id) > 0);
  }
  for (const Language language : {Language::French, Language::English}) {
    EXPECT_FALSE(describe(plan, language).empty());
    for (const Step& step : plan.trace) EXPECT_FALSE(describe(step, language).empty());
  }
}

TEST(RouteProperty, EveryPlanCanBeCarriedOutAndExplained) {
  std::map<Plan::Action, int> actions;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random(seed);
    const World world = make_world(random);
    for (int i = 0; i < 10; ++i) {
      const Request request{
          .dialled = some_number(random), .from_line = {random.below(10)}, .context = {random.below(5)}};
      const Plan plan = route(*world.config, world.live, request);
      check_plan(plan, world, request);
      EXPECT_TRUE(same(plan, route(*world.config, world.live, request)));
      ++actions[plan.action];
    }
  }
  EXPECT_EQ(actions.size(), 3U);  // all three outcomes were met
}

}  // namespace
}  // namespace xivo::model::routing
