#include "base/log.hpp"

#include <atomic>
#include <cstdio>

namespace xivo::log {
namespace {

std::atomic<Level> lowest_level{Level::Notice};

void write_to_stderr(Level level, std::string_view category, std::string_view text) {
  const auto line = fmt::format("{} {}: {}\n", name(level), category, text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Sink& sink() {
  static Sink current = write_to_stderr;
  return current;
}

}  // namespace

void set_sink(Sink replacement) { sink() = replacement ? std::move(replacement) : Sink(write_to_stderr); }
void set_level(Level lowest) { lowest_level.store(lowest, std::memory_order_relaxed); }
bool enabled(Level level) { return level >= lowest_level.load(std::memory_order_relaxed); }
void write(Level level, std::string_view category, std::string_view text) { sink()(level, category, text); }

std::string_view name(Level level) {
  switch (level) {
    case Level::Debug: return "DEBUG";
    case Level::Notice: return "NOTICE";
    case Level::Warning: return "WARNING";
    case Level::Error: return "ERROR";
  }
  return "?";
}

}  // namespace xivo::log
