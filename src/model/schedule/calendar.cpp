#include "model/schedule/calendar.hpp"

#include <fmt/format.h>

#include <array>

#include "model/call_rules.hpp"
#include "model/schedule/wall_time.hpp"

namespace xivo::model::schedule {

namespace {

using namespace std::chrono;

constexpr int kLastMinute = 24 * 60 - 1;
constexpr int kChangesMax = 200;  // looked through for the next opening

constexpr std::array<Words, 7> kWeekDays{{{"lundi", "Monday"},
                                          {"mardi", "Tuesday"},
                                          {"mercredi", "Wednesday"},
                                          {"jeudi", "Thursday"},
                                          {"vendredi", "Friday"},
                                          {"samedi", "Saturday"},
                                          {"dimanche", "Sunday"}}};
constexpr std::array<Words, 12> kMonths{{{"janvier", "January"},
                                         {"février", "February"},
                                         {"mars", "March"},
                                         {"avril", "April"},
                                         {"mai", "May"},
                                         {"juin", "June"},
                                         {"juillet", "July"},
                                         {"août", "August"},
                                         {"septembre", "September"},
                                         {"octobre", "October"},
                                         {"novembre", "November"},
                                         {"décembre", "December"}}};

const Timetable* timetable(const Config& config, ScheduleId id) {
  const auto& all = config.call_rules().timetables;
  const auto found = all.find(id.value);
  return found == all.end() ? nullptr : &found->second;
}

std::vector<DaySpan> spans_of(const Timetable& table, local_days day,
                              const std::vector<int>& minutes_of_day) {
  std::vector<DaySpan> spans;
  for (const int minute : minutes_of_day) {
    const Verdict verdict = at_wall_time(table, day + minutes{minute});
    if (!spans.empty() && spans.back().verdict.same_as(verdict)) continue;
    if (!spans.empty()) spans.back().to = minute - 1;
    spans.push_back({minute, kLastMinute, verdict});
  }
  return spans;
}

/// "18:00", "Monday 08:00", "14 July 08:00": as a person says it who stands at `from`.
std::string time_words(local_seconds when, local_seconds from, Language language) {
  const local_days day = floor<days>(when);
  const std::string clock = minute_text(static_cast<int>(floor<minutes>(when - day).count()));
  const auto ahead = day - floor<days>(from);
  if (ahead == days{0}) return clock;
  if (ahead < days{7}) {
    const auto place = weekday{day}.iso_encoding() - 1;
    return fmt::format("{} {}", kWeekDays[place].in(language), clock);
  }
  const year_month_day date{day};
  const auto place = unsigned{date.month()} - 1;
  return fmt::format("{} {} {} {}", unsigned{date.day()}, kMonths[place].in(language), int{date.year()},
                     clock);
}

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

/// When an open moment will be; nothing within the next year.
std::optional<sys_seconds> next_opening(const Config& config, ScheduleId id,
                                        std::optional<sys_seconds> change) {
  for (int i = 0; i < kChangesMax && change; ++i) {
    if (evaluate(config, id, *change).open()) return change;
    change = next_change(config, id, *change);
  }
  return std::nullopt;
}

std::string sentence_of(const Config& config, ScheduleId id, const Moment& now, local_seconds wall,
                        const TimeZone& zone, Language language) {
  const bool french = language == Language::French;
  std::string text = describe(now.verdict, language);
  if (now.verdict.open()) {
    if (!now.until) return text;
    const Verdict then = evaluate(config, id, *now.until);
    // The end minute is included: "until 18:00" is what the period says.
    return text + fmt::format(fmt::runtime(french ? " jusqu'à {}, puis {}" : " until {}, then {}"),
                              time_words(zone.local(*now.until - minutes{1}), wall, language),
                              lower_first(describe(then, language)));
  }
  if (!now.opens) return text;
  const std::string when = time_words(zone.local(*now.opens), wall, language);
  return text + fmt::format(fmt::runtime(french ? " jusqu'à {}" : " until {}"), when);
}

}  // namespace

std::vector<CalendarDay> calendar(const Config& config, ScheduleId id, local_days first, int count) {
  std::vector<CalendarDay> all;
  const Timetable* table = timetable(config, id);
  if (table == nullptr) return all;
  const std::vector<int> minutes_of_day = edges(*table);
  for (int i = 0; i < count; ++i) {
    const local_days day = first + days{i};
    CalendarDay& made = all.emplace_back(CalendarDay{day, {}, spans_of(*table, day, minutes_of_day)});
    if (const HolidayRule* holiday = table->holidays ? table->holidays->on(day) : nullptr)
      made.holiday = Words{holiday->french, holiday->english};
  }
  return all;
}

std::string describe(const Verdict& verdict, Language language) {
  const bool french = language == Language::French;
  switch (verdict.state) {
    case State::Unscheduled:
      return french ? "Toujours ouvert (l'horaire est désactivé)" : "Always open (the schedule is disabled)";
    case State::Open: return french ? "Ouvert" : "Open";
    case State::ForcedOpen:
      return french ? "Ouverture forcée jusqu'à nouvel ordre" : "Forced open until further notice";
    case State::ForcedClosed:
      return french ? "Fermeture forcée jusqu'à nouvel ordre" : "Forced closed until further notice";
    case State::Closed: return french ? "Fermé" : "Closed";
    case State::Exception:
      if (verdict.label.empty()) return french ? "Fermeture exceptionnelle" : "Exceptional closure";
      return fmt::format(fmt::runtime(french ? "Fermé ({})" : "Closed ({})"), verdict.label);
    case State::Holiday:
      return fmt::format(fmt::runtime(french ? "Fermé ({})" : "Closed ({})"), verdict.holiday.in(language));
  }
  return {};
}

Moment moment(const Config& config, ScheduleId id, sys_seconds at, Language language) {
  Moment now;
  now.verdict = evaluate(config, id, at);
  now.until = next_change(config, id, at);
  if (!now.verdict.open()) now.opens = next_opening(config, id, now.until);
  const Timetable* table = timetable(config, id);
  const TimeZone& zone = table == nullptr ? *TimeZone::utc() : *table->zone;
  now.sentence = sentence_of(config, id, now, zone.local(at), zone, language);
  return now;
}

}  // namespace xivo::model::schedule
