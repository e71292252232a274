#include "model/schedule/timetable.hpp"

namespace xivo::model::schedule {

namespace {

using namespace std::chrono;

/// What cannot be read holds never: a schedule that is open by mistake costs more than one that is closed.
Span span_of(const Period& period) {
  Span span;
  const auto start = minute_of_day(period.hours_start);
  const auto end = minute_of_day(period.hours_end);
  const auto week_days = number_set(period.week_days, 1, 7);
  const auto month_days = number_set(period.month_days, 1, 31);
  const auto months = number_set(period.months, 1, 12);
  if (!start || !end || !week_days || !month_days || !months) return span;
  span.start = *start;
  span.end = *end;
  span.week_days = *week_days;
  span.month_days = *month_days;
  span.months = *months;
  span.readable = true;
  return span;
}

Span span_of(const ExceptionalPeriod& period) {
  Span span = span_of(static_cast<const Period&>(period));
  if (period.first_date.empty()) return span;
  const auto first = date_of(period.first_date);
  const auto last = period.last_date.empty() ? first : date_of(period.last_date);
  if (!first || !last) {
    span.readable = false;
    return span;
  }
  span.dated = true;
  span.first_date = *first;
  span.last_date = *last;
  return span;
}

}  // namespace

bool Span::is_of(local_days day) const {
  if (dated && (day < first_date || day > last_date)) return false;
  if (!week_days.test(weekday{day}.iso_encoding())) return false;
  if (month_days.count() == 31 && months.count() == 12) return true;
  const year_month_day date{day};
  return month_days.test(unsigned{date.day()}) && months.test(unsigned{date.month()});
}

bool Span::holds(local_days day, int minute) const {
  if (!readable) return false;
  if (start <= end) return start <= minute && minute <= end && is_of(day);
  return minute >= start ? is_of(day) : minute <= end && is_of(day - days{1});
}

Timetable Timetable::of(std::shared_ptr<const Schedule> schedule,
                        const std::shared_ptr<const TimeZone>& company_zone) {
  Timetable table;
  table.zone = schedule->timezone.empty() ? nullptr : TimeZone::load(schedule->timezone);
  if (!table.zone) table.zone = company_zone;
  table.holidays = holiday_calendar(schedule->holidays);
  for (const Period& period : schedule->open_periods) table.open.push_back(span_of(period));
  for (const ExceptionalPeriod& period : schedule->exceptional_periods)
    table.exceptions.push_back(span_of(period));
  table.schedule = std::move(schedule);
  return table;
}

}  // namespace xivo::model::schedule
