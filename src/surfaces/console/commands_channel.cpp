#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "console/channel_tables.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

Output show_channel(const EngineSnapshot& engine, const Arguments& arguments) {
  const auto found = std::find_if(engine.channels.begin(), engine.channels.end(),
                                  [&](const Channel& channel) { return channel.name == arguments[0]; });
  if (found == engine.channels.end()) {
    return {fmt::format("{} is not a known channel\n", printable(arguments[0])), true};
  }
  return {core_channel(engine, *found)};
}

std::string requested(std::string_view channel) {
  return fmt::format("Requested Hangup on channel '{}'\n", printable(channel));
}

/// The names are those of a moment before; the count is what the engine really asked to end.
void hang_up_all(ConsoleView& view, const Answer& answer) {
  view.snapshot([&view, answer](const EngineSnapshot& engine) {
    std::string text;
    for (const auto& channel : engine.channels) text += requested(channel.name);
    view.hang_up(std::nullopt, [text, answer](std::size_t count) {
      answer({count == 0 ? "No active channels.\n" : text});
    });
  });
}

void hang_up(const Invocation& invocation) {
  const auto& name = invocation.arguments[0];
  log::notice("console", "{} asked to hang up {}", invocation.settings.who, printable(name));
  if (name == "all") {
    hang_up_all(invocation.view, invocation.answer);
    return;
  }
  invocation.view.hang_up(name, [name, answer = invocation.answer](std::size_t count) {
    if (count == 0) {
      answer({fmt::format("{} is not a known channel\n", printable(name)), true});
    } else {
      answer({requested(name)});
    }
  });
}

}  // namespace

void add_channel_commands(CommandTree& tree) {
  tree.add({"core show channels",
            none("[concise|verbose|count]"),
            {"List channels", "Lister les canaux"},
            from_snapshot_table(core_channels)});
  tree.add({"core show channels concise",
            none(),
            {"List channels for a program to read", "Lister les canaux pour un programme"},
            from_snapshot_table(core_channels_concise)});
  tree.add({"core show channels verbose",
            none(),
            {"List channels with more columns", "Lister les canaux avec plus de colonnes"},
            from_snapshot_table(core_channels_verbose)});
  tree.add({"core show channels count",
            none(),
            {"Count channels and calls", "Compter les canaux et les appels"},
            from_snapshot_table(core_channels_count)});
  tree.add({"core show channel",
            one("<channel>", ArgumentKind::Channel),
            {"Show all there is to know of one channel", "Montrer tout ce qu'on sait d'un canal"},
            from_snapshot(show_channel)});
  tree.add({"channel request hangup",
            one("<channel>|all", ArgumentKind::ChannelOrAll),
            {"End the call of a channel, or every call", "Terminer l'appel d'un canal, ou tous les appels"},
            hang_up});
}

}  // namespace xivo::console
