#include <gtest/gtest.h>

#include "api/access/totp.hpp"
#include "api_under_test.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr const char* kOwn = R"({"password":"correct horse"})";

class Passwords : public ApiUnderTest {
 protected:
  void start() override {
    give_password(make_account());
    server_->start();
    sign_in();
  }
  Answer log_in(std::string_view password, std::string_view code = {}) {
    Value body = Value::object({{"account", "admin"}, {"password", password}});
    if (!code.empty()) body.set("totp", code);
    const std::string session = std::exchange(token_, "");
    const Answer answer = ask("POST", "/login", model::to_json(body));
    token_ = session;
    return answer;
  }
  /// Puts a second factor into use; returns its secret. The code of the step before now is used by it.
  std::string enrol() {
    const Answer started = ask("POST", "/session/totp");
    EXPECT_EQ(started.status, 200) << started.body;
    const std::string secret = started.json.text_at("secret");
    const Answer confirmed =
        ask("PUT", "/session/totp", R"({"code":")" + totp_code(secret, totp_step(clock_.wall()) - 1) + "\"}");
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    recovery_codes_ = *confirmed.json.find("recovery_codes")->items();
    return secret;
  }
  std::string code_of(const std::string& secret) { return totp_code(secret, totp_step(clock_.wall())); }

  Value::List recovery_codes_;
};

