#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/tests/golden.hpp"

namespace xivo::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Verbose, ANonsenseLevelShowsTheUsage) {
  Console console;
  EXPECT_TRUE(console.execute("core set verbose loud").failed);
  EXPECT_EQ(console.settings.verbose, 0);
}

TEST(Verbose, ChangesAreToldInTheWordsOfAsterisk) {
  Console console;
  EXPECT_EQ(console.run("core set verbose 3"), "Console verbose was OFF and is now 3.\n");
  EXPECT_EQ(console.run("core set verbose 3"), "Console verbose is still 3.\n");
  EXPECT_EQ(console.run("core set verbose 1"), "Console verbose was 3 and is now 1.\n");
  EXPECT_EQ(console.run("core set verbose atleast 5"), "Console verbose was 1 and is now 5.\n");
  EXPECT_EQ(console.run("core set verbose atleast 2"), "Console verbose is still 5.\n");
  EXPECT_EQ(console.run("core set verbose off"), "Console verbose was 5 and is now OFF.\n");
  EXPECT_EQ(console.run("core set verbose 2 silent"), "");
  EXPECT_EQ(console.settings.verbose, 2);
}

TEST(Debug, IsOneForTheProcess) {
  Console console;
  EXPECT_EQ(console.run("core set debug 4"), "Core debug was OFF and is now 4.\n");
  EXPECT_EQ(console.view.core_debug, 4);
  console.settings = {};
  EXPECT_EQ(console.run("core set debug 4"), "Core debug is still 4.\n");
}

TEST(SipDebugging, AnAddressThatIsNoneIsRefused) {
  Console console;
  const auto output = console.execute("sip set debug ip example.org");
  EXPECT_EQ(output.text, "'example.org' is not an IP address.\n");
  EXPECT_TRUE(output.failed);
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::Off);
}

TEST(SipDebugging, AnUnregisteredPeerHasNoAddress) {
  Console console;
  EXPECT_EQ(console.run("sip set debug peer 103"), "Unable to get IP address of peer '103'\n");
  EXPECT_EQ(console.run("sip set debug peer 999"), "No such peer '999'\n");
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::Off);
}

TEST(SipDebugging, MayBeAllOneAddressOrOnePeer) {
  Console console;
  EXPECT_EQ(console.run("sip set debug on"), "SIP Debugging enabled\n");
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::All);
  EXPECT_EQ(console.run("sip set debug ip 192.0.2.7"), "SIP Debugging Enabled for IP: 192.0.2.7\n");
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::Address);
  EXPECT_EQ(console.view.sip_debug.port, 0);
  EXPECT_EQ(console.run("pjsip set logger host [2001:db8::15]:5060"),
            "PJSIP Logging Enabled for host: [2001:db8::15]:5060\n");
  EXPECT_EQ(console.view.sip_debug.port, 5060);
  EXPECT_EQ(console.run("sip set debug peer 102"), "SIP Debugging Enabled for IP: 192.0.2.8:5062\n");
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::Peer);
  EXPECT_EQ(console.view.sip_debug.peer, "102");
  EXPECT_EQ(console.run("sip set debug off"), "SIP Debugging Disabled\n");
  EXPECT_EQ(console.view.sip_debug.mode, SipDebug::Mode::Off);
  EXPECT_EQ(console.run("pjsip set logger on"), "PJSIP Logging enabled\n");
  EXPECT_EQ(console.run("pjsip set logger off"), "PJSIP Logging disabled\n");
}

TEST(HangUp, AnUnknownChannelIsNamed) {
  const auto output = Console().execute("channel request hangup SIP/999-00000000");
  EXPECT_EQ(output.text, "SIP/999-00000000 is not a known channel\n");
  EXPECT_TRUE(output.failed);
}

TEST(HangUp, OneChannelOrAll) {
  Console console;
  EXPECT_EQ(console.run("channel request hangup SIP/101-0000001a"),
            "Requested Hangup on channel 'SIP/101-0000001a'\n");
  EXPECT_EQ(
      console.run("channel request hangup all"),
      "Requested Hangup on channel 'SIP/101-0000001a'\nRequested Hangup on channel 'SIP/102-0000001b'\n");
  EXPECT_THAT(console.view.hung_up, ElementsAre("SIP/101-0000001a", "all"));
}

TEST(Stop, IsNeverTakenFromAnAbbreviationOfTwoMeanings) {
  Console console;
  EXPECT_TRUE(console.execute("core stop").failed);
  EXPECT_FALSE(console.view.stopped.has_value());
}

TEST(Stop, NowOrGracefully) {
  Console console;
  EXPECT_EQ(console.run("core stop gracefully"), "Waiting for inactivity to perform halt...\n");
  EXPECT_EQ(console.view.stopped, true);
  console.run("core stop now");
  EXPECT_EQ(console.view.stopped, false);
}

TEST(Reload, AnUnknownModuleIsNamed) {
  const auto output = Console().execute("module reload chan_coffee.so");
  EXPECT_EQ(output.text, "No such module 'chan_coffee.so'\n");
  EXPECT_TRUE(output.failed);
}

TEST(Reload, EveryHabitIsAcceptedAndTellsTheActiveRevision) {
  Console console;
  for (const char* line :
       {"reload", "module reload", "core reload", "sip reload", "pjsip reload", "dialplan reload",
        "queue reload all", "voicemail reload", "moh reload", "logger reload"}) {
    EXPECT_EQ(console.run(line),
              "Nothing to reload: every change is live as soon as it is saved.\n"
              "Active is revision 42 of 2026-03-02 11:00:00 by alice: Add the meeting room\n")
        << line;
  }
  EXPECT_THAT(console.run("module reload chan_sip.so"),
              StartsWith("Module 'chan_sip.so' reloaded successfully.\n"));
  EXPECT_THAT(console.run("reload app_queue"), StartsWith("Module 'app_queue' reloaded successfully.\n"));
}

