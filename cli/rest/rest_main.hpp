#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/exit_code.hpp"
#include "model/language.hpp"

namespace xivo::cli {

/// What a command line turned out to be.
struct RestOutcome {
  std::optional<ExitCode> code;  // nothing: no command of the REST side
  std::optional<std::string> console_command;  // then: the console may know it, "sip show peers"
  std::string socket;  // what --socket said
  std::string problem;  // why the REST interface could not be asked, if so
};

/// Runs `xivo KIND ...`, `xivo config ...`, whoami, token and completion. Which kinds there are, the server says; words
/// that name none are left to the console.
/// Shape   arguments: without argv[0]
RestOutcome run_rest(std::span<const std::string> arguments, model::Language language);

/// Whether a first word is one of the console side's own: console, status, calls, trace, bans.
bool is_console_word(std::string_view word);

/// The REST socket stands beside the console's: var/run/xivo.sock and var/run/api.sock.
std::string api_socket(const std::string& console_socket);

}  // namespace xivo::cli
