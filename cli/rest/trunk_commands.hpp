#pragma once

#include "cli/rest/kind_commands.hpp"

namespace xivo::cli {

/// xivo trunk states: how each trunk is doing, one a line.
Outcome<void> show_trunk_states(Task& task);

}  // namespace xivo::cli