TEST_F(Passwords, AreChangedOnlyWithTheOldOne) {
  const Answer wrong = ask("POST", "/session/password", R"({"old":"wrong horse","new":"battery staple"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(first_problem(wrong).text_at("rule"), "wrong-password");
  EXPECT_EQ(ask("POST", "/session/password", R"({"old":"correct horse","new":"battery staple"})").status,
            204);
  EXPECT_EQ(log_in("correct horse").status, 401);
  EXPECT_EQ(log_in("battery staple").status, 200);
}

TEST_F(Passwords, AreLongEnoughAndNotTheName) {
  for (const auto& [fresh, rule] : {std::pair("short", "too-short"), std::pair("", "too-short")}) {
    const Answer answer =
        ask("POST", "/session/password", std::string(R"({"old":"correct horse","new":")") + fresh + "\"}");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(first_problem(answer).text_at("rule"), rule);
    EXPECT_EQ(first_problem(answer).text_at("field"), "new");
  }
  const std::int64_t id = make_account("jeanne.durand", "operator");
  const Answer name =
      ask("PUT", "/accounts/" + std::to_string(id) + "/password", R"({"password":"Jeanne.Durand"})");
  EXPECT_EQ(first_problem(name).text_at("rule"), "same-as-name");
}

TEST_F(Passwords, EndOtherSessionsWhenTheyChange) {
  const std::string other = token_;
  sign_in();
  ASSERT_EQ(ask("POST", "/session/password", R"({"old":"correct horse","new":"battery staple"})").status,
            204);
  EXPECT_EQ(get("/session").status, 200);
  token_ = other;
  EXPECT_EQ(get("/session").status, 401);
}

TEST_F(Passwords, AreGivenToOthersByWhoMayWriteAccounts) {
  const std::int64_t id = make_account("olga", "operator");
  sign_in("olga");
  const std::string olga = token_;
  sign_in();
  const std::string path = "/accounts/" + std::to_string(id) + "/password";
  EXPECT_EQ(ask("PUT", path, R"({"password":"battery staple"})").status, 204);
  EXPECT_EQ(ask("PUT", "/accounts/999/password", R"({"password":"battery staple"})").status, 404);
  EXPECT_EQ(ask("PUT", "/accounts/1/password", R"({"password":"battery staple"})").status, 409)
      << "one's own";
  token_ = olga;
  EXPECT_EQ(get("/session").status, 401) << "her sessions ended";
  token_.clear();
  EXPECT_EQ(ask("POST", "/login", R"({"account":"olga","password":"battery staple"})").status, 200);
}

TEST_F(Passwords, OfAnAdministratorAreNotForAClerkToSet) {
  make_account("root");
  ASSERT_EQ(ask("POST", "/roles", R"({"name":"clerk","rights":["account:*","user:*"]})").status, 201);
  sign_in("clerk", "clerk");
  const Answer refused = ask("PUT", "/accounts/1/password", R"({"password":"battery staple"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(ask("DELETE", "/accounts/1/totp").status, 403);
  EXPECT_EQ(log_in("correct horse").status, 200);
}

TEST_F(Passwords, AloneDoNotDoOnceThereIsASecondFactor) {
  const std::string secret = enrol();
  const Answer needed = log_in("correct horse");
  EXPECT_EQ(needed.status, 401);
  EXPECT_EQ(first_problem(needed).text_at("rule"), "totp-required");
  const Answer wrong = log_in("correct horse", "000000");
  EXPECT_EQ(first_problem(wrong).text_at("rule"), "totp-wrong");
  EXPECT_EQ(log_in("wrong horse!", code_of(secret)).json.text_at("type"),
            "urn:xivo:problem:wrong-credentials");
  EXPECT_EQ(log_in("correct horse", code_of(secret)).status, 200);
}

TEST_F(Passwords, TakeACodeOnce) {
  const std::string secret = enrol();
  const std::string code = totp_code(secret, totp_step(clock_.wall()) + 1);
  EXPECT_EQ(log_in("correct horse", code).status, 200);
  EXPECT_EQ(log_in("correct horse", code).status, 401);
}

TEST_F(Passwords, TakeARecoveryCodeOnce) {
  enrol();
  ASSERT_EQ(recovery_codes_.size(), 10U);
  const std::string code = *recovery_codes_.front().text();
  EXPECT_EQ(log_in("correct horse", code).status, 200);
  EXPECT_EQ(log_in("correct horse", code).status, 401);
}

TEST_F(Passwords, ReplaceRecoveryCodes) {
  EXPECT_EQ(ask("POST", "/session/recovery-codes", kOwn).status, 409) << "without a second factor";
  enrol();
  const Answer wrong = ask("POST", "/session/recovery-codes", R"({"password":"wrong horse"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(first_problem(wrong).text_at("rule"), "wrong-password");
  const Answer made = ask("POST", "/session/recovery-codes", kOwn);
  ASSERT_EQ(made.status, 200);
  EXPECT_EQ(log_in("correct horse", *recovery_codes_.front().text()).status, 401);
  EXPECT_EQ(log_in("correct horse", *made.json.find("recovery_codes")->items()->front().text()).status, 200);
}

TEST_F(Passwords, NeedNoCodeWhileTheSecondFactorIsNotConfirmed) {
  const Answer started = ask("POST", "/session/totp");
  EXPECT_TRUE(started.json.text_at("uri").starts_with("otpauth://totp/XiVO:admin?secret="));
  const Answer wrong = ask("PUT", "/session/totp", R"({"code":"000000"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(first_problem(wrong).text_at("rule"), "wrong-code");
  EXPECT_EQ(log_in("correct horse").status, 200);
}

TEST_F(Passwords, AreAskedAgainBeforeTheSecondFactorIsGivenUp) {
  const std::string secret = enrol();
  EXPECT_EQ(ask("DELETE", "/session/totp").status, 415) << "without a body";
  const Answer none = ask("DELETE", "/session/totp", "{}");
  EXPECT_EQ(none.status, 422);
  EXPECT_EQ(first_problem(none).text_at("field"), "password");
  const Answer wrong = ask("DELETE", "/session/totp", R"({"password":"wrong horse"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(first_problem(wrong).text_at("rule"), "wrong-password");
  EXPECT_EQ(first_problem(wrong).text_at("field"), "password");
  EXPECT_EQ(*get("/session").json.find("totp"), Value(true));
  EXPECT_EQ(log_in("correct horse").status, 401);
  EXPECT_EQ(log_in("correct horse", code_of(secret)).status, 200);
}

TEST_F(Passwords, LetNoSecondFactorBeReplacedWhileItIsInUse) {
  const std::string secret = enrol();
  EXPECT_EQ(ask("POST", "/session/totp").status, 409);
  const std::string code = R"({"code":")" + code_of(secret) + "\"}";
  EXPECT_EQ(ask("PUT", "/session/totp", code).status, 422) << "nothing is proposed";
  EXPECT_EQ(log_in("correct horse", code_of(secret)).status, 200);
}

TEST_F(Passwords, DoAloneAgainWhenTheSecondFactorIsRemoved) {
  enrol();
  EXPECT_EQ(*get("/session").json.find("totp"), Value(true));
  EXPECT_EQ(ask("DELETE", "/session/totp", kOwn).status, 204);
  EXPECT_EQ(log_in("correct horse").status, 200);
  enrol();
  sign_in("root");
  EXPECT_EQ(ask("DELETE", "/accounts/1/totp").status, 204)
      << "by another administrator: the telephone is lost";
  EXPECT_EQ(log_in("correct horse").status, 200);
}

TEST_F(Passwords, ComeNotBackWithARollback) {
  sign_in("root");
  ASSERT_EQ(ask("PATCH", "/accounts/1", R"({"language":"fr"})").status, 200);
  ASSERT_EQ(ask("PATCH", "/accounts/1", R"({"language":"en"})").status, 200);
  ASSERT_EQ(ask("PUT", "/accounts/1/password", R"({"password":"battery staple"})").status, 204);
  ASSERT_EQ(ask("POST", "/revisions/2/rollback", R"({"mode":"undo"})").status, 200);
  EXPECT_EQ(log_in("correct horse").status, 401);
  EXPECT_EQ(log_in("battery staple").status, 200);
}

}  // namespace
}  // namespace xivo::api
