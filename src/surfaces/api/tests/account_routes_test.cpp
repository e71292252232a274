#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

constexpr std::string_view kRight = R"({"account":"admin","password":"correct horse"})";

class Accounts : public ApiUnderTest {
 protected:
  void start() override {
    make_account();
    server_->start();
  }
};

TEST_F(Accounts, RefuseAWrongPasswordAndAnUnknownNameAlike) {
  const Answer wrong = ask("POST", "/login", R"({"account":"admin","password":"wrong horse"})");
  const Answer unknown = ask("POST", "/login", R"({"account":"nobody","password":"correct horse"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.json.text_at("type"), "urn:xivo:problem:wrong-credentials");
  EXPECT_EQ(wrong.body, unknown.body);
}

TEST_F(Accounts, AnswerAWrongPasswordLate) {
  const auto begin = clock_.now();
  EXPECT_EQ(ask("POST", "/login", R"({"account":"admin","password":"wrong horse"})").status, 401);
  EXPECT_GE(clock_.now() - begin, std::chrono::milliseconds(200));
}

TEST_F(Accounts, RefuseWhatIsNoLogin) {
  EXPECT_EQ(ask("POST", "/login", "{}", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(ask("POST", "/login", "{").status, 400);
  EXPECT_EQ(ask("POST", "/login", "[]").status, 400);
  EXPECT_EQ(ask("POST", "/login", "{}").status, 401);
}

TEST_F(Accounts, GiveATokenThatServesAsBearerAndAsCookie) {
  const Answer login = ask("POST", "/login", std::string(kRight));
  ASSERT_EQ(login.status, 200) << login.body;
  const std::string token = login.json.text_at("token");
  EXPECT_EQ(token.size(), 64u);
  const std::string cookie = login.header("set-cookie");
  EXPECT_TRUE(cookie.starts_with("xivo_session=" + token)) << cookie;
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  EXPECT_EQ(get("/session", {{"Cookie", "xivo_session=" + token}}).json.text_at("account"), "admin");
  EXPECT_EQ(get("/session", {{"Authorization", "bearer " + token}}).json.text_at("account"), "admin");
}

TEST_F(Accounts, EndASessionForGood) {
  sign_in();
  EXPECT_EQ(get("/session").status, 200);
  const Answer out = ask("POST", "/logout");
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.header("set-cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(get("/session").status, 401);
}

TEST_F(Accounts, RefuseATokenThatIsNotTheirs) {
  token_ = std::string(64, 'a');
  EXPECT_EQ(get("/session").status, 401);
  token_ = "'; drop table session";
  const Answer answer = get("/session");
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.header("www-authenticate").starts_with("Bearer"));
}

TEST_F(Accounts, RefuseAnExpiredSession) {
  auto token =
      accounts_->create_session("admin", clock_.wall() - std::chrono::hours(2), std::chrono::hours(1));
  ASSERT_TRUE(token);
  token_ = *token;
  EXPECT_EQ(get("/session").status, 401);
}

TEST_F(Accounts, RefuseACookieThatAnotherSiteSends) {
  sign_in();
  const http::Headers cookie{{"Cookie", "xivo_session=" + std::exchange(token_, "")},
                             {"Sec-Fetch-Site", "cross-site"},
                             {"Content-Type", "application/json"}};
  EXPECT_EQ(ask("POST", "/users", R"({"firstname":"Eve"})", cookie).status, 403);
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(Accounts, TrustTheirOwnUserOverAUnixSocketOnly) {
  server_->stop();
  server_ =
      std::make_unique<http::StandaloneServer>([this](http::Request request, http::Responder responder) {
        api_->handle(std::move(request), std::move(responder));
      });
  api_.reset();
  api_ = std::move(*Api::open({server_->loop(), *workers_, config_, *writer_, engine_,
                               folder_ / "configuration.db", folder_ / "calls.db", "0.0.1"}));
  const std::string path = folder_ / "api.sock";
  ASSERT_TRUE(server_->listen_unix(path, 0600));
  address_ = *server_->listen({*IpAddress::parse("127.0.0.1"), 0});
  server_->start();
  http::Client local(http::Client::UnixPath{path});
  const auto answer = local.get("/api/v1/session");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, R"({"account":"root"})");
  EXPECT_EQ(get("/session").status, 401);
}

}  // namespace
}  // namespace xivo::api
