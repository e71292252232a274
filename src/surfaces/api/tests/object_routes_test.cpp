#include <gtest/gtest.h>

#include <atomic>

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

class Objects : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
  }

  void make_company() {
    alice_ = create("/users", R"({"firstname":"Alice","lastname":"Durand","email":"alice@example.com"})");
    bruno_ = create("/users", R"({"firstname":"Bruno","lastname":"Lefèvre","language":"en_GB"})");
    carol_ = create("/users", R"({"firstname":"Carol","lastname":"durand","ring_seconds":10})");
    create("/contexts", R"({"name":"default"})");
    line_ = create("/lines", R"({"name":"101","secret":"s3cretWord","context":"default","user":)" +
                                 std::to_string(alice_) + "}");
    number_ =
        create("/extensions", R"({"exten":"101","context":"default","destination":{"type":"line","line":)" +
                                  std::to_string(line_) + "}}");
  }

  std::vector<std::string> names(const Answer& answer) {
    std::vector<std::string> list;
    const model::Value* items = answer.json.find("items");
    if (!items) return list;
    for (const auto& item : *items->items()) list.push_back(item.text_at("firstname"));
    return list;
  }

  std::int64_t alice_ = 0;
  std::int64_t bruno_ = 0;
  std::int64_t carol_ = 0;
  std::int64_t line_ = 0;
  std::int64_t number_ = 0;
};

using Names = std::vector<std::string>;

TEST_F(Objects, RefuseWhatIsNoJsonObject) {
  EXPECT_EQ(ask("POST", "/users", "{\"firstname\":").status, 400);
  EXPECT_EQ(ask("POST", "/users", R"({"firstname":"a","firstname":"b"})").status, 400);
  EXPECT_EQ(ask("POST", "/users", "[1]").status, 400);
  EXPECT_EQ(
      ask("POST", "/users", "firstname=Eve", {{"Content-Type", "application/x-www-form-urlencoded"}}).status,
      415);
  EXPECT_EQ(ask("POST", "/users").status, 415);
}

