/// The plan from the command line, against a real REST interface.
#include <gmock/gmock.h>

#include "api/tests/api_under_test.hpp"
#include "program.hpp"

namespace xivo::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Alice 101 and Bob 102.
class PlanProgram : public api::ApiUnderTest {
 protected:
  void start() override {
    sign_in();
    server_->start();
    setenv("XIVO_URL", ("http://" + address_.to_string()).c_str(), 1);
    setenv("XIVO_TOKEN", token_.c_str(), 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    create("/contexts",
           R"({"name":"default","type":"internal","user_ranges":[{"start":"100","end":"199"}]})");
    for (const std::vector<std::string>& person :
         {std::vector<std::string>{"Alice", "101", "alice"}, std::vector<std::string>{"Bob", "102", "bob"}})
      EXPECT_EQ(xivo({"user", "add", "--firstname", person[0], "--extension", person[1] + "@default",
                      "--line", person[2]})
                    .code,
                0);
  }
  void TearDown() override {
    unsetenv("XIVO_URL");
    unsetenv("XIVO_TOKEN");
    ApiUnderTest::TearDown();
  }
  static Ended xivo(const std::vector<std::string>& arguments) { return run("xivo", arguments, ""); }
};

TEST_F(PlanProgram, TellsWhereACallWouldGo) {
  EXPECT_EQ(xivo({"route", "101"}).code, 2);
  EXPECT_EQ(xivo({"route", "199", "102"}).code, 1);
  const Ended call = xivo({"route", "101", "102", "--at", "2026-07-14 19:00"});
  EXPECT_EQ(call.code, 0) << call.errors;
  EXPECT_THAT(call.output, HasSubstr("Bob"));
  EXPECT_THAT(call.output, HasSubstr("  + "));
  const Ended busy = xivo({"route", "alice", "102", "--busy", "102"});
  EXPECT_THAT(busy.output, HasSubstr("it is assumed"));
  EXPECT_THAT(xivo({"route", "101", "102", "--json"}).output, HasSubstr("\"stages\""));
}

TEST_F(PlanProgram, ChecksTheConfiguration) {
  const Ended fine = xivo({"config", "check"});
  EXPECT_EQ(fine.code, 0) << fine.errors;
  EXPECT_THAT(fine.output, HasSubstr("warning"));  // nothing goes out yet, not even to help
  model::ConfigBuilder builder(*config_.current());
  builder.put(model::Extension{.exten = "112", .context = {1}, .destination = model::ToUser{{1}}});
  config_.publish(builder.build());
  const Ended blocked = xivo({"config", "check"});
  EXPECT_EQ(blocked.code, 1);
  EXPECT_THAT(blocked.output, HasSubstr("cure: Give 113"));
}

TEST_F(PlanProgram, TellsTheCureOfWhatIsRefused) {
  const Ended refused =
      xivo({"extension", "add", "--exten", "112", "--context", "default", "--destination", "user:Bob"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("cure: Give 113"));
}

TEST_F(PlanProgram, RunsScenariosAndHoldsBackWhatBreaksThem) {
  EXPECT_EQ(xivo({"scenario", "add", "--name", "Bob is reached", "--caller", "101", "--dialled", "102",
                  "--expected_target", "102", "--hold"})
                .code,
            0);
  const Ended passed = xivo({"scenario", "run"});
  EXPECT_EQ(passed.code, 0) << passed.errors;
  EXPECT_THAT(passed.output, HasSubstr("1 pass, 0 fail"));
  EXPECT_EQ(xivo({"user", "set", "Bob", "--dnd_enabled"}).code, 1);
  EXPECT_EQ(xivo({"user", "set", "Bob", "--dnd_enabled", "--force"}).code, 1);
  const Ended forced = xivo({"user", "set", "Bob", "--dnd_enabled", "--force", "--reason", "on leave"});
  EXPECT_EQ(forced.code, 0) << forced.errors;
  EXPECT_THAT(forced.output, HasSubstr("broken scenario: Bob is reached"));
  EXPECT_EQ(xivo({"scenario", "run", "Bob is reached"}).code, 1);
}

TEST_F(PlanProgram, ShowsTheNumberingMap) {
  EXPECT_EQ(xivo({"numbering"}).code, 2);
  EXPECT_THAT(xivo({"numbering", "map"}).output, HasSubstr("user 100-199 (2/100)"));
  EXPECT_THAT(xivo({"numbering", "numbers", "--search", "102"}).output, HasSubstr("reached"));
  const Ended help = xivo({"numbering", "emergency", "--search", "alice"});
  EXPECT_THAT(help.output, HasSubstr("112:!"));
  EXPECT_THAT(help.output, HasSubstr("0 reach help, 2 do not"));
  EXPECT_THAT(help.output, Not(HasSubstr("bob")));
}

TEST_F(PlanProgram, TellsWhatWouldBeLost) {
  const Ended impact = xivo({"user", "impact", "Bob"});
  EXPECT_EQ(impact.code, 0) << impact.errors;
  EXPECT_THAT(impact.output, HasSubstr("\"102\" leads to anybody no more"));
}

}  // namespace
}  // namespace xivo::cli
