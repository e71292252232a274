#include "base/ip_network.hpp"

#include <gtest/gtest.h>

namespace xivo {
namespace {

TEST(Network, IsNotReadFromWhatIsNone) {
  for (const char* text :
       {"", "x", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1", "2001:db8::/129", "/8", "1.2.3/8"})
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
}

TEST(Network, IsWrittenAsItIsRead) {
  for (const char* text :
       {"192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "::/0"}) {
    const auto network = IpNetwork::parse(text);
    ASSERT_TRUE(network) << text;
    EXPECT_EQ(network->to_string(), text);
  }
}

TEST(Network, ForgetsTheBitsBehindItsPrefix) {
  EXPECT_EQ(IpNetwork::parse("192.0.2.77/24"), IpNetwork::parse("192.0.2.0/24"));
  EXPECT_EQ(IpNetwork::parse("192.0.2.77/32"), IpNetwork::parse("192.0.2.77"));
  EXPECT_EQ(IpNetwork::parse("2001:db8:1:2:3::9/47")->to_string(), "2001:db8::/47");
}

TEST(Network, ContainsItsAddressesAndNoOthers) {
  const auto network = *IpNetwork::parse("192.0.2.64/26");
  EXPECT_TRUE(network.contains(*IpAddress::parse("192.0.2.64")));
  EXPECT_TRUE(network.contains(*IpAddress::parse("192.0.2.127")));
  EXPECT_FALSE(network.contains(*IpAddress::parse("192.0.2.128")));
  EXPECT_FALSE(network.contains(*IpAddress::parse("2001:db8::1")));
}

TEST(Network, OfAHolderIsAnIPv4AddressOrAnIPv6NetworkOf64Bits) {
  EXPECT_EQ(IpNetwork::holder(*IpAddress::parse("192.0.2.7")).to_string(), "192.0.2.7");
  EXPECT_EQ(IpNetwork::holder(*IpAddress::parse("2001:db8:1:2:3:4:5:6")).to_string(), "2001:db8:1:2::/64");
}

}  // namespace
}  // namespace xivo
