#pragma once

#include "api/trunks/trunk_state.hpp"
#include "model/kinds/trunk.hpp"
#include "model/value.hpp"

namespace xivo::api {

/// A trunk's state as JSON, in words; `state` null: the trunk is disabled, or new and not looked at yet.
model::Value trunk_state_value(const model::Trunk& trunk, const TrunkState* state, model::Language language);
/// What a Q.850 cause of a call to an operator means.
std::string_view describe_cause(int cause, model::Language language);

/// The templates of operators, in the client's language: {items, total}.
model::Value trunk_templates_value(model::Language language);
/// The files of share/trunk-templates as they stand, one JSON document each.
const std::vector<std::string_view>& trunk_template_files();

}  // namespace xivo::api
