#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

/// Alice 101 and Bob 102.
class Planning : public ApiUnderTest {
 protected:
  void SetUp() override {
    ApiUnderTest::SetUp();
    sign_in();
    context_ = create("/contexts", R"({"name":"default"})");
    alice_ = person("Alice", "101");
    bob_ = person("Bob", "102");
  }
  std::int64_t person(const std::string& name, const std::string& exten) {
    const auto id = create("/users", R"({"firstname":")" + name + R"("})");
    const std::string user = std::to_string(id);
    const std::string context = std::to_string(context_);
    create("/lines", R"({"name":"l)" + exten + R"(","secret":"s3cretWord","user":)" + user +
                         R"(,"context":)" + context + "}");
    create("/extensions", R"({"exten":")" + exten + R"(","context":)" + context +
                              R"(,"destination":{"type":"user","user":)" + user + "}}");
    return id;
  }
  Answer simulate(const std::string& rest, const http::Headers& headers = {}) {
    return ask("POST", "/routing/simulations",
               R"({"from":{"user":)" + std::to_string(alice_) + "}," + rest + "}", headers);
  }

  /// A number from before there was a checker.
  void number_of_old(const std::string& exten) {
    model::ConfigBuilder builder(*config_.current());
    builder.put(model::Extension{
        .exten = exten, .context = {context_}, .destination = model::ToUser{model::UserId{bob_}}});
    config_.publish(builder.build());
  }
  std::string number(const std::string& exten) {
    return R"({"exten":")" + exten + R"(","context":)" + std::to_string(context_) +
           R"(,"destination":{"type":"user","user":)" + std::to_string(bob_) + "}}";
  }
  bool has_number(const std::string& exten) {
    return config_.current()->extension({context_}, exten) != nullptr;
  }

  std::int64_t context_ = 0, alice_ = 0, bob_ = 0;
};

TEST_F(Planning, RefusesQuestionsThatCannotBeAsked) {
  for (const std::string rest :
       {R"("dialled":"")", R"("at":"2026-07-14T19:00")", R"("dialled":"102","at":"yesterday")",
        R"("dialled":"102","at":"2026-02-30T10:00")", R"("dialled":"102","what":1)",
        R"("dialled":"102","assume":3)", R"("dialled":"102","assume":[3])",
        R"("dialled":"102","assume":[{"user":999,"state":"busy"}])",
        R"("dialled":"102","assume":[{"user":1,"state":"asleep"}])"}) {
    const Answer answer = simulate(rest);
    EXPECT_EQ(answer.status, 422) << rest << answer.body;
  }
  for (const std::string from : {"1", "{}", R"({"user":999})", R"({"line":-1})", R"({"line":1,"trunk":1})"}) {
    const Answer answer = ask("POST", "/routing/simulations", R"({"dialled":"102","from":)" + from + "}");
    EXPECT_EQ(answer.status, from == R"({"line":1,"trunk":1})" ? 200 : 422) << from << answer.body;
  }
}

TEST_F(Planning, TellsWhereACallWouldGo) {
  const Answer answer = simulate(R"("dialled":"102","at":"2026-07-14T19:00")");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.text_at("outcome"), "reached");
  EXPECT_NE(answer.body.find("Bob"), std::string::npos);
  const auto& nodes = *answer.json.find("graph")->find("nodes")->items();
  const auto& edges = *answer.json.find("graph")->find("edges")->items();
  EXPECT_EQ(nodes.size(), edges.size() + 1);
  EXPECT_EQ(nodes.back().text_at("state"), "end");
}

TEST_F(Planning, TellsWhatIsAssumed) {
  const Answer answer =
      simulate(R"("dialled":"102","assume":[{"user":)" + std::to_string(bob_) + R"(,"state":"busy"}])");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.text_at("outcome"), "refused");
  EXPECT_EQ(answer.json.find("stages")->items()->size(), 2u);
}

TEST_F(Planning, SpeaksFrench) {
  const Answer english = simulate(R"("dialled":"199")");
  const Answer french = simulate(R"("dialled":"199")", {{"Accept-Language", "fr"}});
  EXPECT_EQ(french.json.text_at("outcome"), "refused");
  EXPECT_NE(french.json.text_at("sentence"), english.json.text_at("sentence"));
}

