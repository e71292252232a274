#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace xivo::cli {

/// What an `asterisk` command line asks for. Flags may be clustered: "-rvvvx 'core show calls'".
struct AsteriskOptions {
  bool connect = false;        // -r, -R, -x, or the name rasterisk
  bool version = false;        // -V
  bool help = false;           // -h
  bool no_colour = false;      // -n
  int verbose = 0;             // a count of v
  std::vector<std::string> commands;  // -x; several are run in order
  std::string socket;          // -s
};

/// Whether a program of this name (argv[0]) speaks as asterisk.
bool is_asterisk_name(std::string_view program);

/// Shape   arguments: without argv[0]
/// Errors  "unknown flag" or "flag needs an argument", with the flag's character as detail; "unexpected argument"
Result<AsteriskOptions> parse_asterisk_options(std::string_view program,
                                               std::span<const std::string> arguments);

}  // namespace xivo::cli
