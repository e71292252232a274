#pragma once

#include "cli/rest/kind_commands.hpp"

namespace xivo::cli {

/// xivo config history|diff|rollback|export|apply
Outcome<void> run_config_command(Task& task);
std::string config_help(model::Language language);

}  // namespace xivo::cli
