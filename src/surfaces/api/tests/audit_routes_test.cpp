#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

using model::Value;

class Audit : public ApiUnderTest {
 protected:
  void start() override {
    give_password(make_account());
    server_->start();
    sign_in();
  }
  /// The events in the log, oldest first. What was noted behind somebody's back is waited for: the list is asked for
  /// behind it on the same strand.
  std::vector<std::string> events(std::string_view filter = {}) {
    const Answer answer = get("/audit?limit=500" + std::string(filter));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> names;
    for (const Value& item : *answer.json.find("items")->items())
      names.insert(names.begin(), item.text_at("event"));
    return names;
  }
};

TEST_F(Audit, TellsOfSignInsAndRefusals) {
  const std::string session = std::exchange(token_, "");
  ask("POST", "/login", R"({"account":"admin","password":"wrong horse"})");
  ask("POST", "/login", R"({"account":"my secret password","password":"x"})");
  ask("POST", "/login", R"({"account":"admin","password":"correct horse"})");
  token_ = session;
  EXPECT_EQ(events(), (std::vector<std::string>{"login-refused", "login-refused", "login"}));
  const Answer all = get("/audit");
  EXPECT_EQ(all.body.find("my secret password"), std::string::npos)
      << "may have been typed into the wrong field";
  EXPECT_NE(all.body.find("wrong password"), std::string::npos);
  EXPECT_EQ(all.body.find("correct horse"), std::string::npos);
}

TEST_F(Audit, TellsWhatWasForbidden) {
  sign_in("olga", "operator");
  ask("POST", "/roles", R"({"name":"mine"})");
  EXPECT_EQ(get("/audit").status, 403) << "no right to the log itself";
  sign_in();
  const Answer found = get("/audit?event=forbidden&account=olga");
  ASSERT_EQ(found.json.find("items")->items()->size(), 2U) << found.body;
  EXPECT_EQ(found.json.find("items")->items()->back().text_at("detail"), "POST /roles (role:write)");
}

TEST_F(Audit, TellsOfTokensPasswordsAndSecondFactors) {
  const Answer made = ask("POST", "/tokens", R"({"label":"backup","scopes":["user:read"]})");
  const std::string session = std::exchange(token_, made.json.text_at("token"));
  get("/users");
  get("/users");
  token_ = session;
  ask("POST", "/session/password", R"({"old":"correct horse","new":"battery staple"})");
  ask("DELETE", "/session/totp", R"({"password":"battery staple"})");
  ask("DELETE", "/tokens/1");
  EXPECT_EQ(events(), (std::vector<std::string>{"token-created", "token-used-first", "password-changed",
                                                "totp-changed", "token-removed"}));
  const Answer all = get("/audit");
  EXPECT_EQ(all.body.find(made.json.text_at("token")), std::string::npos);
  EXPECT_EQ(all.body.find("battery staple"), std::string::npos);
}

TEST_F(Audit, GoesOnWhereAPageEnded) {
  for (int i = 0; i < 3; ++i) ask("DELETE", "/sessions");
  const Answer first = get("/audit?limit=2");
  const Answer second = get("/audit?limit=2&before=" + std::to_string(first.json.integer_at("next")));
  EXPECT_EQ(first.json.find("items")->items()->size(), 2U);
  EXPECT_EQ(second.json.find("items")->items()->size(), 1U);
  EXPECT_TRUE(second.json.find("next")->is_null());
  EXPECT_EQ(get("/audit?event=coronation").status, 400);
}

TEST_F(Audit, ASecretIsShownToWhoMaySeeItAndWrittenDown) {
  create("/lines", R"({"name":"alice","secret":"hush-hush-1"})");
  const Answer shown = ask("POST", "/lines/1/reveal", R"({"field":"secret","reason":"new telephone"})");
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.json.text_at("value"), "hush-hush-1");
  const Answer entry = get("/audit?event=secret-revealed");
  EXPECT_NE(entry.body.find("line 1 (alice) secret: new telephone"), std::string::npos) << entry.body;
  EXPECT_EQ(entry.body.find("hush-hush-1"), std::string::npos);
}

TEST_F(Audit, ASecretIsNotShownOtherwise) {
  create("/lines", R"({"name":"alice","secret":"hush-hush-1"})");
  EXPECT_EQ(ask("POST", "/lines/9/reveal", R"({"field":"secret"})").status, 404);
  EXPECT_EQ(ask("POST", "/lines/1/reveal", R"({"field":"name"})").status, 422);
  EXPECT_EQ(ask("POST", "/lines/1/reveal", "{}").status, 422);
  sign_in("arnaud", "auditor");
  const Answer refused = ask("POST", "/lines/1/reveal", R"({"field":"secret"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(first_problem(refused).find("facts")->text_at("scope"), "secret:reveal");
}

}  // namespace
}  // namespace xivo::api
