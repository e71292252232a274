#pragma once

#include <string>
#include <vector>

#include "cli/connection.hpp"
#include "cli/exit_code.hpp"

namespace xivo::cli {

/// Runs one command and writes nothing but its output to standard output.
/// Shape   returns kOk, kCommandFailed or kDisconnected; of the last, one line goes to standard error
ExitCode run_command(Connection& connection, const std::string& command);

/// Runs `commands` in order, all of them; ends with the first code that is not kOk.
ExitCode run_batch(Connection& connection, const std::vector<std::string>& commands);

/// The same for each line of standard input.
ExitCode run_standard_input(Connection& connection);

}  // namespace xivo::cli
