#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "api/exchange.hpp"
#include "api/planning/sent_invite.hpp"
#include "model/simulation/simulate.hpp"

/// What POST /routing/simulations reads and answers.
namespace xivo::api {

struct SimulationQuestion {
  model::routing::Request request;
  std::vector<model::simulation::Assumption> assumed;
};
/// `now` is the time of a question that names none. Nothing when the body was wrong, which has then been answered.
std::optional<SimulationQuestion> read_question(const Exchange& exchange, const model::Config& config,
                                                const model::Value& body, std::chrono::sys_seconds now);
model::Value simulation_value(const model::Config& config, const model::simulation::Simulation& simulation,
                              model::Language language, const InvitePreview& preview);

}  // namespace xivo::api
