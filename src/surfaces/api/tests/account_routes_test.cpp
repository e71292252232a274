#include <gtest/gtest.h>

#include "api/access/principal.hpp"
#include "api_under_test.hpp"
#include "runtime/self_signed.hpp"

namespace xivo::api {
namespace {

constexpr std::string_view kRight = R"({"account":"admin","password":"correct horse"})";

class Accounts : public ApiUnderTest {
 protected:
  void start() override {
    give_password(make_account());
    server_->start();
  }

  /// A request as a page of ours sends it: by cookie, with the header that proves it unless told otherwise.
  Answer by_cookie(std::string_view method, std::string_view path, const std::string& body, bool proof = true,
                   std::string_view site = "same-origin") {
    const std::string session = token_;
    token_.clear();
    http::Headers headers{{"Cookie", "xivo_session=" + session}, {"Sec-Fetch-Site", std::string(site)}};
    if (proof) headers.push_back({"X-CSRF-Token", csrf_token(session)});
    const Answer answer = ask(method, path, body, headers);
    token_ = session;
    return answer;
  }
};

TEST_F(Accounts, RefuseAWrongPasswordAndAnUnknownNameAlike) {
  const Answer wrong = ask("POST", "/login", R"({"account":"admin","password":"wrong horse"})");
  const Answer unknown = ask("POST", "/login", R"({"account":"nobody","password":"correct horse"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.json.text_at("type"), "urn:xivo:problem:wrong-credentials");
  EXPECT_EQ(wrong.body, unknown.body);
}

TEST_F(Accounts, RefuseADisabledAccountLikeAWrongPassword) {
  make_account("root");
  const std::int64_t id = make_account("olga", "operator");
  give_password(id);
  const std::string login = R"({"account":"olga","password":"correct horse"})";
  const Answer signed_in = ask("POST", "/login", login);
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  sign_in();
  ASSERT_EQ(ask("PATCH", "/accounts/" + std::to_string(id), R"({"enabled":false})").status, 200);
  token_ = signed_in.json.text_at("token");
  EXPECT_EQ(get("/session").status, 401) << "an open session ends, too";
  token_.clear();
  EXPECT_EQ(ask("POST", "/login", login).json.text_at("type"), "urn:xivo:problem:wrong-credentials");
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
  EXPECT_EQ(ask("POST", "/login", std::string(kRight), {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
}

TEST_F(Accounts, GiveProgramsATokenThatServesAsBearer) {
  const Answer login = ask("POST", "/login", std::string(kRight));
  ASSERT_EQ(login.status, 200) << login.body;
  const std::string token = login.json.text_at("token");
  EXPECT_EQ(token.size(), 64u);
  EXPECT_EQ(get("/session", {{"Authorization", "bearer " + token}}).json.text_at("account"), "admin");
}

TEST_F(Accounts, GivePagesACookieThatNoScriptCanRead) {
  const Answer login = ask("POST", "/login", std::string(kRight), {{"Sec-Fetch-Site", "same-origin"}});
  ASSERT_EQ(login.status, 200) << login.body;
  EXPECT_EQ(login.json.find("token"), nullptr);
  const std::string cookie = login.header("set-cookie");
  ASSERT_TRUE(cookie.starts_with("xivo_session=")) << cookie;
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  const Answer session = get("/session", {{"Cookie", cookie.substr(0, cookie.find(';'))}});
  EXPECT_EQ(session.json.text_at("account"), "admin");
  EXPECT_EQ(session.json.text_at("csrf"), login.json.text_at("csrf"));
}

/// The same over HTTPS.
class SecureAccounts : public Accounts {
 protected:
  void start() override {
    runtime::SelfSigned what;
    what.host = "pbx.example";
    what.from = clock_.wall();
    const runtime::TlsCertificate files{folder_ / "certificate.pem", folder_ / "key.pem"};
    ASSERT_TRUE(runtime::make_self_signed(what, files));
    server_->set_tls(*runtime::TlsContext::load({{files}, false, {}}));
    secure_ = *server_->listen_tls({*IpAddress::parse("127.0.0.1"), 0});
    Accounts::start();
  }
  SocketAddress secure_;
};

TEST_F(SecureAccounts, HaveACookieThatPlainHttpNeitherSetsNorGets) {
  http::Client::Options options;
  options.tls = *runtime::TlsContext::load_client(false, {});
  http::Client browser(secure_, options);
  const auto login =
      browser.request("POST", "/api/v1/login", kRight,
                      {{"Content-Type", "application/json"}, {"Sec-Fetch-Site", "same-origin"}});
  ASSERT_TRUE(login);
  const std::string cookie(login->header("set-cookie").value_or(""));
  ASSERT_TRUE(cookie.starts_with("__Host-xivo_session=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Secure")) << cookie;
  const std::string sent = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(browser.request("GET", "/api/v1/session", {}, {{"Cookie", sent}})->status, 200);
  EXPECT_EQ(get("/session", {{"Cookie", sent}}).status, 401) << "by plain HTTP";
}

TEST_F(Accounts, TellWhoIAmAndWhatIMay) {
  sign_in("olga", "operator");
  const Answer session = get("/session");
  EXPECT_EQ(session.json.text_at("kind"), "session");
  EXPECT_EQ(session.json.text_at("role"), "operator");
  EXPECT_EQ(session.json.find("rights")->items()->front(), model::Value("user:*"));
  EXPECT_EQ(session.json.text_at("language"), "auto");
  EXPECT_EQ(*session.json.find("totp"), model::Value(false));
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
      sessions_->create({.account = 1}, clock_.wall() - std::chrono::hours(2), std::chrono::hours(1));
  ASSERT_TRUE(token);
  token_ = *token;
  EXPECT_EQ(get("/session").status, 401);
}

TEST_F(Accounts, RefuseACookieThatAnotherSiteSends) {
  sign_in();
  EXPECT_EQ(by_cookie("POST", "/users", R"({"firstname":"Eve"})", true, "cross-site").status, 403);
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(Accounts, RefuseAChangeByCookieWithoutTheProofOfOurPages) {
  sign_in();
  const Answer refused = by_cookie("POST", "/users", R"({"firstname":"Eve"})", false);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json.text_at("type"), "urn:xivo:problem:csrf-token");
  EXPECT_EQ(by_cookie("GET", "/users", "", false).status, 200);
  EXPECT_EQ(by_cookie("POST", "/users", R"({"firstname":"Eve"})").status, 201);
}

TEST_F(Accounts, ListTheirOwnSessionsAndEndThem) {
  sign_in("olga", "operator");
  const std::string others = token_;
  sign_in();
  const std::string first = token_;
  sign_in();
  const Answer listed = get("/sessions");
  ASSERT_EQ(listed.json.integer_at("total"), 2) << listed.body;
  const auto& items = *listed.json.find("items")->items();
  EXPECT_EQ(*items[0].find("current"), model::Value(true));
  EXPECT_EQ(ask("DELETE", "/sessions/" + std::to_string(items[1].integer_at("id"))).status, 204);
  EXPECT_EQ(ask("DELETE", "/sessions/999").status, 404);
  token_ = first;
  EXPECT_EQ(get("/session").status, 401);
  token_ = others;
  EXPECT_EQ(get("/session").status, 200);
}

TEST_F(Accounts, EndAllTheirOtherSessions) {
  sign_in();
  const std::string first = token_;
  sign_in();
  EXPECT_EQ(ask("DELETE", "/sessions").status, 204);
  EXPECT_EQ(get("/session").status, 200);
  token_ = first;
  EXPECT_EQ(get("/session").status, 401);
}

TEST_F(Accounts, LoseTheirRightsWithTheirRoleAtOnce) {
  make_account("root");
  sign_in("olga", "operator");
  const std::string olga = token_;
  EXPECT_EQ(get("/users").status, 200);
  sign_in();
  ASSERT_EQ(ask("PATCH", "/roles/3", R"({"rights":["call:read"]})").status, 200);
  token_ = olga;
  const Answer refused = get("/users");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(first_problem(refused).text_at("rule"), "forbidden");
  EXPECT_EQ(first_problem(refused).find("facts")->text_at("scope"), "user:read");
  EXPECT_NE(get("/users", {{"Accept-Language", "fr"}}).json.text_at("detail").find("user:read"),
            std::string::npos);
}

TEST_F(Accounts, MayNotWriteInATransactionWhatTheyMayNotWriteAlone) {
  sign_in("olga", "operator");
  const Answer refused = ask("POST", "/transaction",
                             R"({"changes":[{"kind":"user","op":"create","fields":{"firstname":"A"}},
                         {"kind":"role","op":"create","fields":{"name":"mine","rights":["*:*"]}}]})");
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_EQ(first_problem(refused).text_at("rule"), "forbidden");
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(Accounts, TrustTheirOwnUserOverAUnixSocketOnly) {
  server_->stop();
  api_.reset();  // its timers are those of the server's loop
  server_ =
      std::make_unique<http::StandaloneServer>([this](http::Request request, http::Responder responder) {
        api_->handle(std::move(request), std::move(responder));
      });
  api_ = std::move(*Api::open({server_->loop(), *workers_, config_, *writer_, engine_,
                               folder_ / "configuration.db", folder_ / "calls.db", "0.0.1"}));
  const std::string path = folder_ / "api.sock";
  ASSERT_TRUE(server_->listen_unix(path, 0600));
  address_ = *server_->listen({*IpAddress::parse("127.0.0.1"), 0});
  server_->start();
  http::Client local(http::Client::UnixPath{path});
  const auto answer = local.get("/api/v1/session");
  ASSERT_TRUE(answer);
  const auto session = model::parse_json(answer->body);
  ASSERT_TRUE(session) << answer->body;
  EXPECT_EQ(session->text_at("account"), "root");
  EXPECT_EQ(session->text_at("kind"), "local");
  EXPECT_EQ(session->find("rights")->items()->front(), model::Value("*:*"));
  EXPECT_EQ(get("/session").status, 401);
}

}  // namespace
}  // namespace xivo::api
