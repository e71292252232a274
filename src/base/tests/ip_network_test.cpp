#include "base/ip_network.hpp"

#include <gtest/gtest.h>

namespace xivo {
namespace {

IpAddress ip(const char* text) { return *IpAddress::parse(text); }

TEST(IpNetwork, IsRefusedWhenItMakesNoSense) {
  for (const auto* text :
       {"", "/24", "192.0.2.0/", "192.0.2.0/33", "2001:db8::/129", "192.0.2.0/-1", "example.org/8"}) {
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
  }
}

TEST(IpNetwork, ContainsTheAddressesWithItsFirstBits) {
  const auto network = IpNetwork::parse("10.20.0.0/15");
  ASSERT_TRUE(network);
  EXPECT_TRUE(network->contains(ip("10.20.0.0")));
  EXPECT_TRUE(network->contains(ip("10.21.255.255")));
  EXPECT_FALSE(network->contains(ip("10.22.0.0")));
  EXPECT_FALSE(network->contains(ip("10.19.255.255")));
  EXPECT_EQ(network->to_string(), "10.20.0.0/15");
}

TEST(IpNetwork, OfOneAddressContainsIt) {
  EXPECT_TRUE(IpNetwork::parse("192.0.2.7")->contains(ip("192.0.2.7")));
  EXPECT_FALSE(IpNetwork::parse("192.0.2.7")->contains(ip("192.0.2.6")));
}

TEST(IpNetwork, IsOfOneFamily) {
  EXPECT_TRUE(IpNetwork::parse("0.0.0.0/0")->contains(ip("198.51.100.1")));
  EXPECT_FALSE(IpNetwork::parse("0.0.0.0/0")->contains(ip("2001:db8::1")));
  EXPECT_FALSE(IpNetwork::parse("::/0")->contains(ip("198.51.100.1")));
  EXPECT_TRUE(IpNetwork::parse("2001:db8::/32")->contains(ip("2001:db8:ffff::1")));
  EXPECT_FALSE(IpNetwork::parse("2001:db8::/32")->contains(ip("2001:db9::1")));
}

}  // namespace
}  // namespace xivo