TEST(Reload, SaysWhyTheCertificatesStayAsTheyAre) {
  Console console;
  console.view.certificates = {true, "/etc/xivo/pbx.pem: no certificate can be read"};
  for (const char* line : {"reload", "core reload", "module reload tls"}) {
    const auto output = console.execute(line);
    EXPECT_TRUE(output.failed) << line;
    EXPECT_THAT(output.text, HasSubstr("/etc/xivo/pbx.pem: no certificate"));
  }
}

TEST(Reload, TellsWhichCertificatesWereReadAnew) {
  Console console;
  console.view.certificates = {false, "/etc/xivo/pbx.pem (pbx.example, until 2031-01-01)\n"};
  EXPECT_THAT(
      console.run("module reload tls"),
      StartsWith("TLS certificates are read anew:\n/etc/xivo/pbx.pem (pbx.example, until 2031-01-01)\n"
                 "Module 'tls' reloaded successfully.\n"));
  EXPECT_THAT(console.run("sip reload"), StartsWith("Nothing to reload"));
}

TEST(Core, VersionIsOneLine) {
  EXPECT_EQ(Console().run("core show version"),
            "Asterisk 0.1.0 built by root @ builder on a x86_64 running Linux on 2026-03-01 10:00:00 UTC\n");
}

TEST(Core, CallsMayComeWithTheUptime) {
  Console console;
  EXPECT_EQ(console.run("core show calls"), "1 active call\n13 calls processed\n");
  EXPECT_EQ(
      console.run("core show calls uptime"),
      "1 active call\n13 calls processed\nSystem uptime: 1 week, 2 days, 3 hours, 1 minute, 1 second \n");
  EXPECT_EQ(console.run("core show calls uptime seconds"),
            "1 active call\n13 calls processed\nSystem uptime: 788461\n");
}

TEST(Core, StatusTellsWhatAWorriedAdministratorAsksFirst) {
  EXPECT_EQ(Console().run("status"),
            "XiVO 0.1.0 runs on pbx1 (pid 4711) since 2026-02-21 08:58:59\n"
            "Uptime: 1 week, 2 days, 3 hours, 1 minute, 1 second \n"
            "Calls: 1 active, 13 processed\n"
            "Lines: 4 of 6 registered\n"
            "Configuration: revision 42 of 2026-03-02 11:00:00 by alice\n"
            "2 accounts or addresses fail to register or to call (see 'sip show failures')\n");
}

TEST(Calls, NoneYetIsSaid) {
  Console console;
  console.view.calls.clear();
  EXPECT_EQ(console.run("calls last"), "No calls yet.\n");
  EXPECT_EQ(console.run("trace last"), "No calls yet.\n");
}

TEST(Calls, TheCountIsBounded) {
  EXPECT_EQ(Console().run("calls last 0"), "The count must be a number from 1 to 1000.\n");
  EXPECT_EQ(Console().run("calls last 1001"), "The count must be a number from 1 to 1000.\n");
  EXPECT_THAT(Console().run("calls last 1"), testing::Not(HasSubstr("C-0000000c")));
}

TEST(Trace, AnUnknownCallIsNamed) {
  const auto output = Console().execute("trace C-9");
  EXPECT_EQ(output.text, "No call 'C-9' is remembered (see 'calls last').\n");
  EXPECT_TRUE(output.failed);
}

TEST(Trace, ACallMayBeNamedByItsBeginning) {
  Console console;
  console.view.calls[1].id = "D-0000000c";
  console.view.calls[2].id = "D-0000000b";
  EXPECT_THAT(console.run("trace C-"), StartsWith("Call C-0000000d: "));
  EXPECT_EQ(console.run("trace D-"), "Several calls begin with 'D-':\n  D-0000000c\n  D-0000000b\n");
  EXPECT_EQ(console.run("trace D-0000000b"), "No call 'D-0000000b' is remembered (see 'calls last').\n");
}

TEST(Trace, TheWidthIsBounded) {
  EXPECT_EQ(Console().run("trace C-0000000d 59"), "The width must be a number from 60 to 400.\n");
  EXPECT_EQ(Console().run("trace C-0000000d 401"), "The width must be a number from 60 to 400.\n");
}

TEST(Trace, LastIsTheNewestCall) {
  Console console;
  EXPECT_THAT(console.run("trace last"), StartsWith("Call C-0000000d: 101 -> 102, answered\n"));
  EXPECT_EQ(console.view.traced, "C-0000000d");
}

TEST(Trace, IsToldInTheLanguageOfTheConsole) {
  Console console;
  console.settings.language = Language::French;
  console.run("trace last");
  EXPECT_EQ(console.view.traced_in, Language::French);
}

TEST(Answers, AreCutAtTheLimitWithANotice) {
  Console console;
  console.view.engine.peers.assign(30'000, peer("p"));
  const auto text = console.run("sip show peers");
  EXPECT_LE(text.size(), Interpreter::kOutputMax + 100);
  EXPECT_THAT(text.substr(text.size() - 100), HasSubstr("\n... output cut here: it is longer than 3 MiB\n"));
}

}  // namespace
}  // namespace xivo::console
