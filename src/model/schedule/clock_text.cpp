#include "model/schedule/clock_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace xivo::model::schedule {

namespace {

using namespace std::chrono;

/// A number of exactly `digits` digits.
std::optional<int> number(std::string_view text, std::size_t digits) {
  if (text.size() != digits) return std::nullopt;
  for (const char c : text) {
    if (!text::is_digit(c)) return std::nullopt;
  }
  return text::parse_decimal<int>(text);
}

}  // namespace

std::optional<int> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2), 2);
  const auto minute = number(text.substr(3), 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<local_days> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = number(text.substr(0, 4), 4);
  const auto m = number(text.substr(5, 2), 2);
  const auto d = number(text.substr(8), 2);
  if (!y || !m || !d || *y < 1970 || *y > 2199) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return local_days{date};
}

std::optional<local_seconds> wall_time_of(std::string_view text) {
  if (text.size() != 16 && text.size() != 19) return std::nullopt;
  const auto day = date_of(text.substr(0, 10));
  const auto minute = minute_of_day(text.substr(11, 5));
  if (!day || !minute || text[10] != 'T') return std::nullopt;
  const auto second = text.size() == 16 ? std::optional(0)
                      : text[16] == ':' ? number(text.substr(17), 2)
                                        : std::optional<int>();
  if (!second || *second > 59) return std::nullopt;
  return *day + minutes{*minute} + seconds{*second};
}

std::string date_text(local_days day) {
  const year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::string minute_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::optional<NumberSet> number_set(std::string_view text, unsigned first, unsigned last) {
  NumberSet set;
  for (const std::string_view part : text::split(text, ',')) {
    const std::size_t dash = part.find('-');
    const auto from = text::parse_decimal<unsigned>(part.substr(0, dash));
    const auto to =
        dash == std::string_view::npos ? from : text::parse_decimal<unsigned>(part.substr(dash + 1));
    if (!from || !to || *from < first || *to > last || *from > *to) return std::nullopt;
    for (unsigned n = *from; n <= *to; ++n) set.set(n);
  }
  if (set.none()) return std::nullopt;
  return set;
}

bool is_minute_of_day(std::string_view text) { return minute_of_day(text).has_value(); }
bool is_wall_time(std::string_view text) { return wall_time_of(text).has_value(); }
bool is_date(std::string_view text) { return date_of(text).has_value(); }
bool is_week_days(std::string_view text) { return number_set(text, 1, 7).has_value(); }
bool is_month_days(std::string_view text) { return number_set(text, 1, 31).has_value(); }
bool is_months(std::string_view text) { return number_set(text, 1, 12).has_value(); }

}  // namespace xivo::model::schedule
