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

TEST_F(Live, ACallIsShownWithItsTraceSoFar) {
  engine_.trace_ =
      R"({"dropped":0,"entries":[{"t":1795593600000,"kind":"received","who":"101","text":"INVITE"}]})";
  EXPECT_EQ(get("/calls/nobody").status, 404);
  const Answer answer = get("/calls/call-1");
  EXPECT_EQ(answer.json.text_at("state"), "ringing");
  EXPECT_EQ(answer.json.integer_at("config_revision"), 3);
  EXPECT_EQ(answer.json.find("legs")->items()->size(), 2u);
  EXPECT_EQ(answer.json.find("trace")->find("entries")->items()->front().text_at("text"), "INVITE");
}

TEST_F(Live, TheDecisionsOfACallAreWordedInTheClientsLanguage) {
  engine_.trace_ =
      R"({"dropped":0,"entries":[{"t":1795593600000,"kind":"decision","who":"","text":"@ring-timeout+"}]})";
  const auto text = [&](const char* language) {
    const Answer answer = get("/calls/call-1", {{"Accept-Language", language}});
    return answer.json.find("trace")->find("entries")->items()->front().text_at("text");
  };
  EXPECT_EQ(text("fr"), "Personne n'a répondu pendant la durée de sonnerie.");
  EXPECT_EQ(text("en"), "Nobody answered within the ring time.");
}

/// Why a line is not registered, as REST tells it.
class Explained : public Live {
 protected:
  Answer explain(const std::string& fields) {
    const auto id = create("/lines", R"({"secret":"s3cretWord",)" + fields + "}");
    return get("/lines/" + std::to_string(id) + "/registration");
  }
  static model::Value change(const Answer& answer) {
    const model::Value* advice = answer.json.find("advice");
    const model::Value* found = advice ? advice->items()->front().find("change") : nullptr;
    return found ? *found : model::Value();
  }
};

TEST_F(Explained, IsOnlyALineThatThereIs) {
  EXPECT_EQ(get("/lines/1/registration").status, 404);
  EXPECT_EQ(get("/lines/x/registration").status, 404);
}

TEST_F(Explained, ALineThatIsSwitchedOffComesWithTheChangeThatSwitchesItOn) {
  const Answer answer = explain(R"("name":"off","enabled":false)");
  EXPECT_EQ(answer.json.text_at("state"), "disabled");
  EXPECT_TRUE(change(answer).find("fields")->boolean_at("enabled"));
  model::Value ready = change(answer);
  ready.set("op", "update");
  const Answer applied = ask("POST", "/transaction", R"({"changes":[)" + model::to_json(ready) + "]}");
  EXPECT_EQ(applied.status, 200) << applied.body;
  EXPECT_EQ(get("/lines/" + std::to_string(ready.integer_at("id")) + "/registration").json.text_at("state"),
            "registered");  // line 1 is Alice's
}

TEST_F(Explained, ALineWithAFixedAddressDoesNotRegister) {
  engine_.registrations_.clear();
  EXPECT_EQ(explain(R"("name":"gate","host":"192.0.2.1")").json.text_at("state"), "fixed");
}

TEST_F(Explained, ARefusedLineSaysWhyAndWhatToDo) {
  engine_.registrations_.clear();
  const Answer wrong = explain(R"("name":"102")");
  EXPECT_EQ(wrong.json.text_at("state"), "refused");
  EXPECT_NE(wrong.json.text_at("sentence").find("Refused 12 times"), std::string::npos) << wrong.body;
  EXPECT_EQ(wrong.json.find("failures")->items()->size(), 1u);
  engine_.failures_.front().account = "103";
  engine_.failures_.front().reason = RegistrationFailure::Reason::TooManyContacts;
  const Answer full = explain(R"("name":"103","max_contacts":1)");
  EXPECT_EQ(change(full).find("fields")->integer_at("max_contacts"), 2);
  engine_.failures_.front().account = "104";
  engine_.failures_.front().count = 1;
  const Answer once = explain(R"("name":"104")");
  EXPECT_NE(once.json.text_at("sentence").find("Refused once, at "), std::string::npos) << once.body;
}

TEST_F(Explained, ALineThatNobodyTriedOrThatWentSaysSo) {
  engine_.registrations_.clear();
  const Answer never = explain(R"("name":"104")");
  EXPECT_EQ(never.json.text_at("state"), "never");
  EXPECT_FALSE(never.json.find("advice")->items()->empty());
  engine_.went_ = runtime::WallTime(std::chrono::seconds(1'800'000'000));
  const Answer went = explain(R"("name":"105")");
  EXPECT_EQ(went.json.text_at("state"), "expired");
  EXPECT_NE(went.json.text_at("sentence").find("2027-01-15T08:00:00.000Z"), std::string::npos);
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
