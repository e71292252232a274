#include "model/schedule/holidays.hpp"

#include <map>
#include <optional>

#include "model/json.hpp"
#include "model/schedule/clock_text.hpp"

namespace xivo::model::schedule {

namespace {

using namespace std::chrono;
using Rules = std::vector<HolidayRule>;

constexpr std::size_t kRulesMax = 64;

/// "07-14" in a leap year, so that the 29 of February is a day.
bool read_fixed(const Value& record, HolidayRule& rule) {
  const auto day = date_of("2000-" + record.text_at("fixed"));
  if (!day) return false;
  const year_month_day date{*day};
  rule.month = unsigned{date.month()};
  rule.day = unsigned{date.day()};
  rule.if_saturday = static_cast<int>(record.integer_at("if_saturday"));
  rule.if_sunday = static_cast<int>(record.integer_at("if_sunday"));
  return std::abs(rule.if_saturday) <= 6 && std::abs(rule.if_sunday) <= 6;
}

bool read_nth(const Value& record, HolidayRule& rule) {
  const std::int64_t nth = record.integer_at("nth");
  const std::int64_t weekday = record.integer_at("weekday");
  const std::int64_t month = record.integer_at("month");
  if (nth < -1 || nth == 0 || nth > 4 || weekday < 1 || weekday > 7 || month < 1 || month > 12) return false;
  rule.kind = HolidayRule::Kind::Nth;
  rule.nth = static_cast<int>(nth);
  rule.weekday = static_cast<unsigned>(weekday);
  rule.month = static_cast<unsigned>(month);
  return true;
}

bool read_easter(const Value& record, HolidayRule& rule) {
  const auto offset = record.find("easter")->integer();
  if (!offset || *offset < -70 || *offset > 70) return false;
  rule.kind = HolidayRule::Kind::Easter;
  rule.offset = static_cast<int>(*offset);
  return true;
}

std::optional<HolidayRule> read_rule(const Value& record) {
  if (!record.is_object()) return std::nullopt;
  HolidayRule rule;
  const bool read = record.find("fixed")    ? read_fixed(record, rule)
                    : record.find("easter") ? read_easter(record, rule)
                                            : read_nth(record, rule);
  rule.since = static_cast<int>(record.integer_at("since"));
  rule.until = static_cast<int>(record.integer_at("until"));
  rule.french = record.text_at("fr");
  rule.english = record.text_at("en");
  if (!read || rule.french.empty() || rule.english.empty()) return std::nullopt;
  return rule;
}

std::string extended_by(std::string_view json) {
  const auto document = parse_json(json);
  return document && document->is_object() ? document->text_at("extends") : std::string();
}

const HolidayFile* file_of(std::string_view name) {
  for (const HolidayFile& file : holiday_files()) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

/// One level of "extends" is all there is.
Rules rules_of(const HolidayFile& file) {
  Rules parent;
  if (const HolidayFile* base = file_of(extended_by(file.json))) {
    if (auto read = read_holidays(base->json, {})) parent = std::move(*read);
  }
  auto read = read_holidays(file.json, parent);
  return read ? std::move(*read) : Rules{};
}

}  // namespace

local_days easter(year of) {
  const int y = int{of};
  const int a = y % 19;
  const int b = y / 100;
  const int c = y % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int g = (8 * b + 13) / 25;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 19 * l) / 433;
  const int n = (h + l - 7 * m + 90) / 25;
  const int p = (h + l - 7 * m + 33 * n + 19) % 32;
  return local_days{of / month(static_cast<unsigned>(n)) / day(static_cast<unsigned>(p))};
}

std::optional<local_days> HolidayRule::in(year of) const {
  if ((since != 0 && int{of} < since) || (until != 0 && int{of} > until)) return std::nullopt;
  const std::chrono::month m{month};
  switch (kind) {
    case Kind::Easter: return easter(of) + days{offset};
    case Kind::Nth: {
      const std::chrono::weekday w{weekday};
      return nth < 0 ? local_days{of / m / w[last]} : local_days{of / m / w[static_cast<unsigned>(nth)]};
    }
    case Kind::Fixed: break;
  }
  const year_month_day date = of / m / std::chrono::day{day};
  return date.ok() ? std::optional<local_days>(local_days{date}) : std::nullopt;
}

bool HolidayRule::falls_on(local_days wanted, const year_month_day& date) const {
  if (kind == Kind::Fixed && if_saturday == 0 && if_sunday == 0 &&
      (unsigned{date.month()} != month || unsigned{date.day()} != day))
    return false;  // most of them, most of the time
  const auto kept = in(date.year());
  if (!kept) return false;
  if (*kept == wanted) return true;
  const std::chrono::weekday on{*kept};
  const int later = on == Saturday ? if_saturday : on == Sunday ? if_sunday : 0;
  return later != 0 && *kept + days{later} == wanted;
}

const HolidayRule* HolidayCalendar::on(local_days day) const {
  const year_month_day date{day};
  for (const HolidayRule& rule : rules_) {
    if (rule.falls_on(day, date)) return &rule;
  }
  return nullptr;
}

Result<Rules> read_holidays(std::string_view json, const Rules& parent) {
  const auto document = parse_json(json);
  if (!document) return Unexpected{document.error()};
  if (!document->is_object()) return fail("no object");
  const Value* listed = document->find("holidays");
  if (listed == nullptr || listed->items() == nullptr) return fail("no list of holidays");
  Rules rules = parent;
  for (const Value& record : *listed->items()) {
    auto rule = read_rule(record);
    if (!rule) return fail("a holiday that cannot be read", static_cast<std::int64_t>(rules.size()));
    if (rules.size() == kRulesMax) return fail("too many holidays", kRulesMax);
    rules.push_back(std::move(*rule));
  }
  return rules;
}

const HolidayCalendar* holiday_calendar(std::string_view name) {
  static const auto kAll = [] {
    std::map<std::string, HolidayCalendar, std::less<>> all;
    for (const HolidayFile& file : holiday_files()) all.emplace(file.name, HolidayCalendar(rules_of(file)));
    return all;
  }();
  const auto found = kAll.find(name);
  return found == kAll.end() ? nullptr : &found->second;
}

}  // namespace xivo::model::schedule
