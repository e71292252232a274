#pragma once

#include <optional>

#include "runtime/clock.hpp"

/// Wall-clock times as the tables hold them: milliseconds since the epoch, UTC.
namespace xivo::store {

inline std::int64_t to_ms(runtime::WallTime time) { return time.time_since_epoch().count(); }
inline std::optional<std::int64_t> to_ms(const std::optional<runtime::WallTime>& time) {
  return time ? std::optional(to_ms(*time)) : std::nullopt;
}
inline runtime::WallTime from_ms(std::int64_t ms) { return runtime::WallTime(std::chrono::milliseconds(ms)); }
inline std::optional<runtime::WallTime> from_ms(const std::optional<std::int64_t>& ms) {
  return ms ? std::optional(from_ms(*ms)) : std::nullopt;
}

}  // namespace xivo::store
