#include "sip/wire/local_addresses.hpp"

#include <gtest/gtest.h>

namespace xivo::sip {
namespace {

SocketAddress address(std::string_view text) { return *SocketAddress::parse(text); }
IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

class Locals : public ::testing::Test {
 protected:
  runtime::ManualClock clock;
  LocalAddresses locals{clock};
};

TEST_F(Locals, AreNoneWithoutASocketOfTheFamily) {
  EXPECT_FALSE(locals.towards(ip("127.0.0.9"), {address("[::1]:5060")}));
  EXPECT_FALSE(locals.towards(ip("127.0.0.9"), {}));
}

TEST_F(Locals, AreTheOnlySocketsWithoutAskingAnybody) {
  EXPECT_EQ(locals.towards(ip("127.0.0.9"), {address("192.0.2.1:5060")}), address("192.0.2.1:5060"));
}

TEST_F(Locals, AreRoutedForASocketOfAllAddresses) {
  EXPECT_EQ(locals.towards(ip("127.0.0.9"), {address("0.0.0.0:5070")}), address("127.0.0.1:5070"));
}

TEST_F(Locals, AreTheSocketThatCanReachThePeer) {
  const std::vector<SocketAddress> bound{address("192.0.2.1:5060"), address("127.0.0.1:5070")};
  EXPECT_EQ(locals.towards(ip("127.0.0.9"), bound), address("127.0.0.1:5070"));
}

TEST_F(Locals, AreShownAsAdvertisedToTheOutsideOnly) {
  const auto local = address("10.0.0.1:5060");
  EXPECT_EQ(locals.shown(local, ip("198.51.100.1")), local);
  locals.set_advertised(ip("203.0.113.9"));
  EXPECT_EQ(locals.shown(local, ip("198.51.100.1")), address("203.0.113.9:5060"));
  EXPECT_EQ(locals.shown(local, ip("10.1.1.1")), local);
  EXPECT_EQ(locals.shown(address("[2001:db8::1]:5060"), ip("2001:db8::2")), address("[2001:db8::1]:5060"));
}

TEST_F(Locals, AreShownAsTheyAreInALocalNetwork) {
  locals.set_advertised(ip("203.0.113.9"));
  locals.add_local(*IpNetwork::parse("198.51.100.0/24"));  // a branch office over a private line
  const auto local = address("10.0.0.1:5060");
  EXPECT_EQ(locals.shown(local, ip("198.51.100.1")), local);
  EXPECT_EQ(locals.shown(local, ip("198.51.101.1")), address("203.0.113.9:5060"));
}

TEST_F(Locals, AreAdvertisedForEachFamilyByItself) {
  locals.set_advertised(ip("203.0.113.9"));
  locals.set_advertised(ip("2001:db8::9"));
  EXPECT_EQ(locals.shown(address("10.0.0.1:5060"), ip("198.51.100.1")), address("203.0.113.9:5060"));
  EXPECT_EQ(locals.shown(address("[fd00::1]:5060"), ip("2001:db8:1::1")), address("[2001:db8::9]:5060"));
  EXPECT_TRUE(locals.is_advertised(ip("203.0.113.9")));
  EXPECT_TRUE(locals.is_advertised(ip("2001:db8::9")));
  EXPECT_FALSE(locals.is_advertised(ip("10.0.0.1")));
}

}  // namespace
}  // namespace xivo::sip
