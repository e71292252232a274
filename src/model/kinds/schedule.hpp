#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/destination.hpp"
#include "model/ids.hpp"

namespace xivo::model {

/// A span of the day on certain days. An end before the start is the next day's: 22:00 to 06:00 begins in the evening of the
/// days named and ends in the morning after. The end minute belongs to it.
struct Period {
  std::string hours_start = "00:00";  // HH:MM
  std::string hours_end = "23:59";
  std::string week_days = "1-7";  // "1-5", "1,3-4"; 1 is Monday
  std::string month_days = "1-31";
  std::string months = "1-12";
};

/// A period in which it is closed whatever the open periods say, with a place of its own for its calls.
struct ExceptionalPeriod : Period {
  std::string label{};  // "Inventaire"
  std::string first_date{};  // YYYY-MM-DD; empty: every year
  std::string last_date{};  // empty: first_date alone
  Destination destination{};  // none: the schedule's closed_destination
};

/// When calls are taken, and where they go otherwise.
struct Schedule {
  ScheduleId id{};
  std::string name{};  // unique
  std::string timezone{};  // empty: the company's
  std::string mode = "automatic";  // automatic, open, closed: forced by hand
  std::string code{};  // digits that switch it from a phone; unique; empty: no phone does
  std::vector<Period> open_periods{};
  std::vector<ExceptionalPeriod> exceptional_periods{};
  std::string holidays = "none";  // the calendar of public holidays, "FR-57"
  Destination holiday_destination{};  // none: closed_destination
  Destination closed_destination{};
  bool enabled = true;  // false: as if there were no schedule, always open
  std::string description{};
};

}  // namespace xivo::model
