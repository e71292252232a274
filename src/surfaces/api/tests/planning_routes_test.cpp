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

TEST_F(Planning, ShowsWhatTheTrunkWouldBeSent) {
  const auto outside = create("/contexts", R"({"name":"outside","type":"outcall"})");
  const auto trunk =
      create("/trunks", R"({"name":"operator","host":"192.0.2.1","outgoing_caller_id":"0100000000",)"
                        R"("outgoing_caller_id_format":"national","diversion_out":true})");
  create("/outgoing_routes",
         R"({"name":"all","context":)" + std::to_string(outside) +
             R"(,"patterns":[{"pattern":"_0ZXXXXXXXX","external_prefix":"0"}],"trunks":[)" +
             std::to_string(trunk) + "]}");
  ASSERT_EQ(ask("PATCH", "/contexts/" + std::to_string(context_), R"({"includes":["outside"]})").status, 200);
  ASSERT_EQ(ask("PATCH", "/users/" + std::to_string(bob_),
                R"({"forward_unconditional_enabled":true,"forward_unconditional_destination":"00123456789",)"
                R"("outgoing_caller_id":"anonymous"})")
                .status,
            200);
  const Answer answer = ask("POST", "/routing/simulations", R"({"from":{"caller":"101"},"dialled":"102"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const model::Value& sip = answer.json.find("sip")->items()->front();
  EXPECT_EQ(sip.text_at("request_uri"), "sip:0123456789@operator");
  EXPECT_EQ(model::to_json(*sip.find("headers")), R"([{"name":"Diversion","value":"102"}])");
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

TEST_F(Planning, NamesTheRowOfATableThatBlocks) {
  const Answer answer =
      ask("POST", "/users/import", "firstname,exten,context\nCarol,103,default\nDora,112,default\n",
          {{"Content-Type", "text/csv"}});
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(first_problem(answer).integer_at("row"), 3) << answer.body;
  EXPECT_FALSE(has_number("103"));
}

TEST_F(Planning, RefusesTransactionsThatBlock) {
  const Answer answer = ask("POST", "/transaction",
                            R"({"changes":[{"kind":"extension","op":"create","fields":)" + number("104") +
                                R"(},{"kind":"extension","op":"create","fields":)" + number("15") + "}]}");
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(first_problem(answer).integer_at("change"), 1);
  EXPECT_FALSE(has_number("104") || has_number("15"));
}

TEST_F(Planning, TakesTheFixTogetherWithTheChange) {
  const Answer refused = ask("POST", "/extensions", number("112"));
  const model::Value& finding = refused.json.find("findings")->items()->front();
  std::string fix = model::to_json(*finding.find("fix")->find("changes"));
  fix = fix.substr(1, fix.size() - 2);
  const Answer answer =
      ask("POST", "/transaction",
          R"({"changes":[{"kind":"extension","op":"create","fields":)" + number("112") + "}," + fix + "]}");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(has_number("112"));
  EXPECT_TRUE(has_number("113"));
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

TEST_F(Planning, DrawsTheNumberingMap) {
  const Answer answer = get("/numbering/map");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.find("totals")->integer_at("numbers"), 2);
  EXPECT_EQ(answer.json.find("totals")->integer_at("without_help"), 2);
  const model::Value& context = answer.json.find("contexts")->items()->front();
  EXPECT_EQ(context.integer_at("phones"), 2);
  EXPECT_FALSE(context.find("help")->boolean_at("proven", true));
}

TEST_F(Planning, PagesThroughTheNumbersOfTheMap) {
  EXPECT_EQ(get("/numbering/map/numbers?state=lost").status, 400);
  const Answer answer = get("/numbering/map/numbers?search=10&limit=1&offset=1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("total"), 2);
  ASSERT_EQ(answer.json.find("items")->items()->size(), 1u);
  EXPECT_EQ(answer.json.find("items")->items()->front().text_at("exten"), "102");
  EXPECT_EQ(get("/numbering/map/numbers?state=shadowed").json.integer_at("total"), 0);
}

TEST_F(Planning, ProvesEmergencyCallsPhoneByPhone) {
  const Answer answer = get("/numbering/map/emergency?search=alice");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("total"), 1);
  EXPECT_EQ(answer.json.integer_at("unproven"), 2);
  const model::Value& phone = answer.json.find("items")->items()->front();
  EXPECT_FALSE(phone.boolean_at("proven", true));
  EXPECT_EQ(phone.find("calls")->items()->size(), 12u);
  EXPECT_EQ(get("/numbering/map/emergency?proven=true").json.integer_at("total"), 0);
}

TEST_F(Planning, ListsEmergencyNumbersOfACountry) {
  EXPECT_EQ(get("/numbering/emergency_numbers?country=PT").json.find("numbers")->items()->size(), 1u);
  EXPECT_EQ(get("/numbering/emergency_numbers").json.find("numbers")->items()->size(), 12u);
}

TEST_F(Planning, TellsWhatWouldBeLostWithAnObject) {
  EXPECT_EQ(get("/configuration/impact?kind=horse&id=1").status, 404);
  EXPECT_EQ(get("/configuration/impact?kind=user&id=999").status, 404);
  const Answer answer = get("/configuration/impact?kind=user&id=" + std::to_string(bob_));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.find("references")->items()->size(), 2u);
  EXPECT_EQ(answer.json.find("numbers")->items()->front().text_at("label"), "102");
  EXPECT_FALSE(answer.json.text_at("sentence").empty());
}

TEST_F(Planning, TellsWhatWouldBeLostBeforeItIsDeleted) {
  const std::string path =
      "/extensions/" + std::to_string(config_.current()->extension({context_}, "102")->id.value);
  const Answer answer = ask("DELETE", path + "?dry_run=true");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.find("impact")->find("numbers")->items()->front().text_at("label"), "102");
  EXPECT_TRUE(has_number("102"));
}

