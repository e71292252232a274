#pragma once

#include <string>

#include "app/exit_code.hpp"

namespace xivo::app {

/// Why the daemon did not start.
struct StartFailure {
  ExitCode code;
  std::string text;  // one line
};

}  // namespace xivo::app
