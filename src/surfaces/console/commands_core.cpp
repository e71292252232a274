#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "console/channel_tables.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/interpreter.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

constexpr int kLevelMax = 99;

std::string level_words(int level) { return level > 0 ? std::to_string(level) : "OFF"; }

std::string level_change(std::string_view what, int before, int now) {
  if (before == now) return fmt::format("{} is still {}.\n", what, level_words(now));
  return fmt::format("{} was {} and is now {}.\n", what, level_words(before), level_words(now));
}

/// What `[atleast] <level>|off [silent]` asks for.
struct Level {
  int value = 0;
  bool at_least = false;
  bool silent = false;
};

std::optional<Level> parse_level(Arguments arguments) {
  Level level;
  if (arguments.size() > 1 && text::equal_ignoring_case(arguments.back(), "silent")) {
    level.silent = true;
    arguments.pop_back();
  }
  if (arguments.size() > 1 && text::equal_ignoring_case(arguments.front(), "atleast")) {
    level.at_least = true;
    arguments.erase(arguments.begin());
  }
  if (arguments.size() != 1) return std::nullopt;
  if (text::equal_ignoring_case(arguments[0], "off")) return level;
  const auto number = text::parse_decimal<int>(arguments[0]);
  if (!number) return std::nullopt;
  level.value = std::min(*number, kLevelMax);
  return level;
}

/// Sets `current` as asked; the message, or nothing when the arguments make no sense.
std::optional<std::string> change_level(std::string_view what, int& current, const Arguments& arguments) {
  const auto level = parse_level(arguments);
  if (!level) return std::nullopt;
  const int before = current;
  current = level->at_least ? std::max(before, level->value) : level->value;
  return level->silent ? "" : level_change(what, before, current);
}

void set_verbose(const Invocation& invocation) {
  const auto text = change_level("Console verbose", invocation.settings.verbose, invocation.arguments);
  invocation.answer(text ? Output{*text}
                         : Output{"Usage: core set verbose [atleast] <level>|off [silent]\n", true});
}

void set_debug(const Invocation& invocation) {
  auto& level = invocation.interpreter.core_debug;
  const auto text = change_level("Core debug", level, invocation.arguments);
  if (text) invocation.view.set_core_debug(level);
  invocation.answer(text ? Output{*text}
                         : Output{"Usage: core set debug [atleast] <level>|off [silent]\n", true});
}

Handler show_uptime(bool in_seconds) {
  return from_snapshot([in_seconds](const EngineSnapshot& engine, const Arguments&) {
    return Output{
        uptime_line("System uptime", seconds_between(engine.started, engine.taken), in_seconds) +
        uptime_line("Last reload", seconds_between(engine.revision.published, engine.taken), in_seconds)};
  });
}

Handler show_calls(bool uptime, bool in_seconds) {
  return from_snapshot([uptime, in_seconds](const EngineSnapshot& engine, const Arguments&) {
    auto text = core_calls(engine);
    if (uptime)
      text += uptime_line("System uptime", seconds_between(engine.started, engine.taken), in_seconds);
    return Output{text};
  });
}

/// Ours, behind `xivo status`: what a worried administrator asks first.
void show_status(Invocation invocation) {
  auto& view = invocation.view;
  view.snapshot(
      [version = view.version(), answer = std::move(invocation.answer)](const EngineSnapshot& engine) {
        const auto reachable = std::count_if(engine.peers.begin(), engine.peers.end(),
                                             [](const Peer& peer) { return !peer.contacts.empty(); });
        std::string text = fmt::format("XiVO {} runs on {} (pid {}) since {}\n", version.version,
                                       version.host, version.process, date_time(engine.started));
        text += uptime_line("Uptime", seconds_between(engine.started, engine.taken), false);
        text += fmt::format("Calls: {} active, {} processed\n", engine.active_calls, engine.processed_calls);
        text += fmt::format("Lines: {} of {} registered\n", reachable, engine.peers.size());
        text += fmt::format("Configuration: revision {} of {}{}\n", engine.revision.number,
                            date_time(engine.revision.published),
                            engine.revision.author.empty() ? "" : " by " + engine.revision.author);
        if (!engine.failures.empty()) {
          text += fmt::format("{} to register or to call (see 'sip show failures')\n",
                              engine.failures.size() == 1
                                  ? "1 account or address fails"
                                  : fmt::format("{} accounts or addresses fail", engine.failures.size()));
        }
        answer({printable_lines(text)});
      });
}

Handler stop(bool graceful, std::string_view message) {
  return [graceful, message](const Invocation& invocation) {
    log::notice("console", "{} asked to stop {}", invocation.settings.who, graceful ? "gracefully" : "now");
    invocation.answer({std::string(message)});
    invocation.view.stop(graceful);
  };
}

void add_level_commands(CommandTree& tree) {
  tree.add({"core set verbose",
            between(1, 3, "[atleast] <level>|off"),
            {"Set how much this console tells", "Régler ce que raconte cette console"},
            set_verbose});
  tree.add(
      {"core set debug",
       between(1, 3, "[atleast] <level>|off"),
       {"Set how much the program writes for debugging", "Régler le niveau de mise au point du programme"},
       set_debug});
}

void add_stop_commands(CommandTree& tree) {
  tree.add({"core stop now",
            none(),
            {"Stop at once; calls in progress are lost",
             "Arrêter tout de suite ; les appels en cours sont perdus"},
            stop(false, "Stopping now.\n")});
  tree.add({"core stop gracefully",
            none(),
            {"Refuse new calls and stop when the last one has ended",
             "Refuser les nouveaux appels et arrêter quand le dernier est terminé"},
            stop(true, "Waiting for inactivity to perform halt...\n")});
}

}  // namespace

void add_core_commands(CommandTree& tree) {
  tree.add(
      {"core show version",
       none(),
       {"Show which program this is", "Montrer de quel programme il s'agit"},
       [](const Invocation& invocation) { invocation.answer({core_version(invocation.view.version())}); }});
  tree.add({"core show uptime",
            none("[seconds]"),
            {"Show since when it runs", "Montrer depuis quand il fonctionne"},
            show_uptime(false)});
  tree.add({"core show uptime seconds",
            none(),
            {"Show since when it runs, in seconds", "Montrer depuis quand il fonctionne, en secondes"},
            show_uptime(true)});
  tree.add({"core show calls",
            none("[uptime [seconds]]"),
            {"Count calls", "Compter les appels"},
            show_calls(false, false)});
  tree.add({"core show calls uptime",
            none("[seconds]"),
            {"Count calls and show the uptime", "Compter les appels et montrer la durée de fonctionnement"},
            show_calls(true, false)});
  tree.add({"core show calls uptime seconds",
            none(),
            {"Count calls and show the uptime in seconds",
             "Compter les appels et montrer la durée de fonctionnement en secondes"},
            show_calls(true, true)});
  tree.add({"status",
            none(),
            {"Show in a few lines how the system is", "Montrer en quelques lignes l'état du système"},
            show_status});
  add_level_commands(tree);
  add_stop_commands(tree);
}

}  // namespace xivo::console
