#include "console/channel_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "console/columns.hpp"

namespace xivo::console {
namespace {

std::string location(const Channel& channel) {
  if (channel.extension.empty()) return "(None)";
  return fmt::format("{}@{}:{}", channel.extension, channel.context, channel.priority);
}

std::string application(const Channel& channel) {
  if (channel.application.empty()) return "(None)";
  return fmt::format("{}({})", channel.application, channel.application_text);
}

/// A field of the concise form: its separator must not occur inside.
std::string field(std::string_view text) {
  auto clean = printable(text);
  std::replace(clean.begin(), clean.end(), '!', '?');
  return clean;
}

std::string verbose_row(const std::array<std::string, 12>& cells) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {}\n", left(cells[0], 80), left(cells[1], 24),
                     left(cells[2], 24), right(cells[3], 4), left(cells[4], 7), left(cells[5], 12),
                     left(cells[6], 25), left(cells[7], 15), right(cells[8], 8), left(cells[9], 11),
                     left(cells[10], 11), left(cells[11], 20));
}

std::string or_none(std::string_view text) { return text.empty() ? "(N/A)" : printable(text); }

std::string elapsed(std::int64_t seconds) {
  return fmt::format("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string_view technology(std::string_view channel_name) {
  return channel_name.substr(0, channel_name.find('/'));
}

std::string duration_words(const CallSummary& call, WallTime now) {
  if (!call.answered) return call.ended ? "-" : "...";
  const auto seconds = seconds_between(*call.answered, call.ended.value_or(now));
  return hours_minutes_seconds(seconds) + (call.ended ? "" : "+");
}

}  // namespace

std::string_view channel_state_words(ChannelState state) {
  switch (state) {
    case ChannelState::Down: return "Down";
    case ChannelState::Reserved: return "Rsrvd";
    case ChannelState::OffHook: return "OffHook";
    case ChannelState::Dialing: return "Dialing";
    case ChannelState::Ring: return "Ring";
    case ChannelState::Ringing: return "Ringing";
    case ChannelState::Up: return "Up";
    case ChannelState::Busy: return "Busy";
    case ChannelState::DialingOffHook: return "Dialing Offhook";
    case ChannelState::PreRing: return "Pre-ring";
    case ChannelState::Unknown: return "Unknown";
  }
  return "Unknown";
}

std::string core_calls(const EngineSnapshot& engine) {
  std::string active = counted(engine.active_calls, "active call");
  if (engine.active_calls_max != 0) {
    active = fmt::format(
        "{} of {} max active call{} ({:5.2f}% of capacity)", engine.active_calls, engine.active_calls_max,
        engine.active_calls == 1 ? "" : "s",
        100.0 * static_cast<double>(engine.active_calls) / static_cast<double>(engine.active_calls_max));
  }
  return fmt::format("{}\n{} processed\n", active, counted(engine.processed_calls, "call"));
}

std::string core_channels_count(const EngineSnapshot& engine) {
  return counted(engine.channels.size(), "active channel") + "\n" + core_calls(engine);
}

std::string core_channels(const EngineSnapshot& engine) {
  const auto row = [](std::string_view name, std::string_view where, std::string_view state,
                      std::string_view what) {
    return fmt::format("{} {} {} {}\n", left(name, 64), left(where, 32), left(state, 7), left(what, 30));
  };
  auto text = row("Channel", "Location", "State", "Application(Data)");
  for (const auto& channel : engine.channels) {
    text += row(channel.name, location(channel), channel_state_words(channel.state), application(channel));
  }
  return text + core_channels_count(engine);
}

std::string core_channels_concise(const EngineSnapshot& engine) {
  std::string text;
  for (const auto& channel : engine.channels) {
    text += fmt::format(
        "{}!{}!{}!{}!{}!{}!{}!{}!{}!{}!{}!{}!{}!{}\n", field(channel.name), field(channel.context),
        field(channel.extension), channel.priority, channel_state_words(channel.state),
        field(channel.application.empty() ? "(None)" : channel.application), field(channel.application_text),
        field(channel.caller_number), field(channel.account), field(channel.peer_account), channel.ama_flags,
        seconds_between(channel.created, engine.taken), field(channel.bridge), field(channel.unique_id));
  }
  return text;
}

