#include <gtest/gtest.h>

#include "console/tests/golden.hpp"

/// The tables against texts that were laid out by hand from the columns Asterisk prints, not from our own code.
namespace xivo::console {
namespace {

TEST(SipTables, PeersStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("sip show peers"), "sip_show_peers");
}

TEST(SipTables, PeersMayBeFilteredByPattern) {
  Console console;
  const auto text = console.run("sip show peers like ^10[23]$");
  EXPECT_EQ(text.find("\n101 "), std::string::npos);
  EXPECT_NE(text.find("\n102/salle3 "), std::string::npos);
  EXPECT_NE(text.find("\n2 sip peers [Monitored: 1 online, 0 offline Unmonitored: 0 online, 1 offline]\n"),
            std::string::npos);
}

TEST(SipTables, ABadPatternIsExplained) {
  const auto output = Console().execute("sip show peers like [0-9");
  EXPECT_EQ(output.text, "Cannot use this pattern: set is not closed.\n");
  EXPECT_TRUE(output.failed);
}

TEST(SipTables, ChannelsStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("sip show channels"), "sip_show_channels");
}

TEST(SipTables, OneDialogIsSingular) {
  Console console;
  console.view.engine.channels.pop_back();
  EXPECT_NE(console.run("sip show channels").find("\n1 active SIP dialog\n"), std::string::npos);
}

TEST(SipTables, AnEmptyRegistryHasTitleAndFooter) {
  expect_golden(Console().run("sip show registry"), "sip_show_registry_empty");
}

TEST(SipTables, ARegistrationStandsInTheColumnsOfAsterisk) {
  Console console;
  console.view.engine.registrations = {
      {"sip.operator.example:5060", "compte-de-la-societe", 105, "Registered", at(kNow - 60)}};
  expect_golden(console.run("sip show registry"), "sip_show_registry");
}

TEST(SipTables, ASubscriptionStandsInTheColumnsOfAsterisk) {
  Console console;
  console.view.engine.subscriptions = {
      {*IpAddress::parse("192.0.2.7"), "101", "f00dfeed12345678", "*394321", "default", true, 3417}};
  expect_golden(console.run("sip show subscriptions"), "sip_show_subscriptions");
}

TEST(PjsipTables, RegistrationsStandInTheColumnsOfAsterisk) {
  EXPECT_EQ(Console().run("pjsip show registrations"), "No objects found.\n\n");
  Console console;
  console.view.engine.registrations = {
      {"sip.operator.example:5060", "0123", 105, "Registered", at(kNow - 60), at(kNow + 45), "operator"},
      {"192.0.2.9:5060", "0124", 105, "Failed", at(kNow - 600), at(kNow - 45), "backup"}};
  expect_golden(console.run("pjsip show registrations"), "pjsip_show_registrations");
}

TEST(SipTables, AnUnknownPeerIsSaidToBeMissing) {
  const auto output = Console().execute("sip show peer 999");
  EXPECT_EQ(output.text, "Peer 999 not found.\n");
  EXPECT_TRUE(output.failed);
}

TEST(SipTables, APeerIsShownWithEveryContact) {
  expect_golden(Console().run("sip show peer 102"), "sip_show_peer");
}

TEST(SipTables, AnUnregisteredPeerTellsItsLastFailure) {
  const auto text = Console().run("sip show peer 104");
  EXPECT_NE(
      text.find("  Last failure : REGISTER from 192.0.2.77:5060: wrong secret (see sip show failures 104)\n"),
      std::string::npos);
}

TEST(SipTables, FailuresShowReasonDetailAndNoControlCharacter) {
  expect_golden(Console().run("sip show failures"), "sip_show_failures");
}

TEST(SipTables, FailuresMayBeThoseOfOneAddress) {
  const auto text = Console().run("registrations failures 203.0.113.66");
  EXPECT_EQ(text.find("192.0.2.77"), std::string::npos);
  EXPECT_NE(text.find("1 failed attempt for 1 reason.\n"), std::string::npos);
}

TEST(PjsipTables, EndpointsStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("pjsip show endpoints"), "pjsip_show_endpoints");
}

