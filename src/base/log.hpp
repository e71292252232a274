#pragma once

#include <fmt/format.h>

#include <functional>
#include <string_view>

/// The log of the process: one line an event, a level, a category ("sip", "call", "store" ...) and a text.
/// Thread  any; the sink is called under a lock of the sink's own.
namespace xivo::log {

enum class Level { Debug, Notice, Warning, Error };

using Sink = std::function<void(Level, std::string_view category, std::string_view text)>;

/// Replaces where lines go. Call before threads start; the default writes to stderr.
void set_sink(Sink sink);
void set_level(Level lowest);
bool enabled(Level level);
void write(Level level, std::string_view category, std::string_view text);
std::string_view name(Level level);

template <class... Args>
void debug(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Debug)) write(Level::Debug, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void notice(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Notice))
    write(Level::Notice, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Warning))
    write(Level::Warning, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Error)) write(Level::Error, category, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace xivo::log
