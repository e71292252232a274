#include "app/web/web_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "http/client.hpp"
#include "http/server.hpp"

namespace xivo::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Pages : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-pages-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    if (server_) server_->stop();
    workers_.reset();
    files_.reset();
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void build(const std::string& index) {
    std::filesystem::create_directories(folder_ / "dist/assets");
    std::ofstream(folder_ / "dist/index.html") << index;
    std::ofstream(folder_ / "dist/assets/index-BkX3q9aZ.js") << "let a";
  }
  void start() {
    server_ =
        std::make_unique<http::StandaloneServer>([this](http::Request request, http::Responder responder) {
          files_->handle(std::move(request), std::move(responder));
        });
    workers_ = std::make_unique<runtime::WorkerPool>(1);
    files_ = std::make_unique<WebFiles>(folder_ / "dist", server_->loop(), *workers_);
    address_ = *server_->listen({*IpAddress::parse("127.0.0.1"), 0});
    server_->start();
  }
  http::Response ask(std::string_view method, std::string_view path, const http::Headers& headers = {}) {
    http::Client client(address_);
    auto response = client.request(method, path, {}, headers);
    EXPECT_TRUE(response) << path;
    return response ? std::move(*response) : http::Response{};
  }
  http::Response get(std::string_view path, const http::Headers& headers = {}) {
    return ask("GET", path, headers);
  }

  std::filesystem::path folder_;
  SocketAddress address_;
  std::unique_ptr<runtime::WorkerPool> workers_;
  std::unique_ptr<WebFiles> files_;
  std::unique_ptr<http::StandaloneServer> server_;
};

TEST_F(Pages, ThatNobodyBuiltAreExplained) {
  start();
  const auto french = get("/", {{"Accept-Language", "fr"}});
  EXPECT_EQ(french.status, 503);
  EXPECT_THAT(french.body, HasSubstr("ne sont pas construites"));
  EXPECT_THAT(get("/users").body, HasSubstr("have not been built"));
}

TEST_F(Pages, RefuseInWordsWhatTheyAreNotFor) {
  build("<!doctype html>");
  start();
  const auto post = ask("POST", "/users");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.header("allow"), "GET, HEAD");
  EXPECT_THAT(post.body, HasSubstr("only read"));
  for (const char* path : {"/assets/gone-BkX3q9aZ.js", "/assets/", "/favicon.png", "/api/v2/users", "/api",
                           "/..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2f..%2fsecret.txt"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("/%2e%2e/secret").status, 400);
}

TEST_F(Pages, AreFoundByIndexUnderAPolicy) {
  build("<!doctype html>the pages");
  start();
  for (const char* path : {"/", "/index.html", "/users", "/users/12/lines", "/call-records/"}) {
    const auto page = get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.body, "<!doctype html>the pages") << path;
    EXPECT_EQ(page.header("cache-control"), "no-cache");
    EXPECT_THAT(std::string(*page.header("content-security-policy")), HasSubstr("script-src 'self';"));
    EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  }
  EXPECT_EQ(get("/assets/index-BkX3q9aZ.js").header("cache-control"), "public, max-age=31536000, immutable");
}

TEST_F(Pages, ThatAskForANonceGetAnotherOneEachTime) {
  build("<script nonce=\"__CSP_NONCE__\"></script>");
  start();
  const auto first = get("/");
  const std::string policy(*first.header("content-security-policy"));
  EXPECT_THAT(first.body, Not(HasSubstr("__CSP_NONCE__")));
  EXPECT_THAT(policy, Not(HasSubstr("style-src 'self' 'unsafe-inline'")));
  const std::string nonce = first.body.substr(15, 24);
  EXPECT_THAT(policy, HasSubstr("script-src 'self' 'nonce-" + nonce + "'"));
  EXPECT_EQ(first.header("cache-control"), "no-store");
  EXPECT_NE(get("/").body, first.body);
}

TEST_F(Pages, ThatAreBuiltAnewAreServedWithoutARestart) {
  start();
  EXPECT_EQ(get("/").status, 503);
  build("<!doctype html>new");
  const runtime::SystemClock clock;
  const auto deadline = clock.now() + std::chrono::seconds(10);
  while (get("/").status != 200 && clock.now() < deadline) std::this_thread::yield();
  EXPECT_EQ(get("/").body, "<!doctype html>new");
}

}  // namespace
}  // namespace xivo::app