TEST_F(Objects, SayWhatIsWrongWithWhichField) {
  const Answer answer = ask("POST", "/users", R"({"firstname":"","ring_seconds":99999,"colour":"red"})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(answer.json.text_at("type"), "urn:xivo:problem:invalid");
  EXPECT_EQ(answer.json.find("problems")->items()->size(), 3u);
  EXPECT_EQ(config_.current()->revision(), 0);
}

TEST_F(Objects, SpeakTheLanguageOfTheClient) {
  const Answer french = ask("POST", "/users", "{}", {{"Accept-Language", "fr-FR"}});
  EXPECT_EQ(french.header("content-language"), "fr");
  EXPECT_NE(french.json.text_at("detail").find("Prénom"), std::string::npos) << french.body;
  EXPECT_NE(ask("POST", "/users", "{}").json.text_at("detail").find("First name"), std::string::npos);
}

TEST_F(Objects, NameTheOtherPartyOfAConflict) {
  make_company();
  const Answer answer = ask("POST", "/extensions", R"({"exten":"101","context":"default"})");
  EXPECT_EQ(answer.status, 409);
  const model::Value problem = first_problem(answer);
  EXPECT_EQ(problem.text_at("rule"), "not-unique");
  EXPECT_EQ(problem.text_at("field"), "exten");
  EXPECT_EQ(problem.find("other")->integer_at("id"), number_);
  EXPECT_EQ(ask("POST", "/lines", R"({"name":"101","secret":"an0therWord"})").status, 409);
}

TEST_F(Objects, AreNotFoundWhenTheyAreNot) {
  for (const char* path :
       {"/users/1", "/users/0", "/users/-1", "/users/x", "/users/99999999999999999999", "/users/1%20"}) {
    EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(ask("DELETE", path).status, 404) << path;
    EXPECT_EQ(ask("PATCH", path, R"({"firstname":"x"})").status, 404) << path;
  }
  EXPECT_EQ(get("/kings").status, 404);
  EXPECT_EQ(get("/users/1/2").status, 404);
}

TEST_F(Objects, AreNotDeletedWhileSomethingRefersToThem) {
  make_company();
  const Answer answer = ask("DELETE", "/users/" + std::to_string(alice_));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(first_problem(answer).text_at("rule"), "still-referenced");
  EXPECT_EQ(first_problem(answer).find("other")->text_at("name"), "101");
}

TEST_F(Objects, RefuseAChangeOfWhatHasChangedMeanwhile) {
  make_company();
  const std::string path = "/users/" + std::to_string(bruno_);
  const std::string seen = get(path).header("etag");
  EXPECT_EQ(ask("PATCH", path, R"({"lastname":"Martin"})", {{"If-Match", seen}}).status, 200);
  EXPECT_EQ(ask("PATCH", path, R"({"lastname":"Petit"})", {{"If-Match", seen}}).status, 412);
  EXPECT_EQ(ask("DELETE", path, {}, {{"If-Match", seen}}).status, 412);
  EXPECT_EQ(ask("DELETE", path, {}, {{"If-Match", "\"not ours\""}}).status, 412);
  EXPECT_EQ(get(path).json.text_at("lastname"), "Martin");
  EXPECT_EQ(ask("DELETE", path, {}, {{"If-Match", seen + ", " + get(path).header("etag")}}).status, 204);
}

TEST_F(Objects, RefuseABodyThatWasReadBeforeSomebodyElsesChange) {
  make_company();
  const std::string path = "/users/" + std::to_string(bruno_);
  const std::string read = get(path).body;
  EXPECT_EQ(ask("PUT", path, read).status, 200);
  EXPECT_EQ(ask("PATCH", path, R"({"lastname":"Martin"})").status, 200);
  EXPECT_EQ(ask("PUT", path, read).status, 409);
}

TEST_F(Objects, AreCreatedDurablyAndInForceAtOnce) {
  const Answer answer = ask("POST", "/users?reason=new%20colleague", R"({"firstname":"Dora"})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const std::int64_t id = answer.json.integer_at("id");
  EXPECT_EQ(answer.header("location"), "/api/v1/users/" + std::to_string(id));
  EXPECT_EQ(answer.header("etag"), "\"1\"");
  EXPECT_EQ(answer.json.text_at("uuid").size(), 36u);
  EXPECT_NE(config_.current()->user({id}), nullptr);
  auto disk = store::ConfigStore::open(folder_ / "configuration.db");
  EXPECT_EQ((*disk)->load().value()->user({id})->firstname, "Dora");
  EXPECT_EQ((*disk)->revisions(1)->front().message, "new colleague");
  EXPECT_EQ((*disk)->revisions(1)->front().author, "admin");
}

TEST_F(Objects, NeverShowASecret) {
  make_company();
  const std::string path = "/lines/" + std::to_string(line_);
  std::string everything;
  everything += get(path).body + get("/lines").body + ask("PATCH", path, R"({"max_contacts":3})").body;
  everything += ask("PATCH", path, R"({"secret":"s3cretWord\u0001"})").body;
  everything += get("/revisions").body + get("/lines?search=s3cret").body;
  EXPECT_EQ(everything.find("s3cret"), std::string::npos) << everything;
  EXPECT_EQ(get("/lines?search=s3cret").json.integer_at("total", -1), 0);
  EXPECT_EQ(get("/lines?secret=s3cretWord").status, 400);
  EXPECT_EQ(get("/lines?order=secret").status, 400);
}

TEST_F(Objects, AreReplacedWholeButKeepTheirSecret) {
  make_company();
  const std::string path = "/lines/" + std::to_string(line_);
  EXPECT_EQ(ask("PATCH", path, R"({"max_contacts":3,"codecs":["opus"]})").status, 200);
  const Answer answer = ask("PUT", path, R"({"name":"101","position":2})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("max_contacts"), 10);
  EXPECT_EQ(answer.json.integer_at("position"), 2);
  EXPECT_TRUE(answer.json.find("user")->is_null());
  EXPECT_EQ(config_.current()->line({line_})->secret, "s3cretWord");
}

TEST_F(Objects, AreDeletedOnce) {
  make_company();
  const std::string path = "/users/" + std::to_string(carol_);
  EXPECT_EQ(ask("DELETE", path).status, 204);
  EXPECT_EQ(ask("DELETE", path).status, 404);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(Objects, AnswerHeadAndNotModified) {
  make_company();
  const std::string path = "/lines/" + std::to_string(line_);
  const std::string etag = get(path).header("etag");
  EXPECT_EQ(get(path, {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(get(path, {{"If-None-Match", "\"999\""}}).status, 200);
  const Answer head = ask("HEAD", path);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("etag"), etag);
}

TEST_F(Objects, RefuseMethodsThatMeanNothingHere) {
  const Answer answer = ask("DELETE", "/users");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, POST");
  EXPECT_EQ(ask("BREW", "/users").status, 405);
}

TEST_F(Objects, AreListedSearchedFilteredAndOrdered) {
  make_company();
  EXPECT_EQ(names(get("/users")), (Names{"Alice", "Bruno", "Carol"}));
  EXPECT_EQ(names(get("/users?search=lefevre")), (Names{"Bruno"}));
  EXPECT_EQ(names(get("/users?search=EXAMPLE.com")), (Names{"Alice"}));
  EXPECT_EQ(names(get("/users?language=en_GB")), (Names{"Bruno"}));
  EXPECT_EQ(names(get("/users?ring_seconds=10")), (Names{"Carol"}));
  EXPECT_EQ(names(get("/users?enabled=false")), Names{});
  EXPECT_EQ(names(get("/users?order=lastname")), (Names{"Alice", "Carol", "Bruno"}));
  EXPECT_EQ(names(get("/users?order=ring_seconds&direction=desc")), (Names{"Alice", "Bruno", "Carol"}));
  EXPECT_EQ(names(get("/users?order=firstname&direction=desc")), (Names{"Carol", "Bruno", "Alice"}));
  EXPECT_EQ(get("/lines?codecs=opus").json.integer_at("total"), 1);
  EXPECT_EQ(get("/lines?user=" + std::to_string(alice_)).json.integer_at("total"), 1);
  EXPECT_EQ(get("/lines?user=0").json.integer_at("total"), 0);
}

TEST_F(Objects, ArePaged) {
  make_company();
  const Answer answer = get("/users?limit=1&offset=1");
  EXPECT_EQ(names(answer), (Names{"Bruno"}));
  EXPECT_EQ(answer.json.integer_at("total"), 3);
  EXPECT_EQ(names(get("/users?offset=100")), Names{});
}

TEST_F(Objects, RefuseParametersTheyDoNotKnow) {
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "offset=-1", "order=shoe_size", "direction=up", "colour=red"}) {
    const Answer answer = get("/users?" + std::string(query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_NE(std::string(query).find(first_problem(answer).text_at("parameter")), std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(get("/users?search=" + std::string(201, 'x')).status, 400);
}

TEST_F(Objects, GiveOneOfTwoConcurrentClientsTheName) {
  make_company();
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  runtime::WorkerPool clients(4);
  for (int i = 0; i < 8; ++i) {
    clients.submit([&] {
      const int status = ask("POST", "/lines", R"({"name":"gate","secret":"an0therWord"})").status;
      if (status == 201) ++created;
      if (status == 409) ++refused;
    });
  }
  clients.drain();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, 7);
}

TEST_F(Objects, TellTheirHistory) {
  make_company();
  const Answer answer = get("/revisions?limit=2");
  const auto& items = *answer.json.find("items")->items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].integer_at("number"), 6);
  EXPECT_EQ(answer.json.integer_at("next"), 5);
  const Answer older = get("/revisions?before=3");
  EXPECT_EQ(older.json.find("items")->items()->size(), 2u);
  EXPECT_TRUE(older.json.find("next")->is_null());
}

}  // namespace
}  // namespace xivo::api
