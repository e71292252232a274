#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/config.hpp"

/// Which numbers can be given to somebody.
namespace xivo::model::numbering {

bool is_emergency_number(const Config& config, std::string_view number);

/// The numbers for help that a range has; nobody can have them, and they are never proposed.
std::vector<std::string> emergency_numbers_in(const Config& config, const NumberRange& range);

/// The next number after `exten` of as many digits that the context does not have yet and that is no emergency number: in the range of
/// users that `exten` is in, beginning again at its start; without such a range, whichever. Empty: there is none near.
std::string next_free_number(const Config& config, const Context& context, std::string_view exten);

}  // namespace xivo::model::numbering
