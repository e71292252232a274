#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "model/kinds/schedule.hpp"
#include "model/schedule/clock_text.hpp"
#include "model/schedule/holidays.hpp"

namespace xivo::model::schedule {

/// A period, read once.
struct Span {
  int start = 0;  // minute of the day
  int end = 0;  // included; before start: of the next day
  NumberSet week_days;  // ISO
  NumberSet month_days;
  NumberSet months;
  std::chrono::local_days first_date{};  // only with `dated`
  std::chrono::local_days last_date{};
  bool dated = false;
  bool readable = false;  // false: holds never

  [[nodiscard]] bool holds(std::chrono::local_days day, int minute) const;
  [[nodiscard]] bool is_of(std::chrono::local_days day) const;
};

/// A schedule, read once: what evaluate() works on.
struct Timetable {
  std::shared_ptr<const Schedule> schedule;
  std::shared_ptr<const TimeZone> zone;
  const HolidayCalendar* holidays = nullptr;
  std::vector<Span> open;
  std::vector<Span> exceptions;

  static Timetable of(std::shared_ptr<const Schedule> schedule,
                      const std::shared_ptr<const TimeZone>& company_zone);
};

}  // namespace xivo::model::schedule
