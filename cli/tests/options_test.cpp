#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cli/asterisk_options.hpp"
#include "cli/exit_code.hpp"
#include "cli/socket_path.hpp"
#include "cli/xivo_options.hpp"
#include "console/unix_socket.hpp"

namespace xivo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<AsteriskOptions> asterisk(const std::vector<std::string>& arguments,
                                 std::string_view name = "asterisk") {
  return parse_asterisk_options(name, arguments);
}

TEST(AsteriskOptions, RefuseWhatAsteriskDoesNotKnow) {
  EXPECT_EQ(asterisk({"-rz"}).error().what, "unknown flag");
  EXPECT_EQ(asterisk({"-rx"}).error().what, "flag needs an argument");
  EXPECT_EQ(asterisk({"-r", "core"}).error().what, "unexpected argument");
  EXPECT_EQ(asterisk({"-"}).error().what, "unexpected argument");
}

TEST(AsteriskOptions, FlagsMayBeClustered) {
  const auto options = asterisk({"-rvvvx", "core show calls"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->connect);
  EXPECT_EQ(options->verbose, 3);
  EXPECT_THAT(options->commands, ElementsAre("core show calls"));
}

TEST(AsteriskOptions, AnArgumentMayFollowItsFlagAtOnce) {
  EXPECT_THAT(asterisk({"-rxcore show calls"})->commands, ElementsAre("core show calls"));
  EXPECT_EQ(asterisk({"-r", "-s/tmp/x"})->socket, "/tmp/x");
}

TEST(AsteriskOptions, ACommandAloneConnects) { EXPECT_TRUE(asterisk({"-x", "help"})->connect); }

TEST(AsteriskOptions, RasteriskConnectsByItsName) {
  EXPECT_FALSE(asterisk({})->connect);
  EXPECT_TRUE(asterisk({"-vv"}, "/usr/sbin/rasterisk")->connect);
  EXPECT_TRUE(is_asterisk_name("/usr/sbin/asterisk"));
  EXPECT_FALSE(is_asterisk_name("/opt/asterisk/xivo"));
}

TEST(AsteriskOptions, FlagsForAServerAreTakenAndNotUsed) {
  const auto options = asterisk({"-rngc", "-C", "/etc/asterisk/asterisk.conf", "-V"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->version);
  EXPECT_TRUE(options->no_colour);
}

XivoCommandLine xivo(const std::vector<std::string>& arguments) { return parse_xivo_options(arguments); }

TEST(XivoOptions, AreExplainedWhenWrong) {
  EXPECT_EQ(xivo({"coffee"}).code, kUsage);
  EXPECT_FALSE(xivo({"coffee"}).options);
  EXPECT_EQ(xivo({}).code, kUsage);
  EXPECT_EQ(xivo({"trace"}).code, kUsage);
  EXPECT_EQ(xivo({"trace", "x", "--width", "10"}).code, kUsage);
}

TEST(XivoOptions, HelpIsNoFailureAndNamesTheExitCodes) {
  const auto line = xivo({"--help"});
  EXPECT_EQ(line.code, kOk);
  EXPECT_FALSE(line.options);
  EXPECT_THAT(line.text, HasSubstr("3 no server answers"));
}

TEST(XivoOptions, BecomeCommandsOfTheConsole) {
  EXPECT_THAT(xivo({"status"}).options->commands, ElementsAre("status"));
  EXPECT_THAT(xivo({"bans"}).options->commands, ElementsAre("bans"));
  EXPECT_THAT(xivo({"toll"}).options->commands, ElementsAre("toll"));
  EXPECT_THAT(xivo({"toll", "release", "user", "3"}).options->commands, ElementsAre("toll release user 3"));
  EXPECT_FALSE(xivo({"toll", "release", "phone", "3"}).options);
  EXPECT_THAT(xivo({"bans", "release", "203.0.113.9"}).options->commands,
              ElementsAre("bans release \"203.0.113.9\""));
  EXPECT_THAT(xivo({"bans", "add", "203.0.113.9", "too", "loud"}).options->commands,
              ElementsAre("bans add \"203.0.113.9\" \"too\" \"loud\""));
  EXPECT_THAT(xivo({"calls", "5"}).options->commands, ElementsAre("calls last 5"));
  EXPECT_THAT(xivo({"trace", "a \"b\"", "-w", "120"}).options->commands,
              ElementsAre("trace \"a \\\"b\\\"\" 120"));
  EXPECT_THAT(xivo({"console", "-x", "a", "-x", "b c"}).options->commands, ElementsAre("a", "b c"));
  EXPECT_EQ(xivo({"console", "-vvv"}).options->verbose, 3);
  EXPECT_EQ(xivo({"console"}).options->action, XivoOptions::Action::Interactive);
  EXPECT_EQ(xivo({"--version"}).options->action, XivoOptions::Action::Version);
}

TEST(XivoOptions, TheSocketMayStandBeforeOrAfterTheTask) {
  EXPECT_EQ(xivo({"--socket", "/tmp/x", "status"}).options->socket, "/tmp/x");
  EXPECT_EQ(xivo({"status", "--socket", "/tmp/x"}).options->socket, "/tmp/x");
}

class SocketPath : public testing::Test {
 protected:
  SocketPath() {
    char folder[] = "/tmp/xivo-path-XXXXXX";
    folder_ = mkdtemp(folder);
  }
  ~SocketPath() override {
    unsetenv("XIVO_SOCKET");
    std::filesystem::remove_all(folder_);
  }
  std::string folder_;
};

TEST_F(SocketPath, TheOptionBeatsTheEnvironment) {
  setenv("XIVO_SOCKET", "/tmp/from-environment", 1);
  EXPECT_EQ(socket_path("/tmp/from-option"), "/tmp/from-option");
  EXPECT_EQ(socket_path(""), "/tmp/from-environment");
}

TEST_F(SocketPath, IsFoundInTheCheckoutFromAnyFolderBelow) {
  std::filesystem::create_directories(folder_ + "/var/run");
  std::filesystem::create_directories(folder_ + "/build/cli");
  EXPECT_EQ(socket_above(folder_ + "/build/cli"), "");
  const auto socket = console::listen_unix(folder_ + "/var/run/xivo.sock", 0600, 1);
  ASSERT_TRUE(socket);
  EXPECT_EQ(socket_above(folder_ + "/build/cli"), folder_ + "/var/run/xivo.sock");
  EXPECT_EQ(socket_above(folder_), folder_ + "/var/run/xivo.sock");
}

}  // namespace
}  // namespace xivo::cli