TEST_F(Planning, ListsFindingsThatTheirFixCures) {
  number_of_old("112");
  const auto taken = [this]() -> model::Value {
    const Answer answer = get("/configuration/findings");
    for (const auto& item : *answer.json.find("items")->items()) {
      if (item.text_at("code") == "emergency-number-taken") return item;
    }
    return {};
  };
  const model::Value finding = taken();
  ASSERT_FALSE(finding.is_null());
  EXPECT_EQ(finding.text_at("severity"), "block");
  EXPECT_EQ(finding.find("objects")->items()->size(), 2u);
  const model::Value& changes = *finding.find("fix")->find("changes");
  const Answer fixed = ask("POST", "/transaction", R"({"changes":)" + model::to_json(changes) + "}");
  EXPECT_EQ(fixed.status, 200) << fixed.body;
  EXPECT_TRUE(taken().is_null());
}

TEST_F(Planning, TellsBeforeSavingWhatAChangeBreaks) {
  const Answer answer =
      ask("PATCH", "/users/" + std::to_string(bob_) + "?dry_run=true", R"({"enabled":false})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& findings = *answer.json.find("findings")->items();
  ASSERT_EQ(findings.size(), 1u) << answer.body;
  EXPECT_EQ(findings.front().text_at("code"), "destination-disabled");
  const Answer harmless =
      ask("PATCH", "/users/" + std::to_string(bob_) + "?dry_run=true", R"({"lastname":"Martin"})");
  EXPECT_TRUE(harmless.json.find("findings")->items()->empty()) << harmless.body;
}

TEST_F(Planning, RefusesToSaveWhatBlocks) {
  const Answer answer = ask("POST", "/extensions", number("112"));
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(answer.json.text_at("type"), "urn:xivo:problem:plan-conflict");
  const model::Value problem = first_problem(answer);
  EXPECT_EQ(problem.text_at("rule"), "plan-conflict");
  EXPECT_EQ(problem.find("object")->text_at("kind"), "extension");
  EXPECT_EQ(problem.find("other")->text_at("kind"), "general");
  const auto& findings = *answer.json.find("findings")->items();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings.front().text_at("code"), "emergency-number-taken");
  EXPECT_FALSE(findings.front().find("fix")->is_null());
  EXPECT_FALSE(has_number("112"));
}

TEST_F(Planning, RefusesTransactionsThatBlock) {
  const Answer answer =
      ask("POST", "/transaction",
          R"({"changes":[{"kind":"extension","op":"create","fields":)" + number("15") + "}]}");
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_FALSE(has_number("15"));
}

TEST_F(Planning, TellsWhatASavedChangeMadeWorse) {
  const Answer answer = ask("POST", "/extensions", number("1023"));
  ASSERT_EQ(answer.status, 201) << answer.body;
  ASSERT_NE(answer.json.find("findings"), nullptr) << answer.body;
  EXPECT_EQ(answer.json.find("findings")->items()->front().text_at("code"), "number-is-prefix");
  const std::string path = "/extensions/" + std::to_string(answer.json.integer_at("id"));
  EXPECT_EQ(ask("PUT", path, answer.body).status, 200);
  EXPECT_EQ(get(path).json.find("findings"), nullptr);
}

TEST_F(Planning, IsNotStoppedByWhatWasWrongBefore) {
  number_of_old("112");
  EXPECT_EQ(ask("PATCH", "/users/" + std::to_string(bob_), R"({"lastname":"Martin"})").status, 200);
  EXPECT_EQ(ask("POST", "/extensions", number("104")).status, 201);
}

TEST_F(Planning, WantsAReasonForAForcedChange) {
  const std::string path = "/users/" + std::to_string(bob_);
  EXPECT_EQ(ask("PATCH", path + "?force=true", R"({"lastname":"Martin"})").status, 422);
  EXPECT_EQ(ask("PATCH", path + "?force=true&reason=moved", R"({"lastname":"Martin"})").status, 200);
}

}  // namespace
}  // namespace xivo::api
