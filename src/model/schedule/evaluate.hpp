#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/config.hpp"
#include "model/language.hpp"

/// Whether a schedule is open: a pure function of configuration and time.
namespace xivo::model::schedule {

enum class State : std::uint8_t {
  Unscheduled,  // there is no schedule, or it is disabled: open
  Open,
  ForcedOpen,
  Closed,  // outside the open periods
  ForcedClosed,
  Exception,  // in an exceptional period
  Holiday,
};
/// "unscheduled", "open", "forced_open", "closed", "forced_closed", "exception", "holiday"
std::string_view name(State state);

struct Verdict {
  State state = State::Unscheduled;
  /// Where calls go when closed; never null, may be none. Lives as long as the configuration.
  const Destination* destination = nullptr;
  int period = -1;  // Open, Exception: which of the periods; the first that holds
  std::string_view label{};  // Exception: its label; lives as long as the configuration
  Words holiday{};  // Holiday: its name

  [[nodiscard]] bool open() const { return state <= State::ForcedOpen; }
  /// Whether a person would call it the same state.
  [[nodiscard]] bool same_as(const Verdict& other) const;
};

/// In this order: forced by mode; exceptional periods, the first that holds; public holiday; open periods; closed. An id of 0 is
/// no schedule. An id that names none is closed: what should have said when it is open is missing.
/// Cost    well below a microsecond; reads no file
/// Source  features.md 2.13: the end minute is included
Verdict evaluate(const Config& config, ScheduleId id, std::chrono::sys_seconds at);

/// When the verdict of `at` ends, and another one holds; nothing within the next 400 days: it stays. Not for the path of a call:
/// it looks at every period of every day.
std::optional<std::chrono::sys_seconds> next_change(const Config& config, ScheduleId id,
                                                    std::chrono::sys_seconds at);

}  // namespace xivo::model::schedule
