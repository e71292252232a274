#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/config.hpp"
#include "model/language.hpp"
#include "model/schedule/evaluate.hpp"

/// What a schedule does day by day, and in words.
namespace xivo::model::schedule {

/// A part of a day in which one verdict holds; minutes of the day, the last included.
struct DaySpan {
  int from = 0;
  int to = 0;
  Verdict verdict;
};
struct CalendarDay {
  std::chrono::local_days date;
  std::optional<Words> holiday;  // of the schedule's calendar, even where an exception goes before
  std::vector<DaySpan> spans;  // from 00:00 to 23:59 without a gap
};
/// The days from `first` on as they are by themselves: a forced mode does not show. Empty: there is no such schedule.
std::vector<CalendarDay> calendar(const Config& config, ScheduleId id, std::chrono::local_days first,
                                  int days);

/// "Closed (Bastille Day)"
std::string describe(const Verdict& verdict, Language language);

/// A moment of a schedule.
struct Moment {
  Verdict verdict;
  std::optional<std::chrono::sys_seconds> until;  // when another verdict holds
  std::optional<std::chrono::sys_seconds> opens;  // when closed: when it opens next
  /// "Open until 18:00, then closed", "Closed (Bastille Day) until Wednesday 08:00"
  std::string sentence;
};
Moment moment(const Config& config, ScheduleId id, std::chrono::sys_seconds at, Language language);

}  // namespace xivo::model::schedule
