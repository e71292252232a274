#include "model/simulation/simulate.hpp"

#include "routing_world.hpp"

namespace xivo::model::simulation {
namespace {

using State = Assumption::State;

class Simulations : public routing::RoutingWorld {
 protected:
  Simulation run(const std::string& dialled, const std::vector<Assumption>& assumed = {}) {
    return simulate(*builder.build(), from_alice(dialled), assumed);
  }
};

TEST_F(Simulations, RefuseANumberThatDoesNotExist) {
  const auto result = run("199");
  EXPECT_EQ(result.end, Simulation::End::Refused);
  ASSERT_EQ(result.stages.size(), 1u);
  EXPECT_FALSE(result.stages.front().plan.trace.empty());
  EXPECT_FALSE(describe(result, Language::French).empty());
  EXPECT_NE(describe(result, Language::French), describe(result, Language::English));
}

TEST_F(Simulations, EndAtWhoAnswers) {
  const auto result = run("102");
  EXPECT_EQ(result.end, Simulation::End::Reached);
  EXPECT_EQ(result.stages.back().plan.user, bob);
}

TEST_F(Simulations, FollowTheForwardOfWhoIsBusy) {
  edit(bob, [](User& user) {
    user.forward_busy_enabled = true;
    user.forward_busy_destination = "103";
  });
  const auto result = run("102", {{.user = bob, .state = State::Busy}});
  ASSERT_EQ(result.stages.size(), 2u);
  EXPECT_EQ(result.stages[0].outcome, routing::Outcome::Busy);
  EXPECT_EQ(result.stages[1].plan.user, carol);
  EXPECT_EQ(result.end, Simulation::End::Reached);
}

TEST_F(Simulations, TakeOtherUsersAsTheyAre) {
  EXPECT_EQ(run("102", {{.user = carol, .state = State::NoAnswer}}).end, Simulation::End::Reached);
  EXPECT_EQ(run("102", {{.user = bob, .state = State::NoAnswer}}).end, Simulation::End::Refused);
  EXPECT_EQ(run("102", {{.user = bob, .state = State::Unregistered}}).end, Simulation::End::Refused);
  EXPECT_EQ(run("102", {{.user = bob, .state = State::DoNotDisturb}}).end, Simulation::End::Refused);
}

TEST_F(Simulations, TakeTheNextTrunkWhenOneIsCongested) {
  const auto result = run("00123456789", {{.trunk = first, .state = State::Congestion}});
  ASSERT_EQ(result.stages.size(), 2u);
  EXPECT_EQ(result.stages[0].plan.attempts.front().trunk, first);
  EXPECT_EQ(result.stages[1].plan.attempts.front().trunk, second);
  EXPECT_EQ(run("00123456789",
                {{.trunk = first, .state = State::Congestion}, {.trunk = second, .state = State::Down}})
                .end,
            Simulation::End::Refused);
}

TEST_F(Simulations, KnowTheirWords) {
  EXPECT_EQ(state_named("no_answer"), State::NoAnswer);
  EXPECT_EQ(state_named("dnd"), State::DoNotDisturb);
  EXPECT_FALSE(state_named("asleep"));
}

}  // namespace
}  // namespace xivo::model::simulation
