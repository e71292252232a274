#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/language.hpp"

/// Public holidays, by rules that are data (share/holidays).
namespace xivo::model::schedule {

/// Easter Sunday of the western churches.
/// Source  the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)
std::chrono::local_days easter(std::chrono::year year);

/// One holiday of a country.
struct HolidayRule {
  enum class Kind : std::uint8_t {
    Fixed,   // month, day
    Easter,  // `offset` days from Easter Sunday
    Nth,     // the nth (1..4, -1: the last) `weekday` of `month`
  };
  Kind kind = Kind::Fixed;
  unsigned month = 1;
  unsigned day = 1;
  int offset = 0;
  int nth = 1;
  unsigned weekday = 1;  // ISO: 1 Monday .. 7 Sunday
  int if_saturday = 0;  // Fixed, falling on one: it is kept so many days later as well
  int if_sunday = 0;
  int since = 0;  // first and last year; 0: always
  int until = 0;
  std::string french{};
  std::string english{};

  /// The day itself in that year; nothing when there is none.
  [[nodiscard]] std::optional<std::chrono::local_days> in(std::chrono::year year) const;
  /// Whether it is kept on that day, of which `date` is the name.
  [[nodiscard]] bool falls_on(std::chrono::local_days day, const std::chrono::year_month_day& date) const;
};

/// The holidays of a country or of a part of one.
class HolidayCalendar {
 public:
  explicit HolidayCalendar(std::vector<HolidayRule> rules) : rules_(std::move(rules)) {}
  /// The holiday on that day; null when it is none.
  [[nodiscard]] const HolidayRule* on(std::chrono::local_days day) const;
  [[nodiscard]] const std::vector<HolidayRule>& rules() const { return rules_; }

 private:
  std::vector<HolidayRule> rules_;
};

/// By name ("FR-57"); null for "none" and for what there is no file of. Reads all data when first asked.
const HolidayCalendar* holiday_calendar(std::string_view name);

/// What a file says, for tests of refused files. `parent`: the rules that "extends" brings in.
Result<std::vector<HolidayRule>> read_holidays(std::string_view json, const std::vector<HolidayRule>& parent);

/// The texts of share/holidays/*.json, built in.
struct HolidayFile {
  std::string_view name;  // "FR-57"
  std::string_view json;
};
const std::vector<HolidayFile>& holiday_files();

}  // namespace xivo::model::schedule
