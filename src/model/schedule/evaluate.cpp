#include "model/schedule/evaluate.hpp"

#include <algorithm>
#include <array>

#include "model/call_rules.hpp"
#include "model/schedule/wall_time.hpp"

namespace xivo::model::schedule {

namespace {

using namespace std::chrono;

constexpr days kAhead{400};

int first_that_holds(const std::vector<Span>& spans, local_days day, int minute) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].holds(day, minute)) return static_cast<int>(i);
  }
  return -1;
}

const Destination* or_else(const Destination& own, const Destination& closed) {
  return own.is_none() ? &closed : &own;
}

const Timetable* timetable(const Config& config, ScheduleId id) {
  const auto& all = config.call_rules().timetables;
  const auto found = all.find(id.value);
  return found == all.end() ? nullptr : &found->second;
}

/// The state as long as nobody touches the schedule; nothing: the time of day decides.
std::optional<State> standing(const Timetable& table) {
  if (!table.schedule->enabled) return State::Unscheduled;
  if (table.schedule->mode == "open") return State::ForcedOpen;
  if (table.schedule->mode == "closed") return State::ForcedClosed;
  return std::nullopt;
}

/// When those minutes come on a day. Where the clock is set back some come twice, and what the first brought is undone at that
/// moment.
std::vector<sys_seconds> moments(const TimeZone& zone, local_days day,
                                 const std::vector<int>& minutes_of_day) {
  std::vector<sys_seconds> all;
  for (const int minute : minutes_of_day) all.push_back(zone.system(day + minutes{minute}));
  const sys_seconds begin = zone.system(day);
  const sys_seconds end = zone.system(day + days{1});
  if (const auto change = zone.change_after(begin); change && *change < end) {
    all.push_back(*change);
    for (const int minute : minutes_of_day)
      all.push_back(*change + (day + minutes{minute} - zone.local(*change)));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Verdict at_wall_time(const Timetable& table, local_seconds wall) {
  const Schedule& schedule = *table.schedule;
  Verdict verdict;
  verdict.destination = &schedule.closed_destination;
  const local_days day = floor<days>(wall);
  const int minute = static_cast<int>(floor<minutes>(wall - day).count());
  if (const int at = first_that_holds(table.exceptions, day, minute); at >= 0) {
    const ExceptionalPeriod& period = schedule.exceptional_periods[static_cast<std::size_t>(at)];
    verdict.state = State::Exception;
    verdict.period = at;
    verdict.label = period.label;
    verdict.destination = or_else(period.destination, schedule.closed_destination);
    return verdict;
  }
  if (const HolidayRule* holiday = table.holidays ? table.holidays->on(day) : nullptr) {
    verdict.state = State::Holiday;
    verdict.holiday = {holiday->french, holiday->english};
    verdict.destination = or_else(schedule.holiday_destination, schedule.closed_destination);
    return verdict;
  }
  verdict.period = first_that_holds(table.open, day, minute);
  verdict.state = verdict.period >= 0 ? State::Open : State::Closed;
  return verdict;
}

std::vector<int> edges(const Timetable& table) {
  std::vector<int> all{0};
  for (const auto* spans : {&table.open, &table.exceptions}) {
    for (const Span& span : *spans) {
      all.push_back(span.start);
      all.push_back(span.end + 1);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase_if(all, [](int minute) { return minute >= 24 * 60; });
  return all;
}

std::string_view name(State state) {
  constexpr std::array<std::string_view, 7> kNames{"unscheduled",   "open",      "forced_open", "closed",
                                                   "forced_closed", "exception", "holiday"};
  return kNames[static_cast<std::size_t>(state)];
}

bool Verdict::same_as(const Verdict& other) const {
  if (state != other.state) return false;
  if (state == State::Exception) return period == other.period;
  if (state == State::Holiday) return holiday.french == other.holiday.french;
  return true;
}

Verdict evaluate(const Config& config, ScheduleId id, sys_seconds at) {
  static const Destination kNone;
  Verdict verdict;
  verdict.destination = &kNone;
  if (!id) return verdict;
  const Timetable* table = timetable(config, id);
  if (table == nullptr) {
    verdict.state = State::Closed;
    return verdict;
  }
  verdict.destination = &table->schedule->closed_destination;
  if (const auto state = standing(*table)) {
    verdict.state = *state;
    return verdict;
  }
  return at_wall_time(*table, table->zone->local(at));
}

std::optional<sys_seconds> next_change(const Config& config, ScheduleId id, sys_seconds at) {
  const Timetable* table = timetable(config, id);
  if (table == nullptr || standing(*table)) return std::nullopt;
  const Verdict now = evaluate(config, id, at);
  const std::vector<int> minutes_of_day = edges(*table);
  const local_days today = floor<days>(table->zone->local(at));
  for (local_days day = today; day <= today + kAhead; day += days{1}) {
    for (const sys_seconds next : moments(*table->zone, day, minutes_of_day)) {
      if (next > at && !evaluate(config, id, next).same_as(now)) return next;
    }
  }
  return std::nullopt;
}

}  // namespace xivo::model::schedule
