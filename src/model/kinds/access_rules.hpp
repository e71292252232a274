#pragma once

#include "model/rights.hpp"
#include "model/schema.hpp"

/// What the rules of roles and accounts share.
namespace xivo::model {

/// An enabled account with all rights remains, once there are accounts at all.
void an_administrator_remains(const RuleInput& input, Problems& problems);
/// The author of the change has all of `rights` himself.
void check_author(const RuleInput& input, const std::vector<std::string>& rights, std::string_view field,
                  Problems& problems);

}  // namespace xivo::model
