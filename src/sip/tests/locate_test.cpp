#include "sip/locate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/tests/fake_resolver.hpp"

namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class LocatorTest : public ::testing::Test {
 protected:
  void locate(const Whereabouts& where) {
    last = locator.locate(where, [this](const std::vector<Target>& targets) {
      ++told;
      found.clear();
      for (const auto& target : targets)
        found.push_back(std::string(label(target.transport)) + ":" + target.address.to_string());
    });
    pass(0ms);
  }
  void pass(runtime::Duration time) {
    clock.advance(time);
    for (int i = 0; i < 10; ++i) {
      clock.advance(1ms);
      timers.run_due();
    }
  }

  runtime::ManualClock clock;
  runtime::TimerWheel timers{clock};
  runtime::SeededRng rng{1};
  FakeResolver dns{{clock, timers, rng}};
  Locator::Limits limits{.searches_max = 3, .hosts_max = 4, .targets_max = 5};
  Locator locator{{clock, timers, rng}, dns, limits};
  Locator::Id last;
  int told = 0;
  std::vector<std::string> found;
};

TEST_F(LocatorTest, FindsNothingOfANameThatDoesNotExist) {
  locate({"none.example"});
  EXPECT_EQ(told, 1);
  EXPECT_THAT(found, IsEmpty());
}