std::string core_channels_verbose(const EngineSnapshot& engine) {
  auto text = verbose_row({"Channel", "Context", "Extension", "Prio", "State", "Application", "Data",
                           "CallerID", "Duration", "Accountcode", "PeerAccount", "BridgeID"});
  for (const auto& channel : engine.channels) {
    text += verbose_row({channel.name, channel.context, channel.extension, std::to_string(channel.priority),
                         std::string(channel_state_words(channel.state)),
                         channel.application.empty() ? "(None)" : channel.application,
                         channel.application_text, channel.caller_number,
                         hours_minutes_seconds(seconds_between(channel.created, engine.taken)),
                         channel.account, channel.peer_account, channel.bridge});
  }
  return text + core_channels_count(engine);
}

std::string core_channel(const EngineSnapshot& engine, const Channel& channel) {
  std::string text = " -- General --\n";
  const auto add = [&](std::string_view label, std::string_view value) {
    text += fmt::format("{:>15}: {}\n", label, printable(value));
  };
  add("Name", channel.name);
  add("Type", technology(channel.name));
  add("UniqueID", channel.unique_id);
  add("LinkedID", channel.call);
  add("Caller ID", or_none(channel.caller_number));
  add("Caller ID Name", or_none(channel.caller_name));
  add("Connected Line ID", or_none(channel.connected_number));
  add("Connected Line ID Name", or_none(channel.connected_name));
  add("Language", channel.language);
  add("State", fmt::format("{} ({})", channel_state_words(channel.state), static_cast<int>(channel.state)));
  add("NativeFormats", "(" + (channel.codec.empty() ? "nothing" : channel.codec) + ")");
  add("On hold", channel.on_hold ? "Yes" : "No");
  add("Elapsed Time", elapsed(seconds_between(channel.created, engine.taken)));
  add("Bridge ID", channel.bridge.empty() ? "(Not bridged)" : channel.bridge);
  add("SIP Call-ID", channel.sip_call_id);
  add("Remote", channel.remote.to_string());
  text += " --   PBX   --\n";
  add("Context", channel.context);
  add("Extension", channel.extension);
  add("Priority", std::to_string(channel.priority));
  add("Application", channel.application.empty() ? "(N/A)" : channel.application);
  add("Data", channel.application_text.empty() ? "(Empty)" : channel.application_text);
  add("Call Identifer", "[" + channel.call + "]");  // spelt as in Asterisk: scripts search for it
  text += fmt::format("{:>15}:\n", "Variables");
  for (const auto& [name, value] : channel.variables) {
    text += fmt::format("{}={}\n", printable(name), printable(value));
  }
  return text + "\n";
}

std::string core_version(const Version& version) {
  return printable(fmt::format("Asterisk {} built by {} @ {} on a {} running {} on {}", version.version,
                               version.built_by, version.built_on, version.machine, version.system,
                               version.build_date)) +
         "\n";
}

std::string uptime_line(std::string_view title, std::int64_t seconds, bool in_seconds) {
  if (in_seconds) return fmt::format("{}: {}\n", title, seconds);
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr std::array kUnits = {Unit{"year", 365 * 86400}, Unit{"week", 7 * 86400}, Unit{"day", 86400},
                                 Unit{"hour", 3600}, Unit{"minute", 60}};
  std::string text;
  for (const auto& unit : kUnits) {
    if (seconds <= unit.seconds) continue;  // strict, as in Asterisk: exactly an hour is "60 minutes"
    text += counted(static_cast<std::uint64_t>(seconds / unit.seconds), unit.name);
    seconds %= unit.seconds;
    text += seconds > 0 ? ", " : " ";
  }
  if (seconds > 0 || text.empty()) text += counted(static_cast<std::uint64_t>(seconds), "second") + " ";
  return fmt::format("{}: {}\n", title, text);
}

std::string last_calls(const std::vector<CallSummary>& calls, WallTime now) {
  if (calls.empty()) return "No calls yet.\n";
  const auto row = [](std::string_view started, std::string_view from, std::string_view to,
                      std::string_view duration, std::string_view outcome, std::string_view call) {
    return fmt::format("{} {} {} {} {} {}\n", left(started, 19), left(from, 24), left(to, 20),
                       right(duration, 9), left(outcome, 12), printable(call));
  };
  auto text = row("Started", "From", "To", "Duration", "Outcome", "Call");
  for (const auto& call : calls) {
    const auto from =
        call.from_name.empty() ? call.from_number : fmt::format("{} {}", call.from_number, call.from_name);
    text +=
        row(date_time(call.started), from, call.dialled, duration_words(call, now), call.outcome, call.id);
    if (!call.reason.empty()) text += fmt::format("{:20}{}\n", "", printable(call.reason));
  }
  return text + "Type 'trace CALL' to see what happened in one of them.\n";
}

}  // namespace xivo::console