/// Alice reaches Bob.
class SavedScenario : public Planning {
 protected:
  void SetUp() override {
    Planning::SetUp();
    scenario_ = create("/scenarios",
                       R"({"name":"Bob is reached","caller":"101","dialled":"102","expected_target":"102"})");
    bob_path_ = "/users/" + std::to_string(bob_);
  }
  static constexpr const char* kQuiet = R"({"dnd_enabled":true})";
  std::int64_t scenario_ = 0;
  std::string bob_path_;
};

TEST_F(SavedScenario, IsRunOnThePlanOfNowAndOnADraft) {
  for (const std::string body : {"3", R"({"what":1})", R"({"scenarios":["x"]})", R"({"changes":3})"})
    EXPECT_GE(ask("POST", "/scenarios/runs", body).status, 400) << body;
  const Answer now = ask("POST", "/scenarios/runs", "{}");
  ASSERT_EQ(now.status, 200) << now.body;
  EXPECT_EQ(now.json.integer_at("passed"), 1);
  EXPECT_FALSE(now.json.boolean_at("draft", true));
  const Answer draft = ask("POST", "/scenarios/runs",
                           R"({"scenarios":[)" + std::to_string(scenario_) +
                               R"(],"changes":[{"kind":"user","op":"update","id":)" + std::to_string(bob_) +
                               R"(,"fields":)" + kQuiet + "}]}");
  ASSERT_EQ(draft.status, 200) << draft.body;
  EXPECT_EQ(draft.json.integer_at("failed"), 1);
  EXPECT_FALSE(draft.json.find("items")->items()->front().text_at("happened").empty());
  EXPECT_EQ(ask("POST", "/scenarios/runs", "{}").json.integer_at("passed"), 1);
}

TEST_F(SavedScenario, TellsWhatBreaksItBeforeAndAfterItIsSaved) {
  const Answer tried = ask("PATCH", bob_path_ + "?dry_run=true", kQuiet);
  ASSERT_EQ(tried.json.find("broken_scenarios")->items()->size(), 1u) << tried.body;
  const Answer saved = ask("PATCH", bob_path_, kQuiet);
  ASSERT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(saved.json.find("broken_scenarios")->items()->front().integer_at("scenario"), scenario_);
}

TEST_F(SavedScenario, HoldsBackWhatBreaksItUnlessForcedWithAReason) {
  ASSERT_EQ(ask("PATCH", "/scenarios/" + std::to_string(scenario_), R"({"hold":true})").status, 200);
  const Answer held = ask("PATCH", bob_path_, kQuiet);
  EXPECT_EQ(held.status, 409) << held.body;
  EXPECT_EQ(held.json.text_at("type"), "urn:xivo:problem:scenario-broken");
  EXPECT_EQ(first_problem(held).text_at("rule"), "scenario-broken");
  EXPECT_EQ(held.json.find("broken_scenarios")->items()->size(), 1u);
  const Answer forced = ask("PATCH", bob_path_ + "?force=true&reason=holidays", kQuiet);
  EXPECT_EQ(forced.status, 200) << forced.body;
  const Answer history = get("/revisions?limit=1");
  EXPECT_EQ(history.json.find("items")->items()->front().text_at("message"), "holidays");
}

TEST_F(SavedScenario, HoldsBackAReturnToThePast) {
  ASSERT_EQ(ask("PATCH", bob_path_, kQuiet).status, 200);
  ASSERT_EQ(ask("PATCH", bob_path_, R"({"dnd_enabled":false})").status, 200);
  const std::string undo = "/revisions/" + std::to_string(config_.current()->revision()) + "/rollback";
  ASSERT_EQ(ask("PATCH", "/scenarios/" + std::to_string(scenario_), R"({"hold":true})").status, 200);
  EXPECT_EQ(ask("POST", undo, R"({"mode":"undo"})").status, 409);
  EXPECT_EQ(ask("POST", undo + "?force=true", R"({"mode":"undo"})").status, 422);
  EXPECT_EQ(ask("POST", undo + "?force=true", R"({"mode":"undo","message":"on leave again"})").status, 200);
}

TEST_F(SavedScenario, ForceOverrulesNoBlock) {
  EXPECT_EQ(ask("POST", "/extensions?force=true&reason=please", number("112")).status, 409);
}

TEST_F(Planning, WantsAReasonForAForcedChange) {
  const std::string path = "/users/" + std::to_string(bob_);
  EXPECT_EQ(ask("PATCH", path + "?force=true", R"({"lastname":"Martin"})").status, 422);
  EXPECT_EQ(ask("PATCH", path + "?force=true&reason=moved", R"({"lastname":"Martin"})").status, 200);
}

}  // namespace
}  // namespace xivo::api
