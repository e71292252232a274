#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "model/access.hpp"
#include "model/json.hpp"
#include "model/value.hpp"
#include "store/account_store.hpp"
#include "store/batch_writer.hpp"
#include "store/config_store.hpp"
#include "store/config_writer.hpp"
#include "store/session_store.hpp"

namespace xivo::api {

/// An engine that says what it was told to.
class FakeEngine final : public LiveView {
 public:
  std::vector<Registration> registrations_;
  std::vector<RegistrationFailure> failures_;
  std::vector<LiveCall> calls_;
  std::vector<std::string> hung_up_;
  std::vector<LiveBan> bans_;
  std::vector<TollAccount> tolls_;
  std::vector<TrunkState> trunks_;
  std::vector<std::int64_t> registered_;
  std::string trace_;
  std::optional<runtime::WallTime> went_;
  std::size_t bans_max_ = 100;
  bool silent_ = false;  // keeps the question to itself
  std::vector<std::function<void(std::vector<LiveCall>)>> kept_;

  void registrations(std::function<void(std::vector<Registration>)> done) override { done(registrations_); }
  void registration_failures(std::function<void(std::vector<RegistrationFailure>)> done) override {
    done(failures_);
  }
  void calls(std::function<void(std::vector<LiveCall>)> done) override {
    if (silent_) return kept_.push_back(std::move(done));
    done(calls_);
  }
  void call(std::string call_id, std::function<void(std::optional<LiveCallDetail>)> done) override {
    for (const auto& call : calls_) {
      if (call.id == call_id) return done(LiveCallDetail{call, 3, "", trace_});
    }
    done(std::nullopt);
  }
  void line(std::int64_t line_id, std::string account, std::function<void(LineState)> done) override {
    LineState state;
    for (const auto& contact : registrations_) {
      if (contact.line_id == line_id) state.contacts.push_back(contact);
    }
    for (const auto& failure : failures_) {
      if (failure.account == account) state.failures.push_back(failure);
    }
    state.went = went_;
    done(std::move(state));
  }
  void hang_up(std::string call_id, std::function<void(bool)> done) override {
    for (const auto& call : calls_) {
      if (call.id != call_id) continue;
      hung_up_.push_back(call_id);
      return done(true);
    }
    done(false);
  }
  void bans(std::function<void(std::vector<LiveBan>)> done) override { done(bans_); }
  void trunks(std::function<void(std::vector<TrunkState>)> done) override { done(trunks_); }
  void register_trunk(std::int64_t id, std::function<void(bool)> done) override {
    for (const auto& trunk : trunks_) {
      if (trunk.id == id) registered_.push_back(id);
    }
    done(!registered_.empty() && registered_.back() == id);
  }
  void add_ban(BanWish wish, std::function<void(std::optional<LiveBan>)> done) override {
    if (bans_.size() >= bans_max_) return done(std::nullopt);
    LiveBan ban{.id = std::ssize(bans_) + 1, .network = wish.network.to_string()};
    ban.detail = wish.detail;
    ban.author = wish.author;
    ban.since = runtime::WallTime(std::chrono::seconds(1'800'000'000));
    if (wish.lasts) ban.until = ban.since + *wish.lasts;
    bans_.push_back(ban);
    done(ban);
  }
  std::vector<TollAccount> toll_accounts() override { return tolls_; }
  bool release_toll(bool is_trunk, std::int64_t id) override {
    return std::erase_if(tolls_, [&](const TollAccount& each) {
             return each.is_trunk == is_trunk && each.id == id && each.block;
           }) > 0;
  }
  void release_ban(std::int64_t id, std::string, std::function<void(bool)> done) override {
    done(std::erase_if(bans_, [&](const LiveBan& ban) { return ban.id == id; }) > 0);
  }
};

/// An answer with its JSON taken apart; `json` is null when there was none.
struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;
  model::Value json;

  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(http::find_header(headers, name).value_or(""));
  }
};

/// The whole interface on a real server on a free port, over real databases in a folder of its own.
class ApiUnderTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kPassword = "correct horse";

  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-api-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string configuration = folder_ / "configuration.db";
    const std::string calls = folder_ / "calls.db";
    store_ = std::move(*store::ConfigStore::open(configuration));
    calls_writer_ = std::move(*store::BatchWriter::open(calls));
    writer_ = std::make_unique<store::ConfigWriter>(config_, *store_, clock_);
    workers_ = std::make_unique<runtime::WorkerPool>(2);
    accounts_ = std::move(*store::AccountStore::open(configuration));
    sessions_ = std::move(*store::SessionStore::open(configuration));
    server_ =
        std::make_unique<http::StandaloneServer>([this](http::Request request, http::Responder responder) {
          api_->handle(std::move(request), std::move(responder));
        });
    Api::Parts parts{server_->loop(), *workers_, config_, *writer_, engine_, configuration, calls, "0.0.1"};
    parts.preview = [](const model::Trunk& trunk, const model::routing::TrunkAttempt& attempt,
                       const std::string& diverted_by) {
      return SentInvite{"sip:" + attempt.number + "@" + trunk.name, {{"Diversion", diverted_by}}};
    };
    auto api = Api::open(parts);
    ASSERT_TRUE(api) << api.error().what;
    api_ = std::move(*api);
    const auto address = server_->listen({*IpAddress::parse("127.0.0.1"), 0});
    ASSERT_TRUE(address);
    address_ = *address;
    start();
  }
  virtual void start() { server_->start(); }

  void TearDown() override {
    server_->stop();
    api_.reset();
    writer_.reset();
    workers_.reset();
    server_.reset();
    calls_writer_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Puts an account (and, before the first, the roles of a new system) into the configuration, without a revision.
  std::int64_t make_account(const std::string& name = "admin", std::string_view role = "administrator") {
    model::ConfigBuilder builder(*config_.current());
    if (config_.current()->objects<model::Role>().empty()) {
      for (const model::Role& supplied : model::supplied_roles()) builder.put(supplied);
    }
    model::RoleId role_id{};
    const auto with_roles = builder.build();
    for (const auto& [id, known] : with_roles->objects<model::Role>()) {
      if (known->name == role) role_id = model::RoleId{id};
    }
    EXPECT_TRUE(role_id) << role;
    const auto id = builder.put(model::Account{.name = name, .role = role_id});
    config_.publish(builder.build());
    return id.value;
  }
  void give_password(std::int64_t account) {
    ASSERT_TRUE(accounts_->set_password(account, kPassword, clock_.wall()));
  }

  /// Signs in without a password, which would cost 20 ms each time.
  void sign_in(const std::string& name = "admin", std::string_view role = "administrator") {
    const auto* known = model::account_by_name(*config_.current(), name);
    const std::int64_t id = known == nullptr ? make_account(name, role) : known->id.value;
    auto token = sessions_->create({.account = id}, clock_.wall(), std::chrono::hours(1));
    ASSERT_TRUE(token);
    token_ = *token;
  }

  Answer ask(std::string_view method, std::string_view path, const std::string& body = {},
             http::Headers headers = {}) {
    http::Client client(address_);
    if (!token_.empty()) client.set_header("Authorization", "Bearer " + token_);
    if (!body.empty() && !http::find_header(headers, "content-type")) {
      headers.push_back({"Content-Type", "application/json"});
    }
    const auto response = client.request(method, "/api/v1" + std::string(path), body, headers);
    EXPECT_TRUE(response) << method << " " << path << ": " << response.error().what;
    if (!response) return {};
    Answer answer{response->status, response->headers, response->body, {}};
    if (auto json = model::parse_json(response->body, {.bytes_max = 16 << 20}))
      answer.json = std::move(*json);
    return answer;
  }
  Answer get(std::string_view path, http::Headers headers = {}) {
    return ask("GET", path, {}, std::move(headers));
  }

  std::int64_t create(std::string_view path, const std::string& body) {
    const Answer answer = ask("POST", path, body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json.integer_at("id");
  }

  std::filesystem::path folder_;
  runtime::SystemClock clock_;
  model::ConfigSource config_;
  FakeEngine engine_;
  std::unique_ptr<store::ConfigStore> store_;
  std::unique_ptr<store::BatchWriter> calls_writer_;
  std::unique_ptr<store::ConfigWriter> writer_;
  std::unique_ptr<runtime::WorkerPool> workers_;
  std::unique_ptr<store::AccountStore> accounts_;
  std::unique_ptr<store::SessionStore> sessions_;
  std::unique_ptr<http::StandaloneServer> server_;
  std::unique_ptr<Api> api_;
  SocketAddress address_;
  std::string token_;
};

/// The first entry of a problem document.
inline model::Value first_problem(const Answer& answer) {
  const model::Value* problems = answer.json.find("problems");
  return problems && problems->items() && !problems->items()->empty() ? problems->items()->front()
                                                                      : model::Value();
}

}  // namespace xivo::api