TEST_F(LocatorTest, GivesUpInTimeWhenNobodyAnswers) {
  dns.silent = true;
  locate({"slow.example"});
  pass(4'900ms);
  EXPECT_EQ(told, 0);
  pass(100ms);
  EXPECT_EQ(told, 1);
  EXPECT_THAT(found, IsEmpty());
  EXPECT_EQ(locator.searches(), 0u);
}

TEST_F(LocatorTest, GoesOnWithServicesWhenNobodyAnswersNaptr) {
  dns.silent_for = {runtime::DnsType::Naptr};
  dns.service("_sip._udp.a.example", 1, 1, 5080, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example"});
  EXPECT_EQ(told, 0);
  pass(500ms);
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5080"));
}

TEST_F(LocatorTest, AsksForNoNaptrAgainWhereNobodyAnsweredIt) {
  dns.silent_for = {runtime::DnsType::Naptr};
  dns.address("a.example", "192.0.2.7");
  locate({"a.example"});
  pass(500ms);
  locate({"a.example"});
  EXPECT_EQ(told, 2);  // the second at once
  pass(5min);
  locate({"a.example"});
  EXPECT_EQ(told, 2);  // and after a while it is tried again
}

TEST_F(LocatorTest, TakesTheAddressOfTheNameWhenNobodyAnswersServices) {
  dns.silent_for = {runtime::DnsType::Naptr, runtime::DnsType::Srv};
  dns.address("a.example", "192.0.2.7");
  locate({"a.example"});
  pass(500ms);
  EXPECT_EQ(told, 0);
  pass(2s);
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060"));
}

TEST_F(LocatorTest, DoesNotWaitForAddressesOfTheOtherFamilyForEver) {
  dns.silent_for = {runtime::DnsType::Aaaa};
  dns.address("a.example", "192.0.2.7");
  locate({"a.example", 5070});
  EXPECT_EQ(told, 0);
  pass(1s);
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5070"));
}

TEST_F(LocatorTest, AnAnswerThatComesTooLateChangesNothing) {
  dns.late = 600ms;
  dns.pointer("a.example", 10, "sip+d2t", "_sip._tcp.a.example");
  dns.address("a.example", "192.0.2.7");
  locate({"a.example"});
  for (int i = 0; i < 20; ++i) pass(250ms);
  EXPECT_EQ(told, 1);
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060"));
}

TEST_F(LocatorTest, TellsNothingAfterCancel) {
  dns.silent = true;
  locate({"slow.example"});
  locator.cancel(last);
  pass(10s);
  EXPECT_EQ(told, 0);
}

TEST_F(LocatorTest, SearchesForOnlySoManyAtATime) {
  dns.silent = true;
  for (int i = 0; i < 4; ++i) locate({"slow.example"});
  EXPECT_EQ(told, 1);
  EXPECT_THAT(found, IsEmpty());
}

TEST_F(LocatorTest, TakesAnAddressAsItIs) {
  locate({"192.0.2.7"});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060"));
  locate({"[2001:db8::7]", 5070});
  EXPECT_THAT(found, ElementsAre("udp:[2001:db8::7]:5070"));
  locate({"192.0.2.7", 0, Transport::Tls});
  EXPECT_THAT(found, ElementsAre("tls:192.0.2.7:5061"));
  locate({"192.0.2.7", 0, {}, true});
  EXPECT_THAT(found, ElementsAre("tls:192.0.2.7:5061"));
  EXPECT_THAT(dns.asked, IsEmpty());
}

TEST_F(LocatorTest, AsksForNoServiceWhenAPortIsNamed) {
  dns.address("a.example", "192.0.2.7");
  dns.service("_sip._udp.a.example", 1, 1, 5999, "b.example");
  locate({"a.example", 5070});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5070"));
}

TEST_F(LocatorTest, LetsNaptrChooseTheTransport) {
  dns.pointer("a.example", 20, "sip+d2u", "_sip._udp.a.example");
  dns.pointer("a.example", 10, "sip+d2t", "_sip._tcp.a.example");
  dns.service("_sip._tcp.a.example", 1, 1, 5070, "gw.example");
  dns.service("_sip._udp.a.example", 1, 1, 5080, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example"});
  EXPECT_THAT(found, ElementsAre("tcp:192.0.2.7:5070", "udp:192.0.2.7:5080"));
}

TEST_F(LocatorTest, TakesNothingButTlsForSips) {
  dns.pointer("a.example", 10, "sip+d2u", "_sip._udp.a.example");
  dns.pointer("a.example", 20, "sips+d2t", "_sips._tcp.a.example");
  dns.service("_sip._udp.a.example", 1, 1, 5080, "gw.example");
  dns.service("_sips._tcp.a.example", 1, 1, 5071, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example", 0, {}, true});
  EXPECT_THAT(found, ElementsAre("tls:192.0.2.7:5071"));
}

TEST_F(LocatorTest, LooksForServicesWhenThereIsNoNaptr) {
  dns.service("_sip._udp.a.example", 1, 1, 5080, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example"});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5080"));
  EXPECT_THAT(dns.asked, Contains("_sips._tcp.a.example"));
}

TEST_F(LocatorTest, LooksOnlyForTheTransportThatIsWanted) {
  dns.service("_sip._udp.a.example", 1, 1, 5080, "gw.example");
  dns.service("_sip._tcp.a.example", 1, 1, 5070, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example", 0, Transport::Tcp});
  EXPECT_THAT(found, ElementsAre("tcp:192.0.2.7:5070"));
}

TEST_F(LocatorTest, TakesTheAddressOfTheNameWhenThereAreNoServices) {
  dns.address("a.example", "192.0.2.7");
  dns.address("a.example", "2001:db8::7");
  locate({"a.example"});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060", "udp:[2001:db8::7]:5060"));
  locate({"a.example", 0, Transport::Tls});
  EXPECT_THAT(found, ElementsAre("tls:192.0.2.7:5061", "tls:[2001:db8::7]:5061"));
}

TEST_F(LocatorTest, TakesTheAddressOfTheNameForATransportWithoutServices) {
  dns.address("a.example", "192.0.2.7");
  locate({"a.example", 0, Transport::Wss});
  EXPECT_THAT(found, ElementsAre("wss:192.0.2.7:443"));
}

TEST_F(LocatorTest, FindsNothingWhenTheServiceIsSaidNotToBeOffered) {
  dns.service("_sip._udp.a.example", 0, 0, 0, "");
  dns.address("a.example", "192.0.2.7");
  locate({"a.example", 0, Transport::Udp});
  EXPECT_EQ(told, 1);
  EXPECT_THAT(found, IsEmpty());
}

TEST_F(LocatorTest, PutsTheLesserPriorityFirst) {
  dns.service("_sip._udp.a.example", 20, 1, 5060, "late.example");
  dns.service("_sip._udp.a.example", 10, 1, 5060, "early.example");
  dns.address("late.example", "192.0.2.8");
  dns.address("early.example", "192.0.2.7");
  locate({"a.example", 0, Transport::Udp});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060", "udp:192.0.2.8:5060"));
}

TEST_F(LocatorTest, SharesAmongEqualsByWeight) {
  dns.service("_sip._udp.a.example", 1, 90, 5060, "large.example");
  dns.service("_sip._udp.a.example", 1, 10, 5060, "small.example");
  dns.address("large.example", "192.0.2.7");
  dns.address("small.example", "192.0.2.8");
  int large = 0;
  for (int i = 0; i < 200; ++i) {
    locate({"a.example", 0, Transport::Udp});
    ASSERT_THAT(found, UnorderedElementsAre("udp:192.0.2.7:5060", "udp:192.0.2.8:5060"));
    if (found[0] == "udp:192.0.2.7:5060") ++large;
  }
  EXPECT_GT(large, 150);
  EXPECT_LT(large, 200);
}

TEST_F(LocatorTest, LeavesOutAHostWithoutAnAddress) {
  dns.service("_sip._udp.a.example", 1, 1, 5060, "gone.example");
  dns.service("_sip._udp.a.example", 2, 1, 5060, "gw.example");
  dns.address("gw.example", "192.0.2.7");
  locate({"a.example", 0, Transport::Udp});
  EXPECT_THAT(found, ElementsAre("udp:192.0.2.7:5060"));
}

TEST_F(LocatorTest, IsNotDrownedByAnAnswer) {
  for (int i = 0; i < 30; ++i) {
    const auto host = "h" + std::to_string(i) + ".example";
    dns.service("_sip._udp.a.example", 1, 1, 5060, host);
    for (int j = 1; j < 30; ++j) dns.address(host, "192.0.2." + std::to_string(j));
  }
  locate({"a.example", 0, Transport::Udp});
  EXPECT_EQ(found.size(), 5u);
  EXPECT_LE(dns.asked.size(), 9u);
}

}  // namespace
}  // namespace xivo::sip::testing
