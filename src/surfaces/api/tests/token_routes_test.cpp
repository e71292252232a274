#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

using model::Value;

class Tokens : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
  }
  std::string create_token(const std::string& body) {
    const Answer made = ask("POST", "/tokens", body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json.text_at("token");
  }
};

TEST_F(Tokens, RefuseWhatIsNoWish) {
  for (const char* body :
       {"{}", R"({"label":"x"})", R"({"label":"x\ny","scopes":["user:read"]})", R"({"scopes":["user:read"]})",
        R"({"label":"","scopes":["user:read"]})", R"({"label":"x","scopes":[]})",
        R"({"label":"x","scopes":"user:read"})", R"({"label":"x","scopes":["king:read"]})",
        R"({"label":"x","scopes":[7]})", R"({"label":"x","scopes":["user:read"],"expires":"soon"})",
        R"({"label":"x","scopes":["user:read"],"expires":"2001-01-01"})",
        R"({"label":"x","scopes":["user:read"],"expires":"2999-01-01"})",
        R"({"label":"x","scopes":["user:read"],"colour":"red"})"}) {
    const Answer answer = ask("POST", "/tokens", body);
    EXPECT_EQ(answer.status, 422) << body << answer.body;
    EXPECT_FALSE(first_problem(answer).text_at("message").empty());
  }
}

TEST_F(Tokens, MayOnlyDoWhatTheyAreFor) {
  token_ = create_token(R"({"label":"directory","scopes":["user:read"]})");
  EXPECT_TRUE(token_.starts_with("xivo_"));
  EXPECT_EQ(get("/users").status, 200);
  const Answer refused = ask("POST", "/users", R"({"firstname":"Eve"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(first_problem(refused).find("facts")->text_at("scope"), "user:write");
  const Answer who = get("/session");
  EXPECT_EQ(who.json.text_at("kind"), "token");
  EXPECT_EQ(*who.json.find("rights"), Value(Value::List{Value("user:read")}));
}

TEST_F(Tokens, MayNeverDoMoreThanTheirAccount) {
  make_account("root");
  sign_in("tom", "operator");
  EXPECT_EQ(ask("POST", "/tokens", R"({"label":"x","scopes":["user:read"]})").status, 403)
      << "no right to tokens";
  sign_in();
  ASSERT_EQ(ask("PATCH", "/roles/3", R"({"rights":["token:write","user:*"]})").status, 200);
  sign_in("tom");
  const Answer above = ask("POST", "/tokens", R"({"label":"x","scopes":["*:*"]})");
  EXPECT_EQ(above.status, 422);
  EXPECT_EQ(first_problem(above).text_at("rule"), "above-own-rights");
  const std::string token = create_token(R"({"label":"x","scopes":["user:*"]})");
  sign_in();
  ASSERT_EQ(ask("PATCH", "/roles/3", R"({"rights":["user:read"]})").status, 200);
  token_ = token;
  EXPECT_EQ(get("/users").status, 200);
  EXPECT_EQ(ask("POST", "/users", R"({"firstname":"Eve"})").status, 403);
}

TEST_F(Tokens, DieWithTheirAccount) {
  const std::int64_t id = make_account("script");
  sign_in("script");
  const std::string token = create_token(R"({"label":"x","scopes":["*:*"]})");
  sign_in();
  ASSERT_EQ(ask("PATCH", "/accounts/" + std::to_string(id), R"({"enabled":false})").status, 200);
  token_ = token;
  EXPECT_EQ(get("/users").status, 401);
}

TEST_F(Tokens, AreListedWithoutTheirSecretAndDeletedForGood) {
  const std::string token = create_token(R"({"label":"backup","scopes":["*:read"],"expires":null})");
  const std::string session = std::exchange(token_, token);
  ASSERT_EQ(get("/users").status, 200);
  token_ = session;
  const Answer listed = get("/tokens");
  ASSERT_EQ(listed.json.integer_at("total"), 1) << listed.body;
  const Value& item = listed.json.find("items")->items()->front();
  EXPECT_EQ(item.text_at("label"), "backup");
  EXPECT_FALSE(item.text_at("last_used").empty());
  EXPECT_EQ(item.text_at("last_source"), "127.0.0.1");
  EXPECT_EQ(listed.body.find("xivo_"), std::string::npos);
  const std::string path = "/tokens/" + std::to_string(item.integer_at("id"));
  EXPECT_EQ(ask("DELETE", path).status, 204);
  EXPECT_EQ(ask("DELETE", path).status, 404);
  token_ = token;
  EXPECT_EQ(get("/users").status, 401);
}

TEST_F(Tokens, CannotTouchCredentials) {
  token_ = create_token(R"({"label":"x","scopes":["*:*"]})");
  EXPECT_EQ(ask("POST", "/session/password", R"({"old":"correct horse","new":"battery staple"})").status,
            403);
  EXPECT_EQ(ask("POST", "/session/totp").status, 403);
  EXPECT_EQ(get("/sessions").json.text_at("type"), "urn:xivo:problem:session-needed");
}

TEST_F(Tokens, AreNoCookies) {
  const std::string token = create_token(R"({"label":"x","scopes":["*:*"]})");
  token_.clear();
  EXPECT_EQ(get("/session", {{"Cookie", "xivo_session=" + token}}).status, 401);
}

}  // namespace
}  // namespace xivo::api
