#include "endpoint/hops.hpp"

#include <gtest/gtest.h>

#include "sip/tests/fake_resolver.hpp"

namespace xivo::endpoint {
namespace {

using namespace std::chrono_literals;

class HopsTest : public ::testing::Test {
 protected:
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
  sip::testing::FakeResolver dns{{clock, timers, rng}};
  sip::Locator locator{{clock, timers, rng}, dns};
  Hops hops{{clock, timers, rng}, locator};
  const sip::Whereabouts where{"proxy.example", 5070, sip::Transport::Udp};
};

TEST_F(HopsTest, NeverKnowsANameThatLeadsNowhere) {
  EXPECT_FALSE(hops.find(where));
  pass(1s);
  EXPECT_FALSE(hops.find(where));
}

TEST_F(HopsTest, MakesNobodyWaitAndAsksOnce) {
  dns.silent = true;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(hops.find(where));
  EXPECT_EQ(locator.searches(), 1u);
}

TEST_F(HopsTest, KnowsANameTheNextTime) {
  dns.address("proxy.example", "192.0.2.7");
  EXPECT_FALSE(hops.find(where));
  pass(1s);
  const auto hop = hops.find(where);
  ASSERT_TRUE(hop);
  EXPECT_EQ(hop->address.to_string(), "192.0.2.7:5070");
}

TEST_F(HopsTest, AsksAgainAfterAWhileAndKeepsWhatItKnowsMeanwhile) {
  dns.address("proxy.example", "192.0.2.7");
  hops.find(where);
  pass(1s);
  dns.silent = true;
  pass(61s);
  EXPECT_TRUE(hops.find(where));
  EXPECT_EQ(locator.searches(), 1u);
}

}  // namespace
}  // namespace xivo::endpoint
