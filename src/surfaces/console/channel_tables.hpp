#pragma once

#include <string>
#include <vector>

#include "console/console_view.hpp"

/// The answers of `core show ...` and of our own `calls`, in Asterisk's columns where it has them.
namespace xivo::console {

std::string core_channels(const EngineSnapshot& engine);
std::string core_channels_concise(const EngineSnapshot& engine);
std::string core_channels_verbose(const EngineSnapshot& engine);
std::string core_channels_count(const EngineSnapshot& engine);
std::string core_channel(const EngineSnapshot& engine, const Channel& channel);
std::string core_calls(const EngineSnapshot& engine);
std::string core_version(const Version& version);
/// "System uptime: 1 hour, 5 seconds "; the line feed included, the blank at the end as Asterisk has it.
std::string uptime_line(std::string_view title, std::int64_t seconds, bool in_seconds);
std::string last_calls(const std::vector<CallSummary>& calls, WallTime now);

std::string_view channel_state_words(ChannelState state);

}  // namespace xivo::console
