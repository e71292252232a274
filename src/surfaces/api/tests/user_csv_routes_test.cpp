// The table of users: XiVO's columns in and out, all or nothing, errors by row and column.
#include <gtest/gtest.h>

#include "api_under_test.hpp"
#include "base/csv.hpp"

namespace xivo::api {
namespace {

using model::Value;

class UserTable : public ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    create("/contexts", R"({"name":"default","type":"internal"})");
    create("/contexts", R"({"name":"from-extern","type":"incall"})");
  }

  Answer import(const std::string& table, const std::string& query = "", const std::string& language = "en") {
    return ask("POST", "/users/import" + query, table,
               {{"Content-Type", "text/csv"}, {"Accept-Language", language}});
  }
  Value refused_cell(const std::string& table, const std::string& query = "") {
    const auto before = config_.current()->revision();
    const Answer answer = import(table, query);
    EXPECT_GE(answer.status, 409) << answer.body;
    EXPECT_EQ(config_.current()->revision(), before);
    return first_problem(answer);
  }
  std::string exported() { return get("/users/export.csv").body; }
};

constexpr const char* kTwo =
    "firstname,lastname,email,exten,context,line_protocol,sip_username,sip_secret,incall_exten,incall_"
    "context,"
    "incall_ring_seconds,voicemail_name,voicemail_number,voicemail_context,voicemail_password,enabled\r\n"
    "Alice,Durand,alice@example.com,101,default,sip,alice,s3cretWord,0155500101,from-extern,20,Alice,101,"
    "default,1234,1\r\n"
    "Bruno,\"Le \"\"Grand\"\"\",,102,default,sip,,,,,,,,,,0\r\n";

TEST_F(UserTable, ErrorsNameRowAndColumn) {
  const Value wrong = refused_cell("firstname,email\nAlice,alice@example.com\nBruno,nobody\n");
  EXPECT_EQ(wrong.integer_at("row"), 3);
  EXPECT_EQ(wrong.text_at("column"), "email");
  EXPECT_TRUE(wrong.text_at("message").starts_with("Row 3, column \"email\": ")) << wrong.text_at("message");
  const Answer french = import("firstname;ring_seconds\nAlice;beaucoup\n", "", "fr");
  EXPECT_EQ(french.status, 422);
  EXPECT_TRUE(french.json.text_at("detail").starts_with("Ligne 2, colonne « ring_seconds » : "))
      << french.body;
}

TEST_F(UserTable, ColumnsThatNeedOthersSaySo) {
  EXPECT_EQ(refused_cell("firstname,exten\nA,101\n").text_at("column"), "context");
  EXPECT_EQ(refused_cell("firstname,incall_exten\nA,0155\n").text_at("column"), "incall_context");
  EXPECT_EQ(refused_cell("firstname,voicemail_number\nA,101\n").text_at("column"), "voicemail_name");
  EXPECT_EQ(refused_cell("firstname,sip_username\nA,alice\n").text_at("column"), "line_protocol");
  EXPECT_EQ(refused_cell("firstname,line_protocol\nA,sccp\n").text_at("rule"), "unknown-choice");
}

