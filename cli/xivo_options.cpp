#include "cli/xivo_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/exit_code.hpp"

namespace xivo::cli {
namespace {

constexpr const char* kFooter =
    "\nThe configuration, over REST: xivo user|line|extension|... list|show|add|set|remove, xivo user "
    "import|export FILE,\n"
    "xivo route CALLER NUMBER, xivo numbering map|numbers|emergency, xivo scenario run,\n"
    "xivo config history|diff|rollback|export|apply|check, xivo whoami, xivo token, xivo completion bash; "
    "each has "
    "--help.\n"
    "Anything else is a command of the console: xivo sip show peers.\n"
    "The server's socket: --socket, else XIVO_SOCKET, else var/run/xivo.sock of this checkout, else "
    "/run/xivo/ctl.sock.\n"
    "Exit codes: 0 done, 1 the command failed, 2 wrong options, 3 no server answers, 4 the server went "
    "away.\n"
    "As 'asterisk' or 'rasterisk' (links to this program): -r, -rvvv, -rx \"command\", -V.";

/// A word the console's quoting takes apart again into itself.
std::string console_word(const std::string& word) {
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

XivoCommandLine parse_xivo_options(std::span<const std::string> arguments) {
  XivoOptions options;
  std::string call;
  std::size_t width = 100;
  std::size_t count = 10;
  CLI::App app("The console and the tools of XiVO.", "xivo");
  app.footer(kFooter);
  bool version = false;
  app.add_flag("-V,--version", version, "Show the version of this program");
  app.add_option("-s,--socket", options.socket, "The server's socket");
  app.require_subcommand(0, 1);
  app.fallthrough();
  auto* console = app.add_subcommand("console", "Open a console, or run commands of it");
  console->add_option("-x,--execute", options.commands, "Run this command and leave; may be repeated");
  console->add_flag("-v", options.verbose, "Tell more; may be repeated");
  auto* trace = app.add_subcommand("trace", "Draw what happened in a call");
  trace->add_option("call", call, "A call as 'xivo calls' names it, a channel, a SIP Call-ID, or 'last'")
      ->required();
  trace->add_option("-w,--width", width, "Columns to draw in")->check(CLI::Range(60, 400));
  auto* calls = app.add_subcommand("calls", "List the newest calls and how they ended");
  calls->add_option("count", count, "How many")->check(CLI::Range(1, 1000));
  auto* status = app.add_subcommand("status", "Show in a few lines how the system is");
  std::string address;
  std::vector<std::string> reason;
  auto* bans = app.add_subcommand("bans", "List the addresses that are not listened to, and why");
  auto* ban_add = bans->add_subcommand("add", "Stop listening to an address or a network");
  ban_add->add_option("address", address, "203.0.113.9, 203.0.113.0/24")->required();
  ban_add->add_option("reason", reason, "Why, in your words");
  auto* ban_release = bans->add_subcommand("release", "Listen to an address again");
  ban_release->add_option("address", address, "203.0.113.9, 203.0.113.0/24")->required();
  bans->require_subcommand(0, 1);
  std::string payer_kind;
  std::int64_t payer_id = 0;
  auto* toll = app.add_subcommand("toll", "List who calls how much to the outside, and who is blocked");
  auto* toll_release = toll->add_subcommand("release", "Let somebody who is blocked call again");
  toll_release->add_option("kind", payer_kind, "user or trunk")
      ->required()
      ->check(CLI::IsMember({"user", "trunk"}));
  toll_release->add_option("number", payer_id, "Its number")->required();
  toll->require_subcommand(0, 1);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream complaint;
    const int code = app.exit(error, out, complaint);
    return {std::nullopt, out.str() + complaint.str(), code == 0 ? kOk : kUsage};
  }
  if (trace->parsed()) options.commands = {"trace " + console_word(call) + " " + std::to_string(width)};
  if (calls->parsed()) options.commands = {"calls last " + std::to_string(count)};
  if (status->parsed()) options.commands = {"status"};
  if (bans->parsed()) options.commands = {"bans"};
  if (toll->parsed()) options.commands = {"toll"};
  if (toll_release->parsed())
    options.commands = {"toll release " + payer_kind + " " + std::to_string(payer_id)};
  if (ban_release->parsed()) options.commands = {"bans release " + console_word(address)};
  if (ban_add->parsed()) {
    options.commands = {"bans add " + console_word(address)};
    for (const auto& word : reason) options.commands.front() += " " + console_word(word);
  }
  options.action =
      options.commands.empty() ? XivoOptions::Action::Interactive : XivoOptions::Action::Commands;
  if (version) options.action = XivoOptions::Action::Version;
  if (!version && app.get_subcommands().empty()) return {std::nullopt, app.help(), kUsage};
  return {options, {}, kOk};
}

}  // namespace xivo::cli
