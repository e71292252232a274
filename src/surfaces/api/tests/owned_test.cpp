// A user with lines, extensions and a mailbox in one request; the numbers of a context.
#include "api/configuration/owned.hpp"

#include "api_under_test.hpp"

namespace xivo::api {
namespace {

using model::Value;

constexpr const char* kCarol =
    R"({"firstname":"Carol","lastname":"Petit","email":"carol@example.com",
        "extensions":[{"exten":"103","context":"default"}],"lines":[{},{"codecs":["opus"]}],"voicemail":{}})";

class Owned : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    create("/contexts",
           R"({"name":"default","user_ranges":[{"start":"101","end":"105"},{"start":"0700","end":"0701"}]})");
  }
  static std::vector<std::int64_t> ids(const Value& object, std::string_view member) {
    std::vector<std::int64_t> all;
    const Value* list = object.find(member);
    if (list == nullptr || list->items() == nullptr) return all;
    for (const Value& id : *list->items()) all.push_back(id.integer().value_or(0));
    return all;
  }
};

using Ids = std::vector<std::int64_t>;

TEST_F(Owned, NothingIsThereWhenANestedMemberIsWrong) {
  const Answer outside =
      ask("POST", "/users", R"({"firstname":"Eve","lines":[{}],"extensions":[{"exten":"999","context":1}]})");
  EXPECT_EQ(outside.status, 422);
  EXPECT_EQ(first_problem(outside).text_at("rule"), "outside-range");
  EXPECT_EQ(ask("POST", "/users", R"({"firstname":"Eve","lines":7})").status, 422);
  EXPECT_EQ(ask("POST", "/users", R"({"firstname":"Eve","lines":[{"colour":"red"}]})").status, 422);
  EXPECT_EQ(get("/users").json.integer_at("total", -1), 0);
  EXPECT_EQ(get("/lines").json.integer_at("total", -1), 0);
}

TEST_F(Owned, AUserIsCreatedWithLinesNumberAndMailboxAtOnce) {
  const Answer made = ask("POST", "/users", kCarol);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(config_.current()->revision(), 2);
  EXPECT_EQ(ids(made.json, "lines"), (Ids{1, 2}));
  EXPECT_EQ(ids(made.json, "extensions"), (Ids{1}));
  EXPECT_EQ(made.json.integer_at("voicemail"), 1);
  const auto config = config_.current();
  EXPECT_EQ(config->line({1})->name, "103");
  EXPECT_EQ(config->line({2})->name, "103-2");
  EXPECT_EQ(config->line({1})->secret.size(), 20u);
  EXPECT_NE(config->line({1})->secret, config->line({2})->secret);
  EXPECT_EQ(config->line({2})->context, model::ContextId{1});
  EXPECT_EQ(config->number_of(*config->line({2})), "103");
  const auto& box = *config->objects<model::Voicemail>().find(1)->second;
  EXPECT_EQ(box.name, "Carol Petit");
  EXPECT_EQ(box.number, "103");
  EXPECT_EQ(made.body.find(config->line({1})->secret), std::string::npos);
}

TEST_F(Owned, AreShownWithTheUserAndMayBeSentBack) {
  create("/users", kCarol);
  const Answer shown = get("/users/1");
  EXPECT_EQ(ids(shown.json, "lines"), (Ids{1, 2}));
  EXPECT_EQ(ids(get("/users").json.find("items")->items()->front(), "extensions"), (Ids{1}));
  EXPECT_EQ(ask("PUT", "/users/1", shown.body).status, 200);
  EXPECT_EQ(get("/lines").json.integer_at("total"), 2);
}

TEST_F(Owned, GoWithTheUserIfThatIsWished) {
  create("/users", kCarol);
  EXPECT_EQ(ask("DELETE", "/users/1").status, 409);
  EXPECT_EQ(ask("DELETE", "/users/1?owned=perhaps").status, 400);
  EXPECT_EQ(ask("DELETE", "/users/1?owned=true").status, 204);
  for (const char* path : {"/users", "/lines", "/extensions", "/voicemails"})
    EXPECT_EQ(get(path).json.integer_at("total", -1), 0) << path;
  EXPECT_EQ(ask("DELETE", "/users/1?owned=true").status, 404);
}

TEST_F(Owned, AMailboxThatSomebodyElseUsesStays) {
  create("/users", kCarol);
  create("/users", R"({"firstname":"Dora","voicemail":1})");
  EXPECT_EQ(ask("DELETE", "/users/1?owned=true").status, 204);
  EXPECT_EQ(get("/voicemails").json.integer_at("total"), 1);
}

TEST_F(Owned, AContextTellsItsTakenAndFreeNumbers) {
  EXPECT_EQ(get("/contexts/9/numbers").status, 404);
  EXPECT_EQ(get("/contexts/1/numbers?use=horses").status, 400);
  create("/users", kCarol);
  create("/extensions", R"({"exten":"101","context":1,"destination":{"type":"hangup"}})");
  const Answer answer = get("/contexts/1/numbers");
  EXPECT_EQ(
      model::to_json(answer.json),
      R"({"ranges":[{"start":"101","end":"105","size":5,"used":2,"emergency":[]},)"
      R"({"start":"0700","end":"0701","size":2,"used":0,"emergency":[]}],)"
      R"("used":[{"exten":"101","extension":2,"kind":"extension","id":2,"name":"101"},)"
      R"({"exten":"103","extension":1,"kind":"user","id":1,"name":"Carol Petit"}],)"
      R"("free":[{"start":"102","end":"102"},{"start":"104","end":"105"},{"start":"0700","end":"0701"}],)"
      R"("next":"102"})");
  EXPECT_TRUE(get("/contexts/1/numbers?use=group").json.find("next")->is_null());
}

TEST_F(Owned, EmergencyNumbersAreNeverProposed) {
  create("/contexts", R"({"name":"tight","user_ranges":[{"start":"112","end":"116"}]})");
  const Answer answer = get("/contexts/2/numbers");
  EXPECT_EQ(answer.json.text_at("next"), "113");
  EXPECT_EQ(model::to_json(*answer.json.find("ranges")->items()->front().find("emergency")),
            R"(["112","114","115"])");
  EXPECT_EQ(model::to_json(*answer.json.find("free")),
            R"([{"start":"113","end":"113"},{"start":"116","end":"116"}])");
}

}  // namespace
}  // namespace xivo::api
