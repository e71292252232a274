#pragma once

#include "cli/rest/kind_commands.hpp"

/// The plan as a whole, from the command line.
namespace xivo::cli {

/// xivo route CALLER NUMBER: where a call would go, without placing it.
Outcome<void> run_route_command(Task& task);
/// xivo numbering map|numbers|emergency
Outcome<void> run_numbering_command(Task& task);
/// xivo config check: what is wrong. Fails when something blocks.
Outcome<void> check_configuration(Task& task);
/// xivo scenario run [SCENARIO...]: fails when one of them does.
Outcome<void> run_scenarios(Task& task, const KindInfo& kind);
/// xivo KIND impact OBJECT: what could no longer be reached without it.
Outcome<void> show_impact(Task& task, const KindInfo& kind);

}  // namespace xivo::cli
