#include "api/schedules/schedule_routes.hpp"

#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

class Schedules : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    id_ = create("/schedules",
                 R"({"name":"Bureau","holidays":"FR","closed_destination":{"type":"hangup","cause":"busy"},)"
                 R"("open_periods":[{"hours_start":"08:00","hours_end":"18:00","week_days":"1-5"}],)"
                 R"("exceptional_periods":[{"label":"Inventaire","first_date":"2026-07-15"}]})");
    path_ = "/schedules/" + std::to_string(id_);
  }
  Answer state(const std::string& at, const std::string& language = "en") {
    return get(path_ + "/state?at=" + at, {{"Accept-Language", language}});
  }

  std::int64_t id_ = 0;
  std::string path_;
};

TEST_F(Schedules, RefuseWhatIsNoQuestion) {
  EXPECT_EQ(get("/schedules/9/state").status, 404);
  EXPECT_EQ(get("/schedules/x/calendar").status, 404);
  for (const char* query :
       {"/state?at=yesterday", "/state?at=2026-02-30T10:00", "/state?at=2026-07-14T25:00", "/state?when=now",
        "/calendar?from=14.7.2026", "/calendar?days=0", "/calendar?days=367", "/calendar?days=many"})
    EXPECT_EQ(get(path_ + query).status, 400) << query;
}

TEST_F(Schedules, SayInWordsWhatHoldsAtAMoment) {
  const Answer open = state("2026-07-13T17:00");
  EXPECT_EQ(open.json.text_at("state"), "open");
  EXPECT_EQ(open.json.text_at("sentence"), "Open until 18:00, then closed.");
  EXPECT_EQ(open.json.text_at("at"), "2026-07-13T15:00:00.000Z");
  EXPECT_EQ(open.json.text_at("until"), "2026-07-13T16:01:00.000Z");
  EXPECT_TRUE(open.json.find("destination")->is_null());

  const Answer holiday = state("2026-07-14T10:00");
  EXPECT_EQ(holiday.json.text_at("state"), "holiday");
  EXPECT_EQ(holiday.json.text_at("sentence"), "Closed (Bastille Day) until Thursday 08:00.");
  EXPECT_EQ(holiday.json.text_at("opens"), "2026-07-16T06:00:00.000Z");
  EXPECT_EQ(holiday.json.find("destination")->text_at("cause"), "busy");
  EXPECT_EQ(state("2026-07-14T10:00", "fr").json.text_at("sentence"),
            "Fermé (Fête nationale) jusqu'à jeudi 08:00.");

  EXPECT_EQ(state("2026-07-15T10:00").json.text_at("sentence"), "Closed (Inventaire) until Thursday 08:00.");
  EXPECT_EQ(state("2026-07-13T05:59:00Z").json.text_at("state"), "closed");  // 07:59 in Paris
  EXPECT_EQ(state("2026-07-13T06:00:00Z").json.text_at("state"), "open");
}

TEST_F(Schedules, ShowTheCalendarDayByDay) {
  const Answer answer = get(path_ + "/calendar?from=2026-07-13&days=3");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.text_at("timezone"), "Europe/Paris");
  const auto& days = *answer.json.find("days")->items();
  ASSERT_EQ(days.size(), 3U);
  const auto& monday = *days[0].find("spans")->items();
  ASSERT_EQ(monday.size(), 3U);
  EXPECT_EQ(monday[1].text_at("from"), "08:00");
  EXPECT_EQ(monday[1].text_at("to"), "18:00");
  EXPECT_EQ(monday[1].text_at("sentence"), "Open");
  EXPECT_EQ(monday[2].text_at("from"), "18:01");
  EXPECT_EQ(monday[2].text_at("to"), "23:59");
  EXPECT_TRUE(days[0].find("holiday")->is_null());
  EXPECT_EQ(days[1].text_at("date"), "2026-07-14");
  EXPECT_EQ(days[1].text_at("holiday"), "Bastille Day");
  ASSERT_EQ(days[1].find("spans")->items()->size(), 1U);
  EXPECT_EQ(days[1].find("spans")->items()->front().text_at("state"), "holiday");
  EXPECT_EQ(days[2].find("spans")->items()->front().text_at("sentence"), "Closed (Inventaire)");
  EXPECT_EQ(get(path_ + "/calendar").json.find("days")->items()->size(), 42U);
}

TEST_F(Schedules, AreForcedByTheirMode) {
  EXPECT_EQ(ask("PATCH", path_, R"({"mode":"closed"})").status, 200);
  const Answer now = get(path_ + "/state");
  EXPECT_EQ(now.json.text_at("state"), "forced_closed");
  EXPECT_EQ(now.json.text_at("sentence"), "Forced closed until further notice.");
  EXPECT_TRUE(now.json.find("until")->is_null());
  EXPECT_EQ(get(path_ + "/calendar").json.text_at("mode"), "closed");
  EXPECT_EQ(ask("PATCH", path_, R"({"mode":"ajar"})").status, 422);
}

}  // namespace
}  // namespace xivo::api
