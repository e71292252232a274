#include "api/ban_routes.hpp"

#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

class Bans : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
  }
  void expect_refused(const std::string& body, const std::string& field, const std::string& rule) {
    const Answer answer = ask("POST", "/bans", body);
    EXPECT_EQ(answer.status, 422) << body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(first_problem(answer).text_at("field"), field) << answer.body;
    EXPECT_EQ(first_problem(answer).text_at("rule"), rule) << answer.body;
  }
};

TEST_F(Bans, AreRefusedWhenTheyMakeNoSense) {
  expect_refused("{}", "network", "required");
  expect_refused(R"({"network":"somewhere"})", "network", "pattern");
  expect_refused(R"({"network":7})", "network", "pattern");
  expect_refused(R"({"network":"0.0.0.0/0"})", "network", "out-of-range");
  expect_refused(R"({"network":"::/0"})", "network", "out-of-range");
  expect_refused(R"({"network":"192.0.2.1","seconds":0})", "seconds", "out-of-range");
  expect_refused(R"({"network":"192.0.2.1","seconds":"long"})", "seconds", "wrong-type");
  expect_refused(R"({"network":"192.0.2.1","detail":7})", "detail", "wrong-type");
  expect_refused(R"({"network":"192.0.2.1","detail":")" + std::string(201, 'x') + "\"}", "detail",
                 "too-long");
  expect_refused(R"({"network":"192.0.2.1","forever":true})", "forever", "unknown-field");
  EXPECT_TRUE(engine_.bans_.empty());
}

TEST_F(Bans, AreWordedInTheClientsLanguageWhenRefused) {
  const Answer answer = ask("POST", "/bans", R"({"network":"0.0.0.0/0"})", {{"Accept-Language", "fr"}});
  EXPECT_EQ(first_problem(answer).text_at("message"),
            "Ce réseau est trop vaste : au moins /8 en IPv4, /16 en IPv6");
}

TEST_F(Bans, AreAddedShownAndReleased) {
  const Answer made = ask("POST", "/bans", R"({"network":"203.0.113.77/24","detail":"rude","seconds":3600})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.header("location"), "/api/v1/bans/1");
  EXPECT_EQ(made.json.text_at("network"), "203.0.113.0/24");
  EXPECT_EQ(made.json.text_at("author"), "admin");
  EXPECT_EQ(made.json.text_at("until"), "2027-01-15T09:00:00.000Z");
  EXPECT_EQ(ask("POST", "/bans", R"({"network":"2001:db8::/64"})").status, 201);
  const Answer all = get("/bans");
  EXPECT_EQ(all.json.integer_at("total"), 2);
  EXPECT_TRUE(all.json.find("items")->items()->back().find("until")->is_null());
  EXPECT_EQ(get("/bans?limit=1&offset=1").json.find("items")->items()->front().text_at("network"),
            "2001:db8::/64");
  EXPECT_EQ(ask("DELETE", "/bans/7").status, 404);
  EXPECT_EQ(ask("DELETE", "/bans/x").status, 404);
  EXPECT_EQ(ask("DELETE", "/bans/1").status, 204);
  EXPECT_EQ(get("/bans").json.integer_at("total"), 1);
}

TEST_F(Bans, AreExplainedInTheClientsLanguage) {
  engine_.bans_ = {{.id = 3, .network = "203.0.113.9", .reason = LiveBan::Reason::WrongSecrets}};
  const Answer answer = get("/bans", {{"Accept-Language", "fr"}});
  const auto& ban = answer.json.find("items")->items()->front();
  EXPECT_EQ(ban.text_at("reason"), "wrong-secrets");
  EXPECT_EQ(ban.text_at("message"), "Trop de mots de passe SIP erronés");
  EXPECT_EQ(ban.text_at("author"), "");
}

TEST_F(Bans, AreAConflictWhenTheListIsFull) {
  engine_.bans_max_ = 0;
  EXPECT_EQ(ask("POST", "/bans", R"({"network":"203.0.113.9"})").status, 409);
}

TEST(BanReason, HasWordsForEach) {
  for (int i = 0; i <= static_cast<int>(LiveBan::Reason::Manual); ++i) {
    const auto reason = static_cast<LiveBan::Reason>(i);
    EXPECT_FALSE(name(reason).empty());
    EXPECT_NE(describe(reason, model::Language::French), describe(reason, model::Language::English));
  }
}

}  // namespace
}  // namespace xivo::api
