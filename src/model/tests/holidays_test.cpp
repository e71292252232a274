#include "model/schedule/holidays.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "model/schema.hpp"

namespace xivo::model::schedule {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string name_on(std::string_view calendar, const year_month_day& day) {
  const HolidayCalendar* all = holiday_calendar(calendar);
  const HolidayRule* rule = all == nullptr ? nullptr : all->on(local_days{day});
  return rule == nullptr ? "" : rule->english;
}

/// The names of a year's holidays by day.
std::vector<std::pair<local_days, std::string>> year_of(std::string_view calendar, year of) {
  std::vector<std::pair<local_days, std::string>> all;
  for (local_days day{of / January / 1}; day < local_days{(of + years{1}) / January / 1}; day += days{1}) {
    if (std::string name = name_on(calendar, year_month_day{day}); !name.empty()) all.emplace_back(day, name);
  }
  return all;
}

TEST(Holidays, RefusesFilesThatSayNoHoliday) {
  const auto one = [](std::string_view holiday) {
    return read_holidays(R"({"holidays":[)" + std::string(holiday) + "]}", {}).has_value();
  };
  EXPECT_FALSE(read_holidays("", {}));
  EXPECT_FALSE(read_holidays("[]", {}));
  EXPECT_FALSE(read_holidays("{}", {}));
  EXPECT_FALSE(one("1"));
  EXPECT_FALSE(one("{}"));
  EXPECT_FALSE(one(R"({"fixed":"02-30","fr":"a","en":"a"})"));
  EXPECT_FALSE(one(R"({"fixed":"12-25","fr":"a"})"));
  EXPECT_FALSE(one(R"({"fixed":"12-25","if_sunday":7,"fr":"a","en":"a"})"));
  EXPECT_FALSE(one(R"({"easter":"1","fr":"a","en":"a"})"));
  EXPECT_FALSE(one(R"({"easter":400,"fr":"a","en":"a"})"));
  EXPECT_FALSE(one(R"({"nth":5,"weekday":1,"month":5,"fr":"a","en":"a"})"));
  EXPECT_FALSE(one(R"({"nth":1,"weekday":0,"month":5,"fr":"a","en":"a"})"));
  EXPECT_TRUE(one(R"({"fixed":"02-29","fr":"a","en":"a"})"));
}

TEST(Holidays, EveryFileIsReadAndEveryChoiceHasOne) {
  for (const HolidayFile& file : holiday_files()) {
    const auto read = read_holidays(file.json, {});
    ASSERT_TRUE(read) << file.name << ": " << read.error().what;
    EXPECT_FALSE(read->empty()) << file.name;
  }
  std::set<std::string_view> offered;
  for (const Choice& choice : find_kind("schedule")->field("holidays")->choices) {
    if (choice.value != "none") {
      EXPECT_NE(holiday_calendar(choice.value), nullptr) << choice.value;
    }
    offered.insert(choice.value);
  }
  for (const HolidayFile& file : holiday_files()) EXPECT_TRUE(offered.contains(file.name)) << file.name;
  EXPECT_EQ(holiday_calendar("none"), nullptr);
  EXPECT_EQ(holiday_calendar("XX"), nullptr);
}

TEST(Holidays, EasterIsRightOverTheYears) {
  // Source  U.S. Naval Observatory, dates of Easter; the earliest and the latest possible among them
  const std::vector<year_month_day> known{
      1818y / March / 22, 1943y / April / 25, 1954y / April / 18, 1961y / April / 2,  1981y / April / 19,
      2000y / April / 23, 2008y / March / 23, 2011y / April / 24, 2019y / April / 21, 2020y / April / 12,
      2021y / April / 4,  2022y / April / 17, 2023y / April / 9,  2024y / March / 31, 2025y / April / 20,
      2026y / April / 5,  2027y / March / 28, 2028y / April / 16, 2029y / April / 1,  2030y / April / 21,
      2035y / March / 25, 2038y / April / 25, 2049y / April / 18, 2076y / April / 19, 2099y / April / 12};
  for (const auto& day : known) EXPECT_EQ(easter(day.year()), local_days{day}) << int{day.year()};
  for (year y = 1900y; y <= 2199y; ++y) {
    const local_days day = easter(y);
    EXPECT_EQ(weekday{day}, Sunday);
    EXPECT_GE(day, local_days{y / March / 22});
    EXPECT_LE(day, local_days{y / April / 25});
  }
}

TEST(Holidays, FranceHasElevenAndItsPartsMore) {
  const std::vector<std::pair<local_days, std::string>> expected{
      {local_days{2026y / January / 1}, "New Year's Day"},
      {local_days{2026y / April / 6}, "Easter Monday"},
      {local_days{2026y / May / 1}, "Labour Day"},
      {local_days{2026y / May / 8}, "Victory Day 1945"},
      {local_days{2026y / May / 14}, "Ascension Day"},
      {local_days{2026y / May / 25}, "Whit Monday"},
      {local_days{2026y / July / 14}, "Bastille Day"},
      {local_days{2026y / August / 15}, "Assumption Day"},
      {local_days{2026y / November / 1}, "All Saints' Day"},
      {local_days{2026y / November / 11}, "Armistice Day 1918"},
      {local_days{2026y / December / 25}, "Christmas Day"}};
  EXPECT_EQ(year_of("FR", 2026y), expected);
  EXPECT_EQ(year_of("FR-57", 2026y).size(), 13U);
  EXPECT_EQ(name_on("FR-57", 2026y / April / 3), "Good Friday");
  EXPECT_EQ(name_on("FR-57", 2026y / December / 26), "St Stephen's Day");
  EXPECT_EQ(name_on("FR", 2026y / December / 26), "");
  // Code du travail, article L3422-2.
  EXPECT_EQ(name_on("FR-GP", 2026y / May / 27), "Abolition of Slavery");
  EXPECT_EQ(name_on("FR-MQ", 2026y / May / 22), "Abolition of Slavery");
  EXPECT_EQ(name_on("FR-GF", 2026y / June / 10), "Abolition of Slavery");
  EXPECT_EQ(name_on("FR-RE", 2026y / December / 20), "Abolition of Slavery");
  EXPECT_EQ(name_on("FR-YT", 2026y / April / 27), "Abolition of Slavery");
  for (const char* part : {"FR-GP", "FR-MQ", "FR-GF", "FR-RE", "FR-YT"})
    EXPECT_EQ(year_of(part, 2026y).size(), 12U) << part;
  // Ascension and 1 May on one day.
  EXPECT_EQ(year_of("FR", 2008y).size(), 10U);
  EXPECT_EQ(name_on("FR", 1981y / May / 8), "");
}

TEST(Holidays, NeighboursHaveTheirs) {
  EXPECT_EQ(name_on("BE", 2026y / July / 21), "Belgian National Day");
  EXPECT_EQ(name_on("CH", 2026y / August / 1), "Swiss National Day");
  EXPECT_EQ(name_on("LU", 2026y / June / 23), "Luxembourg National Day");
  EXPECT_EQ(name_on("LU", 2018y / May / 9), "");
  EXPECT_EQ(name_on("DE", 2026y / October / 3), "German Unity Day");
  EXPECT_EQ(name_on("ES", 2026y / December / 6), "Constitution Day");
  EXPECT_EQ(name_on("IT", 2026y / June / 2), "Republic Day");
  EXPECT_EQ(year_of("DE", 2026y).size(), 9U);
  EXPECT_EQ(year_of("BE", 2026y).size(), 10U);
}

TEST(Holidays, WeekendsHaveSubstitutesWhereTheLawSaysSo) {
  // Christmas on a Saturday, Boxing Day on a Sunday: Monday and Tuesday. Source  gov.uk/bank-holidays, 2021
  EXPECT_EQ(name_on("GB", 2021y / December / 27), "Christmas Day");
  EXPECT_EQ(name_on("GB", 2021y / December / 28), "Boxing Day");
  // Christmas on a Sunday: Tuesday, because Monday is Boxing Day.
  EXPECT_EQ(name_on("GB", 2022y / December / 26), "Boxing Day");
  EXPECT_EQ(name_on("GB", 2022y / December / 27), "Christmas Day");
  EXPECT_EQ(name_on("GB", 2023y / January / 2), "New Year's Day");
  EXPECT_EQ(name_on("GB", 2026y / May / 4), "Early May bank holiday");
  EXPECT_EQ(name_on("GB", 2026y / May / 25), "Spring bank holiday");
  EXPECT_EQ(name_on("GB", 2026y / August / 31), "Summer bank holiday");
  EXPECT_EQ(name_on("NL", 2025y / April / 26), "King's Day");
  EXPECT_EQ(name_on("IE", 2030y / February / 1), "St Brigid's Day");
  EXPECT_EQ(name_on("IE", 2030y / February / 4), "");
  EXPECT_EQ(name_on("IE", 2031y / February / 3), "St Brigid's Day");
}

}  // namespace
}  // namespace xivo::model::schedule
