#include <gtest/gtest.h>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

/// Revision 1 creates Alice, 2 gives her a name, 3 gives her an e-mail address, 4 creates Bruno, 5 deletes him.
class Revisions : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    alice_ = "/users/" + std::to_string(create("/users", R"({"firstname":"Alice"})"));
    ask("PATCH", alice_ + "?reason=wedding", R"({"lastname":"Martin"})");
    ask("PATCH", alice_, R"({"email":"alice@example.com"})");
    bruno_ = "/users/" + std::to_string(create("/users", R"({"firstname":"Bruno"})"));
    ask("DELETE", bruno_);
    ASSERT_EQ(config_.current()->revision(), 5);
  }
  Answer roll_back(int revision, const std::string& body) {
    return ask("POST", "/revisions/" + std::to_string(revision) + "/rollback", body);
  }
  std::vector<std::int64_t> numbers(const std::string& query) {
    std::vector<std::int64_t> all;
    const Answer answer = get("/revisions?" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    for (const auto& item : *answer.json.find("items")->items()) all.push_back(item.integer_at("number"));
    return all;
  }

  std::string alice_;
  std::string bruno_;
};

using Numbers = std::vector<std::int64_t>;

TEST_F(Revisions, ThatAreNoneAreNotFound) {
  for (const char* path : {"/revisions/0", "/revisions/6", "/revisions/x", "/revisions/6/difference",
                           "/revisions/1/difference?to=99"})
    EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(get(alice_ + "?at=6").status, 404);
  EXPECT_EQ(get(alice_ + "?at=-1").status, 400);
  EXPECT_EQ(roll_back(6, R"({"mode":"undo"})").status, 404);
}

TEST_F(Revisions, AreFilteredStrictly) {
  EXPECT_EQ(get("/revisions?kind=king").status, 400);
  EXPECT_EQ(get("/revisions?object=1").status, 400);
  EXPECT_EQ(get("/revisions?limit=0").status, 400);
  EXPECT_EQ(numbers("author=nobody"), Numbers{});
  EXPECT_EQ(numbers("limit=2"), (Numbers{5, 4}));
  EXPECT_EQ(numbers("before=3"), (Numbers{2, 1}));
  EXPECT_EQ(numbers("kind=users&object=1"), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers("kind=line"), Numbers{});
}

TEST_F(Revisions, SayWhoChangedWhatAndWhy) {
  const Answer answer = get("/revisions/2");
  EXPECT_EQ(answer.json.text_at("author"), "admin");
  EXPECT_EQ(answer.json.text_at("message"), "wedding");
  EXPECT_EQ(answer.json.integer_at("changes"), 1);
  const model::Value field =
      answer.json.find("difference")->items()->front().find("fields")->items()->front();
  EXPECT_EQ(field.text_at("title"), "Last name");
  EXPECT_EQ(field.text_at("after"), "Martin");
}

TEST_F(Revisions, AreComparedFromTheOlderToTheNewer) {
  const Answer one = get("/revisions/2/difference");
  EXPECT_EQ(one.json.integer_at("from"), 1);
  EXPECT_EQ(one.json.integer_at("changes"), 1);
  const Answer both = get("/revisions/3/difference?to=1");
  EXPECT_EQ(both.body, get("/revisions/1/difference?to=3").body);
  EXPECT_EQ(both.json.find("difference")->items()->front().find("fields")->items()->size(), 2u);
  // Bruno came and went: nothing of him is left to tell.
  EXPECT_EQ(get("/revisions/5/difference?to=3").json.integer_at("changes", -1), 0);
}

TEST_F(Revisions, ShowWhatWasThen) {
  EXPECT_EQ(get(alice_ + "?at=1").json.text_at("lastname"), "");
  EXPECT_EQ(get(alice_ + "?at=2").json.text_at("lastname"), "Martin");
  EXPECT_EQ(get(alice_ + "?at=2").json.integer_at("revision"), 2);
  EXPECT_EQ(get(bruno_ + "?at=4").json.text_at("firstname"), "Bruno");
  EXPECT_EQ(get(bruno_ + "?at=5").status, 404);
  EXPECT_EQ(get("/users?at=4").json.integer_at("total"), 2);
  EXPECT_EQ(get("/users?at=0").json.integer_at("total", -1), 0);
}

TEST_F(Revisions, AreUndoneAlone) {
  const Answer tried = roll_back(2, R"({"mode":"undo","dry_run":true})");
  EXPECT_EQ(tried.status, 200) << tried.body;
  EXPECT_EQ(get(alice_).json.text_at("lastname"), "Martin");
  const Answer done = roll_back(2, R"({"mode":"undo"})");
  EXPECT_EQ(done.json.integer_at("revision"), 6) << done.body;
  EXPECT_EQ(get(alice_).json.text_at("lastname"), "");
  EXPECT_EQ(get(alice_).json.text_at("email"), "alice@example.com");
  EXPECT_EQ(get("/revisions/6").json.text_at("message"), "Undo of revision 2");
  EXPECT_EQ(get("/revisions/6", {{"Accept-Language", "fr"}}).json.text_at("message"),
            "Annulation de la révision 2");
}

TEST_F(Revisions, GiveBackWhatTheyDeleted) {
  const Answer before = get(bruno_ + "?at=4");
  EXPECT_EQ(roll_back(5, R"({"mode":"undo","message":"he stays"})").status, 200);
  const Answer after = get(bruno_);
  EXPECT_EQ(after.json.text_at("firstname"), "Bruno");
  EXPECT_EQ(after.json.text_at("uuid"), before.json.text_at("uuid"));
}

TEST_F(Revisions, AreNotUndoneOverALaterChange) {
  ask("PATCH", alice_ + "?reason=divorce", R"({"lastname":"Petit"})");
  const Answer answer = roll_back(2, R"({"mode":"undo"})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(first_problem(answer).text_at("rule"), "changed-since");
  EXPECT_EQ(first_problem(answer).text_at("field"), "lastname");
  EXPECT_EQ(answer.json.find("other")->integer_at("revision"), 6);
  EXPECT_EQ(answer.json.find("other")->text_at("message"), "divorce");
  EXPECT_EQ(roll_back(1, R"({"mode":"undo"})").status, 409);
  EXPECT_EQ(config_.current()->revision(), 6);
}

TEST_F(Revisions, AreReturnedToAsAWhole) {
  const Answer done = roll_back(1, R"({"mode":"return"})");
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(get(alice_).json.text_at("lastname"), "");
  EXPECT_EQ(get(alice_).json.text_at("email"), "");
  EXPECT_EQ(roll_back(4, R"({"mode":"return"})").status, 200);
  EXPECT_EQ(get(alice_).json.text_at("email"), "alice@example.com");
  EXPECT_EQ(get(bruno_).json.text_at("firstname"), "Bruno");
  EXPECT_EQ(get("/revisions/7").json.text_at("message"), "Return to revision 4");
}

TEST_F(Revisions, AreNotRolledBackByJunk) {
  for (const char* body :
       {"{}", R"({"mode":"erase"})", R"({"mode":"undo","dry_run":7})", R"({"mode":"undo","colour":"red"})"})
    EXPECT_EQ(roll_back(2, body).status, 422) << body;
}

}  // namespace
}  // namespace xivo::api
