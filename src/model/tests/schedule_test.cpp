#include <gtest/gtest.h>

#include "base/time_zone.hpp"
#include "model/kinds/schedule.hpp"
#include "model/schedule/evaluate.hpp"
#include "model/schema.hpp"
#include "model/transaction.hpp"

namespace xivo::model::schedule {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using Rule = Problem::Rule;

/// One schedule, number 1, of a company in Paris.
ConfigSnapshot with(Schedule schedule, const std::string& zone = "Europe/Paris") {
  ConfigBuilder builder;
  General general;
  general.id = {1};
  general.timezone = zone;
  builder.put(general);
  schedule.id = {1};
  schedule.name = "Bureau";
  builder.put(std::move(schedule));
  return builder.build();
}

Period period(std::string start, std::string end, std::string week_days = "1-7") {
  Period made;
  made.hours_start = std::move(start);
  made.hours_end = std::move(end);
  made.week_days = std::move(week_days);
  return made;
}

Schedule office() {
  Schedule schedule;
  schedule.open_periods = {period("08:00", "11:59", "1-5"), period("14:00", "18:00", "1-4")};
  return schedule;
}

/// A moment by its wall time in Paris.
sys_seconds paris(local_seconds wall) {
  static const auto kZone = TimeZone::load("Europe/Paris");
  return kZone->system(wall);
}
State state_at(const ConfigSnapshot& config, local_seconds wall) {
  return evaluate(*config, {1}, paris(wall)).state;
}
constexpr local_days kMonday{2026y / November / 30};

std::optional<Problem> refusal(Value schedule) {
  Transaction transaction;
  transaction.changes.push_back({.kind = "schedule", .fields = std::move(schedule)});
  const auto applied = apply(Config{}, transaction, {});
  return applied ? std::nullopt : std::optional(applied.error().front());
}
Value one(std::string_view field, Value value) {
  return Value::object({{"name", Value("Bureau")}, {std::string(field), std::move(value)}});
}
Value open_period(std::string_view field, std::string_view text) {
  return one("open_periods", Value::List{Value::object({{std::string(field), Value(std::string(text))}})});
}
Value closure(std::string_view first, std::string_view last) {
  return one("exceptional_periods", Value::List{Value::object({{"first_date", Value(std::string(first))},
                                                               {"last_date", Value(std::string(last))}})});
}

TEST(ScheduleKind, RefusesTimesAndDaysThatDoNotExist) {
  for (const char* time : {"24:00", "8:00", "08:60", "0800", "08:0a", "", "-1:00"})
    EXPECT_TRUE(refusal(open_period("hours_start", time))) << time;
  for (const char* set : {"0", "8", "5-1", "1-", "-3", "1,,2", "1-9", ""})
    EXPECT_TRUE(refusal(open_period("week_days", set))) << set;
  EXPECT_TRUE(refusal(open_period("month_days", "32")));
  EXPECT_TRUE(refusal(open_period("months", "13")));
  EXPECT_EQ(refusal(open_period("months", "1,6-9")), std::nullopt);
  EXPECT_TRUE(refusal(one("timezone", Value("Europe/Atlantis"))));
  EXPECT_EQ(refusal(one("timezone", Value("Indian/Reunion"))), std::nullopt);
  EXPECT_EQ(refusal(one("holidays", Value("FR-99")))->rule, Rule::UnknownChoice);
}

TEST(ScheduleKind, RefusesDatesThatDoNotExistOrRunBackwards) {
  EXPECT_TRUE(refusal(closure("2026-02-29", "")));
  EXPECT_TRUE(refusal(closure("2026-13-01", "")));
  const auto backwards = refusal(closure("2026-12-24", "2026-12-23"));
  ASSERT_TRUE(backwards);
  EXPECT_EQ(backwards->rule, Rule::RangeBackwards);
  EXPECT_EQ(backwards->field, "exceptional_periods.0.last_date");
  const auto half = refusal(closure("", "2026-12-23"));
  ASSERT_TRUE(half);
  EXPECT_EQ(half->rule, Rule::Required);
  EXPECT_EQ(refusal(closure("2028-02-29", "2028-02-29")), std::nullopt);
}

TEST(Schedule, IsOpenWhenThereIsNoneOrItIsDisabled) {
  EXPECT_TRUE(evaluate(Config{}, {}, paris(kMonday)).open());
  EXPECT_FALSE(evaluate(Config{}, {7}, paris(kMonday)).open());  // names none
  Schedule disabled;
  disabled.enabled = false;
  EXPECT_EQ(state_at(with(disabled), kMonday), State::Unscheduled);
  EXPECT_TRUE(evaluate(*with(disabled), {1}, paris(kMonday)).open());
}

TEST(Schedule, IncludesTheEndMinute) {
  const auto config = with(office());
  EXPECT_EQ(state_at(config, kMonday + 7h + 59min + 59s), State::Closed);
  EXPECT_EQ(state_at(config, kMonday + 8h), State::Open);
  EXPECT_EQ(state_at(config, kMonday + 11h + 59min + 59s), State::Open);
  EXPECT_EQ(state_at(config, kMonday + 12h), State::Closed);
  EXPECT_EQ(state_at(config, kMonday + 18h + 59s), State::Open);
  EXPECT_EQ(state_at(config, kMonday + 18h + 1min), State::Closed);
  EXPECT_EQ(state_at(config, kMonday + days{4} + 15h), State::Closed);  // Friday afternoon
  EXPECT_EQ(state_at(config, kMonday + days{5} + 10h), State::Closed);  // Saturday
}

TEST(Schedule, CrossesMidnightFromTheDayItBegan) {
  Schedule night;
  night.open_periods = {period("22:00", "05:59", "5")};  // Friday night
  const auto config = with(night);
  const local_days friday = kMonday + days{4};
  EXPECT_EQ(state_at(config, friday + 5h), State::Closed);  // Thursday's night is none
  EXPECT_EQ(state_at(config, friday + 22h), State::Open);
  EXPECT_EQ(state_at(config, friday + 24h), State::Open);
  EXPECT_EQ(state_at(config, friday + 29h + 59min), State::Open);
  EXPECT_EQ(state_at(config, friday + 30h), State::Closed);
  EXPECT_EQ(state_at(config, friday + 47h), State::Closed);
  EXPECT_EQ(next_change(*config, {1}, paris(friday + 23h)), paris(friday + 30h));
}

TEST(Schedule, CrossesTheEndOfTheYear) {
  Schedule party = office();
  ExceptionalPeriod eve;
  eve.hours_start = "20:00";
  eve.hours_end = "02:00";
  eve.month_days = "31";
  eve.months = "12";
  eve.label = "Réveillon";
  party.open_periods = {period("00:00", "23:59")};
  party.exceptional_periods = {eve};
  const auto config = with(party);
  for (const year y : {2025y, 2026y, 2027y}) {
    EXPECT_EQ(state_at(config, local_days{y / December / 31} + 19h + 59min), State::Open);
    EXPECT_EQ(state_at(config, local_days{y / December / 31} + 20h), State::Exception);
    EXPECT_EQ(state_at(config, local_days{(y + years{1}) / January / 1} + 2h), State::Exception);
    EXPECT_EQ(state_at(config, local_days{(y + years{1}) / January / 1} + 2h + 1min), State::Open);
  }
}

TEST(Schedule, KnowsTheLeapDay) {
  Schedule schedule;
  Period leap;
  leap.month_days = "29";
  leap.months = "2";
  schedule.open_periods = {leap};
  const auto config = with(schedule);
  EXPECT_EQ(state_at(config, local_days{2028y / February / 29} + 12h), State::Open);
  EXPECT_EQ(state_at(config, local_days{2028y / March / 1} + 12h), State::Closed);
  EXPECT_EQ(state_at(config, local_days{2027y / February / 28} + 12h), State::Closed);
  EXPECT_EQ(state_at(config, local_days{2027y / March / 1} + 12h), State::Closed);
}

TEST(Schedule, JumpsWithTheClockInSpring) {
  Schedule schedule;
  schedule.open_periods = {period("02:30", "03:30")};
  const auto config = with(schedule);
  const sys_seconds jump = sys_days{2026y / March / 29} + 1h;  // 02:00 becomes 03:00
  EXPECT_EQ(evaluate(*config, {1}, jump - 1s).state, State::Closed);
  EXPECT_EQ(evaluate(*config, {1}, jump).state, State::Open);
  EXPECT_EQ(evaluate(*config, {1}, jump + 30min + 59s).state, State::Open);
  EXPECT_EQ(evaluate(*config, {1}, jump + 31min).state, State::Closed);
  EXPECT_EQ(next_change(*config, {1}, jump - 2h), jump);
  EXPECT_EQ(next_change(*config, {1}, jump), jump + 31min);
}

TEST(Schedule, ComesTwiceWhenTheClockIsSetBack) {
  Schedule schedule;
  schedule.open_periods = {period("02:30", "02:44")};
  const auto config = with(schedule);
  const sys_seconds back = sys_days{2026y / October / 25} + 1h;  // 03:00 becomes 02:00
  std::vector<sys_seconds> changes;
  for (auto at = next_change(*config, {1}, back - 2h); at && *at < back + 2h;
       at = next_change(*config, {1}, *at))
    changes.push_back(*at);
  EXPECT_EQ(changes, (std::vector<sys_seconds>{back - 30min, back - 15min, back + 30min, back + 45min}));
}

TEST(Schedule, ChangesAtTheVeryMomentTheClockIsSetBack) {
  Schedule schedule;
  schedule.open_periods = {period("02:30", "12:00")};
  const auto config = with(schedule);
  const sys_seconds back = sys_days{2026y / October / 25} + 1h;
  EXPECT_EQ(next_change(*config, {1}, back - 2h), back - 30min);
  EXPECT_EQ(next_change(*config, {1}, back - 30min), back);
  EXPECT_EQ(next_change(*config, {1}, back), back + 30min);
}

TEST(Schedule, ForcesGoBeforeEverything) {
  Schedule schedule = office();
  schedule.holidays = "FR";
  schedule.mode = "open";
  EXPECT_EQ(state_at(with(schedule), local_days{2026y / December / 25} + 3h), State::ForcedOpen);
  schedule.mode = "closed";
  EXPECT_EQ(state_at(with(schedule), kMonday + 9h), State::ForcedClosed);
  EXPECT_EQ(next_change(*with(schedule), {1}, paris(kMonday)), std::nullopt);
}

TEST(Schedule, SendsEachClosureToItsOwnPlace) {
  Schedule schedule = office();
  schedule.holidays = "FR-57";
  schedule.closed_destination = ToHangup{"busy"};
  schedule.holiday_destination = ToHangup{"congestion"};
  ExceptionalPeriod holiday_week;
  holiday_week.first_date = "2026-12-24";
  holiday_week.last_date = "2027-01-01";
  ExceptionalPeriod morning = holiday_week;
  morning.hours_end = "09:00";
  morning.destination = ToUser{{3}, 0};
  schedule.exceptional_periods = {morning, holiday_week};
  const auto config = with(schedule);
  const auto at = [&](local_seconds wall) { return evaluate(*config, {1}, paris(wall)); };

  EXPECT_EQ(at(kMonday + 3h).destination->as<ToHangup>()->cause, "busy");
  const Verdict good_friday = at(local_days{2026y / April / 3} + 10h);
  EXPECT_EQ(good_friday.state, State::Holiday);
  EXPECT_EQ(good_friday.holiday.english, "Good Friday");
  EXPECT_EQ(good_friday.destination->as<ToHangup>()->cause, "congestion");
  const Verdict early = at(local_days{2026y / December / 25} + 9h);
  EXPECT_EQ(early.state, State::Exception);  // before the public holiday, and the first of two
  EXPECT_EQ(early.period, 0);
  EXPECT_EQ(early.destination->as<ToUser>()->user, UserId{3});
  const Verdict later = at(local_days{2026y / December / 25} + 10h);
  EXPECT_EQ(later.period, 1);
  EXPECT_EQ(later.destination->as<ToHangup>()->cause, "busy");  // it has none of its own
  EXPECT_EQ(at(local_days{2026y / December / 23} + 10h).state, State::Open);
  EXPECT_EQ(at(local_days{2027y / January / 1} + 23h + 59min).state, State::Exception);
}

TEST(Schedule, FollowsItsOwnClockOrTheCompanys) {
  Schedule schedule = office();
  const sys_seconds at = sys_days{2026y / November / 30} + 4h + 30min;  // 05:30 in Paris, 08:30 on Réunion
  EXPECT_EQ(evaluate(*with(schedule), {1}, at).state, State::Closed);
  EXPECT_EQ(evaluate(*with(schedule, "Indian/Reunion"), {1}, at).state, State::Open);
  schedule.timezone = "Indian/Reunion";
  EXPECT_EQ(evaluate(*with(schedule), {1}, at).state, State::Open);
}

TEST(Schedule, FollowsAChangeOfTheCompanysClock) {
  const auto before = with(office());
  ConfigBuilder builder(*before);
  General general;
  general.id = {1};
  general.timezone = "Indian/Reunion";
  builder.put(general);
  const auto after = builder.build();
  const sys_seconds at = sys_days{2026y / November / 30} + 4h + 30min;
  EXPECT_FALSE(evaluate(*before, {1}, at).open());
  EXPECT_TRUE(evaluate(*after, {1}, at).open());
}

/// What next_change() says is what evaluate() says, minute by minute.
TEST(Schedule, NextChangeIsWhereTheMinutesSayIt) {
  Schedule schedule = office();
  schedule.open_periods.push_back(period("22:30", "02:15", "6"));
  schedule.holidays = "FR";
  const auto config = with(schedule);
  for (const local_days start : {local_days{2026y / March / 27}, local_days{2026y / October / 23},
                                 local_days{2026y / December / 23}, local_days{2028y / February / 26}}) {
    sys_seconds at = paris(start);
    const sys_seconds end = at + days{6};
    auto next = next_change(*config, {1}, at);
    for (Verdict now = evaluate(*config, {1}, at); at < end; at += 1min) {
      const Verdict here = evaluate(*config, {1}, at);
      if (next == at) {
        EXPECT_FALSE(here.same_as(now)) << at.time_since_epoch().count();
        now = here;
        next = next_change(*config, {1}, at);
        continue;
      }
      ASSERT_TRUE(here.same_as(now)) << at.time_since_epoch().count();
    }
  }
}

}  // namespace
}  // namespace xivo::model::schedule
