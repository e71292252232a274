#pragma once

#include <optional>
#include <vector>

#include "api/configuration/transaction_body.hpp"
#include "model/impact/impact.hpp"

/// What POST /scenarios/runs reads, and what it and GET /configuration/impact answer.
namespace xivo::api {

struct RunWish {
  std::vector<model::ScenarioId> scenarios;  // none: all
  model::Transaction transaction;  // a draft that they are run on; no changes: the plan of now
};
/// Nothing when the body was wrong, which has then been answered.
std::optional<RunWish> read_run_wish(const Exchange& exchange, const model::Value& body);

model::Value runs_answer(const model::Config& config, const std::vector<model::scenario::Run>& runs,
                         bool draft, model::Language language);
model::Value impact_value(const model::impact::Impact& impact, const model::Config& config,
                          model::Language language);

}  // namespace xivo::api
