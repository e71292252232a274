#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "cli/asterisk_options.hpp"
#include "cli/batch.hpp"
#include "cli/connection.hpp"
#include "cli/exit_code.hpp"
#include "cli/interactive.hpp"
#include "cli/rest/rest_main.hpp"
#include "cli/socket_path.hpp"
#include "cli/xivo_options.hpp"

namespace xivo::cli {
namespace {

constexpr const char* kAsteriskHelp =
    "Usage: asterisk -r[v...] [-x \"command\"] [-s socket]\n"
    "  -r           connect to the running server\n"
    "  -v           tell more; may be repeated\n"
    "  -x \"command\" run a command, print its output and leave\n"
    "  -s socket    where the server's socket is\n"
    "  -n           no colours\n"
    "  -V           show the version\n"
    "This is XiVO's console under Asterisk's name; 'xivo --help' shows what else there is.\n";

void print(std::FILE* file, std::string_view text) { std::fwrite(text.data(), 1, text.size(), file); }

bool set_in_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// Colour is for people at a terminal who have not said no. (https://no-color.org)
bool wants_colour() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && !set_in_environment("NO_COLOR") && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

console::Language user_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (!set_in_environment(name)) continue;
    return std::string_view(std::getenv(name)).substr(0, 2) == "fr" ? console::Language::French
                                                                    : console::Language::English;
  }
  return console::Language::English;
}

std::string history_file() {
  return set_in_environment("HOME") ? std::string(std::getenv("HOME")) + "/.xivo_history" : std::string();
}

/// What both names of the program have in common once their options are read.
struct Task {
  std::string socket;
  std::vector<std::string> commands;
  int verbose = 0;
  bool colour = false;
  console::Language language = console::Language::English;
};

ExitCode use(Connection connection, const Task& task) {
  if (!task.commands.empty()) return run_batch(connection, task.commands);
  if (isatty(STDIN_FILENO) == 0) return run_standard_input(connection);
  return run_interactive(std::move(connection), {task.colour, history_file(), XIVO_VERSION});
}

protocol::Request hello(const Task& task) {
  protocol::Request request;
  request.kind = protocol::RequestKind::Hello;
  request.interactive = task.commands.empty() && isatty(STDIN_FILENO) != 0;
  request.verbose = task.verbose;
  request.language = task.language;
  return request;
}

int run_as_asterisk(std::string_view program, const std::vector<std::string>& arguments) {
  const auto options = parse_asterisk_options(program, arguments);
  if (!options) {
    const auto flag = options.error().detail == 0
                          ? std::string()
                          : fmt::format(": -{}", static_cast<char>(options.error().detail));
    print(stderr, fmt::format("asterisk: {}{}\n{}", options.error().what, flag, kAsteriskHelp));
    return kCommandFailed;
  }
  if (options->help) return print(stdout, kAsteriskHelp), kOk;
  if (options->version) return print(stdout, fmt::format("Asterisk {} (XiVO)\n", XIVO_VERSION)), kOk;
  if (!options->connect) {
    print(stderr, "asterisk: this is XiVO's console; use -r to connect to the running server\n");
    return kCommandFailed;
  }
  const Task task{socket_path(options->socket), options->commands, options->verbose,
                  wants_colour() && !options->no_colour};
  auto connection = Connection::open(task.socket, hello(task));
  if (!connection) {
    print(stderr, fmt::format("Unable to connect to remote asterisk (does {} exist?)\n", task.socket));
    return kCommandFailed;
  }
  const auto code = use(std::move(*connection), task);
  return code == kCommandFailed ? kOk
         : code == kOk          ? kOk
                                : kCommandFailed;  // Asterisk's own know only 0 and 1
}

ExitCode run_on_console(const Task& task) {
  auto connection = Connection::open(task.socket, hello(task));
  if (!connection) {
    print(stderr, fmt::format("xivo: {}\n", connect_problem(task.socket, connection.error())));
    return kNoServer;
  }
  return use(std::move(*connection), task);
}

int run_as_xivo(const std::vector<std::string>& arguments) {
  const bool french = user_language() == console::Language::French;
  const auto rest = run_rest(arguments, french ? model::Language::French : model::Language::English);
  if (rest.code) return *rest.code;
  if (rest.console_command)
    return run_on_console(
        {socket_path(rest.socket), {*rest.console_command}, 0, wants_colour(), user_language()});
  const auto line = parse_xivo_options(arguments);
  if (!line.options) return print(line.code == kOk ? stdout : stderr, line.text), line.code;
  const auto& options = *line.options;
  if (options.action == XivoOptions::Action::Version) {
    return print(stdout, fmt::format("xivo {}\n", XIVO_VERSION)), kOk;
  }
  return run_on_console(
      {socket_path(options.socket), options.commands, options.verbose, wants_colour(), user_language()});
}

}  // namespace
}  // namespace xivo::cli

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const std::string_view program = argc > 0 ? argv[0] : "xivo";
  if (xivo::cli::is_asterisk_name(program)) return xivo::cli::run_as_asterisk(program, arguments);
  return xivo::cli::run_as_xivo(arguments);
}
