#pragma once

namespace xivo::cli {

/// How the program ends; README.md has the table. As `asterisk`, only 0 and 1 are used, as there.
enum ExitCode : int {
  kOk = 0,
  kCommandFailed = 1,  // the command is unknown or was refused
  kUsage = 2,          // the options make no sense
  kNoServer = 3,       // no server answers on the socket
  kDisconnected = 4,   // the server went away, or did not answer
};

}  // namespace xivo::cli