TEST(PjsipTables, RowsEqualThoseAsterisk16PrintedForTheSameObjects) {
  Console console;
  auto& engine = console.view.engine;
  auto phone = peer("6001");
  phone.caller_number.clear();
  phone.username = "6001";
  phone.state = DeviceState::InUse;
  phone.calls = 1;
  phone.contacts = {contact("sip:6001@192.168.234.127:53117;transport=UDP", "378e2db08b",
                            "192.168.234.127:53117", ContactStatus::NotQualified, std::nullopt)};
  engine.peers = {phone};
  engine.channels.resize(1);
  auto& channel = engine.channels.front();
  channel.name = "PJSIP/6001-00000005";
  channel.peer = "6001";
  channel.application = "AppDial";
  channel.extension.clear();
  channel.connected_name = channel.connected_number = "6004";
  channel.created = at(kNow - 4);
  const auto text = console.run("pjsip show endpoints");
  for (const char* line :
       {" Endpoint:  6001                                                 In use        1 of inf\n",
        "        Aor:  6001                                               1\n",
        "      Contact:  6001/sip:6001@192.168.234.127:53117;transp 378e2db08b NonQual         nan\n",
        "    Channel: PJSIP/6001-00000005/AppDial                         Up            00:00:04   \n",
        "        Exten:                           CLCID: \"6004\" <6004>\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(PjsipTables, NoEndpointsMeansNoTitleEither) {
  Console console;
  console.view.engine.peers.clear();
  EXPECT_EQ(console.run("pjsip show endpoints"), "No objects found.\n\n");
}

TEST(PjsipTables, AMissingEndpointIsNamed) {
  EXPECT_EQ(Console().run("pjsip show endpoint 999"), "Unable to find object 999.\n\n");
}

TEST(PjsipTables, OneEndpointListsItsParametersByName) {
  expect_golden(Console().run("pjsip show endpoint 101"), "pjsip_show_endpoint");
}

TEST(PjsipTables, ContactsStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("pjsip show contacts"), "pjsip_show_contacts");
}

TEST(PjsipTables, AorsMayBeFilteredByPattern) {
  expect_golden(Console().run("pjsip show aors like 102"), "pjsip_show_aors_like");
}

TEST(PjsipTables, ChannelsStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("pjsip show channels"), "pjsip_show_channels");
}

TEST(ChannelTables, ChannelsStandInTheColumnsOfAsterisk) {
  expect_golden(Console().run("core show channels"), "core_show_channels");
}

TEST(ChannelTables, ConciseHasFourteenFieldsAndNothingElse) {
  expect_golden(Console().run("core show channels concise"), "core_show_channels_concise");
}

TEST(ChannelTables, ConciseKeepsItsSeparatorOutOfFields) {
  Console console;
  console.view.engine.channels.resize(1);
  console.view.engine.channels.front().application_text = "Hello!";
  const auto line = console.run("core show channels concise");
  EXPECT_EQ(std::count(line.begin(), line.end(), '!'), 13);
}

TEST(ChannelTables, VerboseStandsInTheColumnsOfAsterisk) {
  expect_golden(Console().run("core show channels verbose"), "core_show_channels_verbose");
}

TEST(ChannelTables, CountIsTheFooterAlone) {
  expect_golden(Console().run("core show channels count"), "core_show_channels_count");
}

TEST(ChannelTables, NoChannelsAreCountedInThePlural) {
  Console console;
  console.view.engine.channels.clear();
  console.view.engine.active_calls = 0;
  console.view.engine.processed_calls = 1;
  EXPECT_EQ(console.run("core show channels count"), "0 active channels\n0 active calls\n1 call processed\n");
}

TEST(ChannelTables, CallsWithALimitShowTheCapacity) {
  Console console;
  console.view.engine.active_calls_max = 8;
  EXPECT_EQ(console.run("core show calls"),
            "1 of 8 max active call (12.50% of capacity)\n13 calls processed\n");
}

TEST(ChannelTables, AChannelIsShownInItsSections) {
  expect_golden(Console().run("core show channel SIP/101-0000001a"), "core_show_channel");
}

TEST(ChannelTables, AnUnknownChannelIsNamed) {
  EXPECT_EQ(Console().run("core show channel SIP/x"), "SIP/x is not a known channel\n");
}

TEST(ChannelTables, LastCallsExplainWhyTheyEnded) {
  expect_golden(Console().run("calls last"), "calls_last");
}

struct Uptime {
  std::int64_t seconds;
  const char* words;
};

class UptimeWords : public testing::TestWithParam<Uptime> {};

TEST_P(UptimeWords, AreThoseOfAsterisk) {
  Console console;
  console.view.engine.started = at(kNow - GetParam().seconds);
  console.view.engine.revision.published = at(kNow);
  EXPECT_EQ(console.run("core show uptime"),
            std::string("System uptime: ") + GetParam().words + " \nLast reload: 0 seconds \n");
}

INSTANTIATE_TEST_SUITE_P(Spans, UptimeWords,
                         testing::Values(Uptime{0, "0 seconds"}, Uptime{1, "1 second"},
                                         Uptime{60, "60 seconds"}, Uptime{61, "1 minute, 1 second"},
                                         Uptime{120, "2 minutes"}, Uptime{3600, "60 minutes"},
                                         Uptime{3601, "1 hour, 1 second"}, Uptime{86'400, "24 hours"},
                                         Uptime{604'800, "7 days"}, Uptime{604'801, "1 week, 1 second"},
                                         Uptime{31'536'000, "52 weeks, 24 hours"},
                                         Uptime{31'536'001 + 604'801 + 86'401 + 3'601 + 61,
                                                "1 year, 1 week, 1 day, 1 hour, 1 minute, 5 seconds"}));

TEST(Uptime, MayBeShownInSeconds) {
  EXPECT_EQ(Console().run("core show uptime seconds"), "System uptime: 788461\nLast reload: 3600\n");
}

}  // namespace
}  // namespace xivo::console
