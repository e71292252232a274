#include "api/schedules/toll_routes.hpp"

#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

using model::guard::Reason;

class Tolls : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    user_ = create("/users", R"({"firstname":"Alice","lastname":"Dupont"})");
    guard_ = create("/toll_guards", R"({"name":"Standard","hourly_max":20})");
    engine_.tolls_ = {{.is_trunk = true, .id = 4, .in_progress = 1, .hour = 7},
                      {.id = user_, .hour = 20, .international_hour = 3, .premium_hour = 2}};
    engine_.tolls_.back().block = TollBlock{{false, Reason::Hourly, {guard_}, 20, 20},
                                            runtime::WallTime(std::chrono::seconds(1'800'000'000))};
  }
  std::int64_t user_ = 0;
  std::int64_t guard_ = 0;
};

TEST_F(Tolls, AreReleasedOnlyByWhoSaysWhom) {
  for (const char* body :
       {"{}", R"({"user":1,"trunk":1})", R"({"user":"Alice"})", R"({"user":0})", R"({"who":1})"}) {
    const Answer answer = ask("POST", "/toll-guards/release", body);
    EXPECT_EQ(answer.status, 422) << body;
  }
  EXPECT_EQ(ask("POST", "/toll-guards/release", "[]").status, 400);
  EXPECT_EQ(ask("POST", "/toll-guards/release", R"({"trunk":4})").status, 404);  // counted, not blocked
  EXPECT_EQ(engine_.tolls_.size(), 2U);
}

TEST_F(Tolls, TakeARight) {
  sign_in("clerk", "operator");
  EXPECT_EQ(ask("POST", "/toll-guards/release", R"({"user":1})").status, 403);
  EXPECT_EQ(engine_.tolls_.size(), 2U);
}

TEST_F(Tolls, ShowWhoIsBlockedFirstAndWhy) {
  const Answer answer = get("/toll-guards/state");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("total"), 2);
  const auto& items = *answer.json.find("items")->items();
  EXPECT_EQ(items[0].text_at("kind"), "user");
  EXPECT_EQ(items[0].text_at("label"), "Alice Dupont");
  EXPECT_EQ(items[0].integer_at("international_hour"), 3);
  const auto& blocked = *items[0].find("blocked");
  EXPECT_EQ(blocked.text_at("reason"), "hourly");
  EXPECT_EQ(blocked.text_at("since"), "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(blocked.text_at("sentence"),
            "Blocked: 20 calls to the outside within the hour, 20 allowed (guard \"Standard\").");
  EXPECT_EQ(blocked.find("guard")->integer_at("id"), guard_);
  EXPECT_EQ(items[1].text_at("kind"), "trunk");
  EXPECT_TRUE(items[1].find("blocked")->is_null());
  EXPECT_EQ(get("/toll-guards/state?limit=1&offset=1").json.find("items")->items()->front().integer_at("id"),
            4);
}

TEST_F(Tolls, AReleaseIsWrittenDown) {
  EXPECT_EQ(ask("POST", "/toll-guards/release", R"({"user":)" + std::to_string(user_) + "}").status, 204);
  EXPECT_EQ(ask("POST", "/toll-guards/release", R"({"user":)" + std::to_string(user_) + "}").status, 404);
  const Answer log = get("/audit?event=toll-released");
  ASSERT_EQ(log.json.find("items")->items()->size(), 1U) << log.body;
  EXPECT_EQ(log.json.find("items")->items()->front().text_at("account"), "admin");
  EXPECT_EQ(log.json.find("items")->items()->front().text_at("detail"),
            "user " + std::to_string(user_) + " (Alice Dupont)");
}

}  // namespace
}  // namespace xivo::api
