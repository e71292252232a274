#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

class Transactions : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
  }
  Answer apply(const std::string& body, http::Headers headers = {}) {
    return ask("POST", "/transaction", body, std::move(headers));
  }
  static std::string user(std::string_view firstname) {
    return R"({"kind":"user","op":"create","fields":{"firstname":")" + std::string(firstname) + "\"}}";
  }
};

TEST_F(Transactions, RefuseWhatIsNoListOfChanges) {
  for (const char* body :
       {"{}", R"({"changes":[]})", R"({"changes":7})", R"({"changes":[7]})", R"({"changes":[{}]})",
        R"({"changes":[{"kind":"king","op":"create"}]})", R"({"changes":[{"kind":"user","op":"crown"}]})",
        R"({"changes":[{"kind":"user","op":"update","fields":{}}]})",
        R"({"changes":[{"kind":"user","op":"create","fields":7}]})",
        R"({"changes":[{"kind":"user","op":"create","colour":"red"}]})",
        R"({"changes":[{"kind":"user","op":"create","id":"x"}]})", R"({"dry_run":"yes","changes":[]})"}) {
    const Answer answer = apply(body);
    EXPECT_EQ(answer.status, 422) << body << answer.body;
    EXPECT_FALSE(first_problem(answer).text_at("message").empty()) << body;
  }
  EXPECT_EQ(ask("POST", "/transaction?dry_run=perhaps", "{}").status, 400);
  EXPECT_EQ(config_.current()->revision(), 0);
}

TEST_F(Transactions, AreAllOrNothing) {
  const Answer answer = apply(R"({"changes":[)" + user("Alice") + R"(,{"kind":"user","op":"create"}]})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(first_problem(answer).integer_at("change"), 1);
  EXPECT_EQ(first_problem(answer).text_at("field"), "firstname");
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(Transactions, AreOneRevisionWithAnAuthorAndAMessage) {
  const Answer answer =
      apply(R"({"message":"two colleagues","changes":[)" + user("Alice") + "," + user("Bruno") + "]}");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("revision"), 1);
  EXPECT_EQ(answer.json.integer_at("changes"), 2);
  ASSERT_EQ(answer.json.find("ids")->items()->size(), 2u);
  const model::Value change = answer.json.find("difference")->items()->front();
  EXPECT_EQ(change.text_at("op"), "create");
  EXPECT_EQ(change.text_at("name"), "Alice");
  const Answer revision = get("/revisions/1");
  EXPECT_EQ(revision.json.text_at("author"), "admin");
  EXPECT_EQ(revision.json.text_at("message"), "two colleagues");
}

TEST_F(Transactions, MayReferToWhatTheyCreate) {
  const Answer answer = apply(
      R"({"changes":[{"kind":"line","op":"create","fields":{"name":"gate7","secret":"s3cretWord","user":-1}},)"
      R"({"kind":"user","op":"create","id":-1,"fields":{"firstname":"Dora"}}]})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& ids = *answer.json.find("ids")->items();
  const Answer line = get("/lines/" + std::to_string(*ids[0].integer()));
  EXPECT_EQ(line.json.integer_at("user"), ids[1].integer());
  EXPECT_EQ(answer.body.find("s3cretWord"), std::string::npos);
}

TEST_F(Transactions, ThatAreOnlyTriedChangeNothing) {
  const Answer body = apply(R"({"dry_run":true,"changes":[)" + user("Alice") + "]}");
  EXPECT_EQ(body.status, 200) << body.body;
  EXPECT_TRUE(body.json.boolean_at("dry_run"));
  EXPECT_EQ(body.json.find("difference")->items()->size(), 1u);
  EXPECT_EQ(ask("POST", "/users?dry_run=true", R"({"firstname":"Alice"})").json.integer_at("changes"), 1);
  EXPECT_EQ(ask("POST", "/users?dry_run=true", R"({"firstname":""})").status, 422);
  EXPECT_EQ(config_.current()->revision(), 0);
}

TEST_F(Transactions, TitleTheFieldsInTheReadersLanguage) {
  const Answer answer =
      apply(R"({"dry_run":true,"changes":[)" + user("Alice") + "]}", {{"Accept-Language", "fr"}});
  const model::Value change = answer.json.find("difference")->items()->front();
  bool titled = false;
  for (const auto& field : *change.find("fields")->items())
    titled = titled || (field.text_at("name") == "firstname" && field.text_at("title") == "Prénom");
  EXPECT_TRUE(titled) << answer.body;
}

TEST_F(Transactions, ShowWhatTheOtherPartyDid) {
  const auto id = create("/users", R"({"firstname":"Alice","lastname":"Durand"})");
  const std::string path = "/users/" + std::to_string(id);
  EXPECT_EQ(ask("PATCH", path + "?reason=wedding", R"({"lastname":"Martin"})").status, 200);
  const Answer late = apply(R"({"changes":[{"kind":"user","op":"update","id":)" + std::to_string(id) +
                            R"(,"base_revision":1,"fields":{"lastname":"Petit"}}]})");
  EXPECT_EQ(late.status, 409);
  const model::Value* other = late.json.find("other");
  ASSERT_TRUE(other) << late.body;
  EXPECT_EQ(other->integer_at("revision"), 2);
  EXPECT_EQ(other->text_at("author"), "admin");
  EXPECT_EQ(other->text_at("message"), "wedding");
  const model::Value field = other->find("difference")->items()->front().find("fields")->items()->front();
  EXPECT_EQ(field.text_at("name"), "lastname");
  EXPECT_EQ(field.text_at("before"), "Durand");
  EXPECT_EQ(field.text_at("after"), "Martin");
  const Answer by_header = ask("PATCH", path, R"({"lastname":"Petit"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(by_header.status, 412);
  EXPECT_EQ(by_header.json.find("other")->integer_at("revision"), 2);
}

TEST_F(Transactions, TellWhoDeletedWhatIsNotThereAnyMore) {
  const auto id = create("/users", R"({"firstname":"Alice"})");
  const std::string path = "/users/" + std::to_string(id);
  EXPECT_EQ(ask("DELETE", path + "?reason=left").status, 204);
  const Answer late = ask("PATCH", path, R"({"lastname":"Petit"})");
  EXPECT_EQ(late.status, 404);
  EXPECT_EQ(late.json.find("other")->text_at("message"), "left");
  EXPECT_EQ(late.json.find("other")->find("difference")->items()->front().text_at("op"), "delete");
}

}  // namespace
}  // namespace xivo::api
