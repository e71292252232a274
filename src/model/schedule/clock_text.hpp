#pragma once

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// The small texts that periods are written in.
namespace xivo::model::schedule {

/// Minutes since midnight of "08:30"; nothing when it is no time of day.
std::optional<int> minute_of_day(std::string_view text);

/// "2026-07-14"; nothing when there is no such day.
std::optional<std::chrono::local_days> date_of(std::string_view text);

/// "2026-07-14T19:00", seconds as one likes; nothing when there is no such time.
std::optional<std::chrono::local_seconds> wall_time_of(std::string_view text);

/// "2026-07-14"
std::string date_text(std::chrono::local_days day);
/// "08:05"
std::string minute_text(int minute_of_day);

/// "1-5", "1,3-4": bit n for the number n, from `first` to `last`; nothing when it cannot be read or is empty.
using NumberSet = std::bitset<32>;
std::optional<NumberSet> number_set(std::string_view text, unsigned first, unsigned last);

// For FieldSpec::accepts.
bool is_minute_of_day(std::string_view text);
bool is_date(std::string_view text);
bool is_wall_time(std::string_view text);
bool is_week_days(std::string_view text);
bool is_month_days(std::string_view text);
bool is_months(std::string_view text);

}  // namespace xivo::model::schedule
