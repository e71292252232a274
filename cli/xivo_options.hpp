#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xivo::cli {

/// What a `xivo` command line asks for.
struct XivoOptions {
  enum class Action { Interactive, Commands, Version };
  Action action = Action::Interactive;
  std::vector<std::string> commands;  // Action::Commands
  std::string socket;
  int verbose = 0;
};

/// Either options, or a text to print and the code to end with: help that was asked for, or what is wrong.
struct XivoCommandLine {
  std::optional<XivoOptions> options;
  std::string text;
  int code = 0;
};

/// Shape   arguments: without argv[0]
XivoCommandLine parse_xivo_options(std::span<const std::string> arguments);

}  // namespace xivo::cli
