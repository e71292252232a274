#include "api/live_routes.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

class Live : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    Registration alice{.line_id = 1, .line = "101", .exten = "101", .user_id = 7, .user = "Alice Durand"};
    alice.contact = "sip:101@192.0.2.9:5060";
    alice.source = *SocketAddress::parse("192.0.2.9:5060");
    alice.transport = "udp";
    alice.registered = runtime::WallTime(std::chrono::seconds(1'800'000'000));
    alice.expires = alice.registered + std::chrono::minutes(2);
    engine_.registrations_ = {alice, {.line_id = 2, .line = "gateway"}};
    RegistrationFailure failure;
    failure.account = "102";
    failure.reason = RegistrationFailure::Reason::WrongSecret;
    failure.count = 12;
    engine_.failures_ = {failure};
    LiveCall call{.id = "call-1", .caller_number = "101", .dialled = "102", .state = "ringing"};
    call.legs = {{.line_id = 1, .peer = "101", .caller = true, .state = "up"},
                 {.peer = "102", .state = "ringing"}};
    engine_.calls_ = {call};
    server_->start();
  }
};

TEST_F(Live, RegistrationsAreShownAndSearched) {
  const Answer all = get("/registrations");
  EXPECT_EQ(all.json.integer_at("total"), 2);
  const auto& alice = all.json.find("items")->items()->front();
  EXPECT_EQ(alice.text_at("source"), "192.0.2.9:5060");
  EXPECT_EQ(alice.text_at("expires"), "2027-01-15T08:02:00.000Z");
  EXPECT_TRUE(all.json.find("items")->items()->back().find("expires")->is_null());
  EXPECT_EQ(get("/registrations?search=dur%C3%A2nd").json.integer_at("total"), 1);
  const Answer second = get("/registrations?limit=1&offset=1");
  EXPECT_EQ(second.json.find("items")->items()->front().text_at("line"), "gateway");
  EXPECT_EQ(second.json.integer_at("total"), 2);
}

TEST_F(Live, FailuresAreWordedInTheClientsLanguage) {
  const Answer answer = get("/registrations/failures", {{"Accept-Language", "fr"}});
  const auto& failure = answer.json.find("items")->items()->front();
  EXPECT_EQ(failure.text_at("reason"), "wrong-secret");
  EXPECT_EQ(failure.text_at("message"), "Le mot de passe SIP du téléphone n'est pas celui de la ligne");
  EXPECT_EQ(failure.integer_at("count"), 12);
}

TEST_F(Live, CallsAreShownWithTheirLegsAndHungUp) {
  const Answer answer = get("/calls");
  const auto& call = answer.json.find("items")->items()->front();
  EXPECT_EQ(call.text_at("id"), "call-1");
  EXPECT_EQ(call.find("legs")->items()->size(), 2u);
  EXPECT_TRUE(call.find("answered")->is_null());
  EXPECT_EQ(ask("DELETE", "/calls/nobody").status, 404);
  EXPECT_EQ(ask("DELETE", "/calls/call-1").status, 204);
  EXPECT_EQ(engine_.hung_up_, std::vector<std::string>{"call-1"});
}

TEST_F(Live, AnEngineThatDoesNotAnswerHoldsUpNobodyElse) {
  engine_.silent_ = true;
  std::atomic<int> status{0};
  runtime::WorkerPool patient(1);
  patient.submit([&] { status = get("/calls").status; });
  EXPECT_EQ(get("/status").status, 200);
  EXPECT_EQ(get("/registrations").status, 200);
  while (status == 0) {
    server_->loop().post([&] {
      for (auto& done : std::exchange(engine_.kept_, {})) done({});
    });
    std::this_thread::yield();
  }
  EXPECT_EQ(status, 200);
}

TEST(RegistrationFailureReason, HasWordsForEach) {
  for (int i = 0; i <= static_cast<int>(RegistrationFailure::Reason::Other); ++i) {
    const auto reason = static_cast<RegistrationFailure::Reason>(i);
    EXPECT_FALSE(name(reason).empty());
    EXPECT_NE(describe(reason, model::Language::French), describe(reason, model::Language::English));
    EXPECT_EQ(name(reason) == "other", reason == RegistrationFailure::Reason::Other) << i;
  }
}

}  // namespace
}  // namespace xivo::api
