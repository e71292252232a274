#pragma once

#include <string>

namespace xivo::app {

/// Why xivod ended; documented in README.md and xivod --help.
enum class ExitCode : int {
  Ok = 0,
  Internal = 1,
  BadOption = 2,
  FolderNotWritable = 3,
  Database = 4,
  SipPort = 5,
  HttpPort = 6,
  Console = 7,
  MediaPorts = 8,
};

/// Why the daemon did not start.
struct StartFailure {
  ExitCode code;
  std::string text;  // one line
};

}  // namespace xivo::app
