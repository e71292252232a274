#include "api/tests/api_under_test.hpp"
#include "api/trunks/trunk_values.hpp"
#include "model/json.hpp"
#include "model/schema.hpp"

namespace xivo::api {
namespace {

using std::chrono::seconds;

runtime::WallTime at(int second) { return runtime::WallTime(seconds(1'800'000'000 + second)); }

class TrunkRoutesTest : public ApiUnderTest {
 protected:
  std::int64_t make_trunk(const std::string& name) {
    return create("/trunks",
                  R"({"host":"sip.example.com","register":true,"username":"0123","secret":"s3cret-word",)"
                  R"("max_channels_out":10,"name":")" +
                      name + "\"}");
  }
};

TEST_F(TrunkRoutesTest, ATrunkThatDoesNotExistHasNoState) {
  sign_in();
  EXPECT_EQ(get("/trunks/7/state").status, 404);
  EXPECT_EQ(get("/trunks/x/state").status, 404);
  EXPECT_EQ(ask("POST", "/trunks/7/register", "{}").status, 404);
}

TEST_F(TrunkRoutesTest, ATrunkThatNobodyLooksAfterHasNoRegistration) {
  sign_in();
  const auto id = make_trunk("op");
  const auto state = get("/trunks/" + std::to_string(id) + "/state");
  EXPECT_EQ(state.status, 200);
  EXPECT_TRUE(state.json.find("registration")->is_null());
  EXPECT_FALSE(*state.json.find("usable")->boolean());
}

TEST_F(TrunkRoutesTest, TellsInWordsHowATrunkIsDoing) {
  sign_in();
  const auto id = make_trunk("op");
  TrunkState state;
  state.id = id;
  state.registering = TrunkState::Registering::Rejected;
  const TrunkEventLine error{at(5), "wrong-credentials", {"mot de passe refusé", "password refused"}, true};
  state.last_error = error;
  state.history = {error, {at(1), "registered", {"enregistré", "registered"}, false}};
  state.answering = TrunkState::Answering::Reachable;
  state.latency = std::chrono::microseconds(12'400);
  state.channels_out = 3;
  state.out_calls = 3;
  state.out_answered = 2;
  state.failures = {{at(9), "+33612345678", 34, 503}};
  engine_.trunks_ = {state};
  const auto shown = get("/trunks/" + std::to_string(id) + "/state", {{"Accept-Language", "fr"}});
  ASSERT_EQ(shown.status, 200);
  const auto& registration = *shown.json.find("registration");
  EXPECT_EQ(registration.text_at("state"), "rejected");
  EXPECT_EQ(registration.text_at("sentence"), "l'opérateur refuse l'enregistrement : mot de passe refusé");
  EXPECT_EQ(registration.find("history")->items()->size(), 2U);
  EXPECT_EQ(*shown.json.find("options")->find("latency_ms")->integer(), 12);
  EXPECT_EQ(*shown.json.find("channels")->find("out")->integer(), 3);
  EXPECT_EQ(*shown.json.find("channels")->find("max_out")->integer(), 10);
  EXPECT_EQ(*shown.json.find("answer_seizure_ratio")->find("out")->find("percent")->integer(), 67);
  EXPECT_TRUE(shown.json.find("answer_seizure_ratio")->find("in")->find("percent")->is_null());
  EXPECT_EQ(shown.json.find("failures")->items()->at(0).text_at("sentence"), "l'opérateur est saturé");
  const auto all = get("/trunks/states");
  EXPECT_EQ(*all.json.find("total")->integer(), 1);
  EXPECT_EQ(ask("POST", "/trunks/" + std::to_string(id) + "/register", "{}").status, 204);
  EXPECT_EQ(engine_.registered_, std::vector<std::int64_t>{id});
}

TEST_F(TrunkRoutesTest, TemplatesAreShownInBothLanguages) {
  sign_in();
  const auto french = get("/trunk-templates", {{"Accept-Language", "fr"}});
  const auto english = get("/trunk-templates", {{"Accept-Language", "en"}});
  ASSERT_EQ(french.status, 200);
  EXPECT_GE(*french.json.find("total")->integer(), 15);
  EXPECT_NE(french.body, english.body);
}

TEST(TrunkTemplates, SayInBothLanguagesWhatATrunkCanBe) {
  const auto* kind = model::find_kind("trunk");
  ASSERT_FALSE(trunk_template_files().empty());
  for (const auto file : trunk_template_files()) {
    const auto read = model::parse_json(file);
    ASSERT_TRUE(read) << file;
    const auto name = read->text_at("name");
    EXPECT_EQ(read->find("fields")->text_at("template"), name);
    for (const char* language : {"fr", "en"}) {
      EXPECT_FALSE(read->find("title")->text_at(language).empty()) << name;
      EXPECT_FALSE(read->find("help")->text_at(language).empty()) << name;
    }
    for (const auto& member : *read->find("fields")->members()) {
      const auto* field = kind->field(member.name);
      ASSERT_NE(field, nullptr) << name << "." << member.name;
      EXPECT_EQ(field->check(member.value), std::nullopt) << name << "." << member.name;
    }
    for (const auto& asked : *read->find("ask")->items())
      EXPECT_NE(kind->field(*asked.text()), nullptr) << name << ": " << *asked.text();
  }
}

}  // namespace
}  // namespace xivo::api
