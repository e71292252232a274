#include "cli/asterisk_options.hpp"

namespace xivo::cli {
namespace {

/// Flags of Asterisk that only matter to a server or to looks; taken and not used.
constexpr std::string_view kIgnored = "cdfFgiImpqtTWB";
constexpr std::string_view kIgnoredWithArgument = "CeGLMU";

std::string_view base_name(std::string_view program) {
  const auto slash = program.rfind('/');
  return slash == std::string_view::npos ? program : program.substr(slash + 1);
}

/// Sets what a flag without an argument means; false when there is no such flag.
bool set_plain(AsteriskOptions& options, char flag) {
  switch (flag) {
    case 'r':
    case 'R': options.connect = true; return true;
    case 'v': ++options.verbose; return true;
    case 'V': options.version = true; return true;
    case 'h': options.help = true; return true;
    case 'n': options.no_colour = true; return true;
    default: return kIgnored.find(flag) != std::string_view::npos;
  }
}

bool takes_argument(char flag) {
  return flag == 'x' || flag == 's' || kIgnoredWithArgument.find(flag) != std::string_view::npos;
}

}  // namespace

bool is_asterisk_name(std::string_view program) {
  const auto name = base_name(program);
  return name == "asterisk" || name == "rasterisk";
}

Result<AsteriskOptions> parse_asterisk_options(std::string_view program,
                                               std::span<const std::string> arguments) {
  AsteriskOptions options;
  options.connect = base_name(program) == "rasterisk";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view cluster = arguments[i];
    if (cluster.size() < 2 || cluster[0] != '-') return fail("unexpected argument");
    for (std::size_t at = 1; at < cluster.size(); ++at) {
      const char flag = cluster[at];
      if (set_plain(options, flag)) continue;
      if (!takes_argument(flag)) return fail("unknown flag", flag);
      std::string value(cluster.substr(at + 1));  // "-xcommand", or the next word
      if (value.empty()) {
        if (++i == arguments.size()) return fail("flag needs an argument", flag);
        value = arguments[i];
      }
      if (flag == 's') options.socket = value;
      if (flag == 'x') {
        options.commands.push_back(value);
        options.connect = true;
      }
      break;
    }
  }
  return options;
}

}  // namespace xivo::cli
