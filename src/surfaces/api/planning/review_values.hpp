#pragma once

#include <vector>

#include "model/review/review.hpp"
#include "model/value.hpp"

/// What a change does to the plan, as the interface shows it.
namespace xivo::api {

/// [{severity, code, sentence, objects, fix}]; fix is null when only a person can choose.
model::Value findings_value(const std::vector<model::checker::Finding>& findings, model::Language language);
/// [{scenario, name, hold, passed, expected, happened}]
model::Value runs_value(const std::vector<model::scenario::Run>& runs, model::Language language);

/// Sets `findings` and `broken_scenarios`.
void add_review(model::Value& answer, const model::review::Outcome& review, model::Language language);
/// The same in an object that was saved: nothing when there is nothing to tell.
void add_told(model::Value& object, const model::review::Outcome& review, model::Language language);
/// Takes away what add_told() added, so that an answer may be sent back.
void strip_told(model::Value& object);

}  // namespace xivo::api
