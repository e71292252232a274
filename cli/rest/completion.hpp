#pragma once

#include <string>

#include "cli/rest/schema.hpp"

namespace xivo::cli {

/// A bash script that completes commands, kinds, options and the values that a field can choose from, all of them known
/// when it was made; names of objects are asked for while completing.
std::string bash_completion(const Schema& schema);

}  // namespace xivo::cli
