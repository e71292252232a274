#pragma once

#include <string>

#include "cli/connection.hpp"
#include "cli/exit_code.hpp"

namespace xivo::cli {

/// What an interactive console is started with.
struct InteractiveOptions {
  bool colour = false;
  std::string history_file;
  std::string version;  // of this program
};

/// A console at the terminal, until the user leaves (kOk) or the server goes away (kDisconnected).
ExitCode run_interactive(Connection connection, const InteractiveOptions& options);

/// What an interactive console says first.
std::string banner(const std::string& version, const protocol::Greeting& server);

}  // namespace xivo::cli