TEST_F(UserTable, BrokenTablesAreRefusedByRow) {
  EXPECT_EQ(refused_cell("").text_at("rule"), "required");
  EXPECT_EQ(refused_cell("firstname,colour\nA,red\n").text_at("column"), "colour");
  EXPECT_EQ(refused_cell("firstname,firstname\nA,B\n").text_at("rule"), "repeated");
  EXPECT_EQ(refused_cell("firstname,lastname\nA\n").integer_at("row"), 2);
  EXPECT_EQ(refused_cell("firstname\n\"A\n").integer_at("row"), 2);
  EXPECT_EQ(refused_cell("firstname\nRen\xE9\n").text_at("rule"), "encoding");
  EXPECT_EQ(ask("POST", "/users/import", "firstname\nA\n", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(import("firstname\nA\n", "?update=perhaps").status, 400);
}

TEST_F(UserTable, IsAllOrNothing) {
  EXPECT_EQ(refused_cell("firstname,exten,context\nA,101,default\nB,101,default\n").text_at("column"),
            "exten");
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(UserTable, ADryRunShowsTheDifferenceAndChangesNothing) {
  const Answer tried = import(kTwo, "?dry_run=true");
  ASSERT_EQ(tried.status, 200) << tried.body;
  EXPECT_TRUE(tried.json.boolean_at("dry_run"));
  EXPECT_EQ(tried.json.integer_at("rows"), 2);
  EXPECT_EQ(tried.json.integer_at("created"), 2);
  EXPECT_FALSE(tried.json.find("difference")->items()->empty());
  EXPECT_EQ(tried.body.find("s3cretWord"), std::string::npos);
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(UserTable, MakesUsersWithLinesNumbersAndMailboxes) {
  const Answer answer = import(kTwo, "?reason=move");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto config = config_.current();
  ASSERT_EQ(config->users().size(), 2u);
  const auto* alice = config->line_by_name("alice");
  ASSERT_TRUE(alice);
  EXPECT_EQ(alice->secret, "s3cretWord");
  const auto* bruno = config->line_by_name("102");  // named by the number, with a secret of its own
  ASSERT_TRUE(bruno);
  EXPECT_GE(bruno->secret.size(), 16u);
  EXPECT_EQ(config->user(bruno->user)->lastname, "Le \"Grand\"");
  EXPECT_FALSE(config->user(bruno->user)->enabled);
  EXPECT_EQ(config->number_of(*config->user(alice->user)), "101");
  const auto* box = config->find(config->user(alice->user)->voicemail);
  ASSERT_TRUE(box);
  EXPECT_EQ(box->number, "101");
  EXPECT_EQ(get("/revisions/" + std::to_string(config->revision())).json.text_at("message"), "move");
}

TEST_F(UserTable, ReportsTheColumnsThatHaveNoEffect) {
  const Answer answer = import("firstname,entity_id,fallback_busy,provisioning_code\nA,1,102,\nB,1,,\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& ignored = *answer.json.find("ignored")->items();
  ASSERT_EQ(ignored.size(), 2u);
  EXPECT_EQ(ignored[0].text_at("column"), "entity_id");
  EXPECT_EQ(ignored[0].integer_at("rows"), 2);
  EXPECT_EQ(ignored[1].text_at("column"), "fallback_busy");
  EXPECT_FALSE(ignored[1].text_at("reason").empty());
}

TEST_F(UserTable, WhoExistsIsChangedOnlyWhenAskedFor) {
  ASSERT_EQ(import(kTwo).status, 200);
  EXPECT_EQ(import(kTwo).status, 409);
  const std::string change = "email,lastname,sip_secret\nalice@example.com,Martin,\n";
  EXPECT_EQ(import(change).status, 422);
  const Answer answer = import(change, "?update=true");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.integer_at("changes"), 1);
  EXPECT_EQ(answer.json.integer_at("updated"), 1);
  const auto* line = config_.current()->line_by_name("alice");
  EXPECT_EQ(line->secret, "s3cretWord");  // an empty cell is no new secret
  EXPECT_EQ(config_.current()->user(line->user)->lastname, "Martin");
}

TEST_F(UserTable, FindsUsersByNumberAndMovesIt) {
  ASSERT_EQ(import(kTwo).status, 200);
  ASSERT_EQ(import("exten,context,lastname\n102,default,Petit\n", "?update=true").status, 200);
  const auto* line = config_.current()->line_by_name("102");
  EXPECT_EQ(config_.current()->user(line->user)->lastname, "Petit");
  const std::string uuid = config_.current()->user(line->user)->uuid;
  ASSERT_EQ(import("uuid,exten,context\n" + uuid + ",142,default\n", "?update=true").status, 200);
  EXPECT_EQ(config_.current()->number_of(*config_.current()->user(line->user)), "142");
}

TEST_F(UserTable, APermissionThatDoesNotExistIsRefusedByRowAndColumn) {
  create("/call_permissions", R"({"name":"no mobiles","extensions":["_06X."]})");
  const Value wrong = refused_cell("firstname,call_permissions\nA,no mobiles\nB,no mobiles;abroad\n");
  EXPECT_EQ(wrong.integer_at("row"), 3);
  EXPECT_EQ(wrong.text_at("column"), "call_permissions");
  EXPECT_EQ(wrong.text_at("rule"), "reference-missing");
  EXPECT_NE(wrong.text_at("message").find("\"abroad\""), std::string::npos);
}

TEST_F(UserTable, GivesAndTakesCallPermissions) {
  create("/call_permissions", R"({"name":"no mobiles","extensions":["_06X."]})");
  create("/call_permissions", R"({"name":"no abroad","extensions":["_00X."]})");
  const auto users_of = [&](const char* name) {
    return get("/call_permissions/" + std::string(name)).json.find("users")->items()->size();
  };
  const Answer made =
      import("firstname,email,call_permissions\nA,a@x.fr,no mobiles; no abroad\nB,b@x.fr,no mobiles\n");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(users_of("1"), 2U);
  EXPECT_EQ(users_of("2"), 1U);
  const Answer kept = import("email,call_permissions\na@x.fr,\n", "?update=true");
  EXPECT_EQ(kept.json.integer_at("changes"), 0) << kept.body;  // an empty cell leaves them as they are
  const Answer moved = import("email,call_permissions\na@x.fr,no abroad\nb@x.fr,;\n", "?update=true");
  ASSERT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(moved.json.integer_at("updated"), 2);
  EXPECT_EQ(users_of("1"), 0U);
  EXPECT_EQ(users_of("2"), 1U);
}

TEST_F(UserTable, WhoMayNotChangePermissionsCannotDoSoByATable) {
  create("/call_permissions", R"({"name":"no mobiles","extensions":["_06X."]})");
  sign_in("olga", "operator");
  EXPECT_EQ(import("firstname,call_permissions\nA,no mobiles\n").status, 403);
  EXPECT_EQ(config_.current()->users().size(), 0u);
}

TEST_F(UserTable, ListsAndSchedulesComeBackAsTheyWere) {
  create("/schedules", R"({"name":"day"})");
  const Answer made = import("firstname,email,blocklist,schedule\nA,a@x.fr,_08X.;0123456789,day\n");
  ASSERT_EQ(made.status, 200) << made.body;
  const Value user = get("/users/1").json;
  EXPECT_EQ(user.find("blocklist")->items()->size(), 2U);
  EXPECT_EQ(user.integer_at("schedule"), 1);
  EXPECT_NE(exported().find("_08X.;0123456789"), std::string::npos);
  EXPECT_EQ(refused_cell("firstname,schedule\nB,night\n").text_at("column"), "schedule");
  EXPECT_EQ(import("email,blocklist\na@x.fr,;\n", "?update=true").json.integer_at("changes"), 1);
}

TEST_F(UserTable, TwoRowsAboutOneUserAreRefused) {
  ASSERT_EQ(import(kTwo).status, 200);
  const Value wrong =
      refused_cell("email,lastname\nalice@example.com,A\nalice@example.com,B\n", "?update=true");
  EXPECT_EQ(wrong.text_at("rule"), "repeated");
  EXPECT_EQ(wrong.integer_at("row"), 3);
}

TEST_F(UserTable, WhatIsExportedAndImportedAgainChangesNothing) {
  ASSERT_EQ(import(kTwo).status, 200);
  create("/users",
         R"({"firstname":"=1+1","music_on_hold":"","description":"a; b","blocklist":["_08X.","0145"]})");
  create("/call_permissions", R"({"name":"no mobiles","extensions":["_06X."],"users":[1,2]})");
  create("/call_permissions", R"({"name":"no; abroad","extensions":["_00X."],"users":[2,3]})");
  const Answer again = import(exported(), "?update=true");
  ASSERT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.json.integer_at("changes"), 0) << again.body;
  EXPECT_EQ(again.json.integer_at("unchanged"), 3);
}

TEST_F(UserTable, AUsersOwnCodeIsReadInAndNeverOut) {
  ASSERT_EQ(import("firstname,email,call_permission_password\nAlice,a@example.com,2468\n").status, 200);
  const auto code = [this] { return config_.current()->users().begin()->second->call_permission_password; };
  EXPECT_EQ(code(), "2468");
  EXPECT_EQ(exported().find("call_permission_password"), std::string::npos);
  EXPECT_EQ(get("/users").body.find("2468"), std::string::npos);
  ASSERT_EQ(import("email,lastname,call_permission_password\na@example.com,Martin,\n", "?update=true").status,
            200);
  EXPECT_EQ(code(), "2468");  // an empty cell is no new code
}

TEST_F(UserTable, AnExportMakesTheSameUsersElsewhere) {
  ASSERT_EQ(import(kTwo).status, 200);
  create("/users", R"({"firstname":"=1+1","music_on_hold":"","language":"en_GB","call_waiting":false})");
  const std::string before = exported();
  EXPECT_EQ(before.find("s3cretWord"), std::string::npos);
  for (const auto* kind : {"/extensions", "/lines", "/users", "/voicemails"}) {
    const Answer all = get(kind);
    for (const Value& object : *all.json.find("items")->items())
      EXPECT_EQ(ask("DELETE", kind + ("/" + std::to_string(object.integer_at("id")))).status, 204);
  }
  const Answer answer = import(before);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json.find("ignored")->items()->front().text_at("column"), "uuid");
  auto old_rows = *csv::read(before);
  auto new_rows = *csv::read(exported());
  ASSERT_EQ(old_rows.size(), new_rows.size());
  for (std::size_t i = 1; i < old_rows.size(); ++i) {
    old_rows[i].cells[0] = new_rows[i].cells[0];  // the UUID, which the system gives
    EXPECT_EQ(old_rows[i].cells, new_rows[i].cells);
  }
}

}  // namespace
}  // namespace xivo::api
