#pragma once

#include <vector>

#include "model/schema.hpp"

/// The part of a user's declaration that says where calls go when he does not take them.
namespace xivo::model {

std::vector<Field> user_forward_fields();
/// A forward that is on needs a number.
void forwards_have_numbers(const RuleInput& input, Problems& problems);

}  // namespace xivo::model
