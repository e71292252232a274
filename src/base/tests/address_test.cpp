#include "base/address.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_set>

namespace xivo {
namespace {

TEST(IpAddress, RefusesHostileTexts) {
  const std::string_view bad[] = {"",
                                  " ",
                                  "[",
                                  "]",
                                  "[]",
                                  "[[::1]]",
                                  "[::1",
                                  "::1]",
                                  "localhost",
                                  "1",
                                  "1.2.3",
                                  "1.2.3.4.5",
                                  "1.2.3.256",
                                  "1.2.3.-4",
                                  "1.2.3.4 ",
                                  " 1.2.3.4",
                                  "1.2.3.4\n",
                                  "01.2.3.4",
                                  "0x7f.0.0.1",
                                  "127.1",
                                  "2130706433",
                                  "1.2.3.4:5060",
                                  ":::",
                                  "1::2::3",
                                  "12345::",
                                  "::1%lo",
                                  "fe80::1%2",
                                  "::1/64",
                                  "1:2:3:4:5:6:7:8:9",
                                  "::256.0.0.1",
                                  "g::",
                                  "１.２.３.４"};
  for (const auto text : bad) EXPECT_FALSE(IpAddress::parse(text)) << '"' << text << '"';
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
  EXPECT_FALSE(IpAddress::parse(std::string_view("::1\0junk", 8)));
  EXPECT_FALSE(IpAddress::parse(std::string(1 << 20, ':')));
  EXPECT_FALSE(IpAddress::parse(std::string(1 << 20, '1')));
}

TEST(IpAddress, TakesBracketsOnlyAroundIpv6) {
  EXPECT_FALSE(IpAddress::parse("[192.0.2.1]"));
  EXPECT_EQ(IpAddress::parse("[2001:db8::1]"), IpAddress::parse("2001:db8::1"));
}

TEST(IpAddress, ReadsTheLongestForm) {
  const auto longest = IpAddress::parse("0000:0000:0000:0000:0000:ffff:255.255.255.255");
  ASSERT_TRUE(longest);
  EXPECT_EQ(longest->to_string(), "255.255.255.255");
}

TEST(IpAddress, WritesWhatItReads) {
  for (const char* text :
       {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
  EXPECT_EQ(IpAddress::parse("2001:DB8:0:0::1")->to_uri_host(), "[2001:db8::1]");
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->to_uri_host(), "192.0.2.1");
}

TEST(IpAddress, MappedIpv6IsTheSameAsIpv4) {
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(IpAddress::v4(0xc0000201), IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->v4_host_order(), 0xc0000201u);
}

TEST(IpAddress, KnowsPrivateFromPublicAtTheEdgesOfEachBlock) {
  const auto is_private = [](const char* text) { return IpAddress::parse(text)->is_private(); };
  for (const char* text : {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
                           "192.168.255.255", "169.254.0.1", "100.64.0.0", "100.127.255.255", "127.0.0.1",
                           "127.255.255.255", "::1", "fc00::1", "fdff::1", "fe80::1", "febf::1"}) {
    EXPECT_TRUE(is_private(text)) << text;
  }
  for (const char* text : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
                           "192.169.0.0", "169.253.0.1", "169.255.0.1", "100.63.255.255", "100.128.0.0",
                           "2001:db8::1", "fe00::1", "fec0::1", "fbff::1", "8.8.8.8"}) {
    EXPECT_FALSE(is_private(text)) << text;
  }
}

TEST(IpAddress, KnowsTheUnspecifiedOfBothFamilies) {
  EXPECT_TRUE(IpAddress().is_unspecified());
  EXPECT_TRUE(IpAddress::parse("0.0.0.0")->is_unspecified());
  EXPECT_FALSE(IpAddress::parse("0.0.0.1")->is_unspecified());
  EXPECT_FALSE(IpAddress().is_v4());
}

TEST(IpAddress, OrderAndHashFollowTheBytes) {
  const auto low = *IpAddress::parse("192.0.2.1");
  const auto high = *IpAddress::parse("192.0.2.2");
  EXPECT_LT(low, high);
  const std::unordered_set<IpAddress> set = {low, high, low};
  EXPECT_EQ(set.size(), 2u);
}

TEST(IpAddress, SurvivesRandomBytes) {
  std::mt19937 random(7);
  static constexpr char kAlphabet[] = "0123456789abcdefABCDEF:.[]% -/\0x";
  for (int i = 0; i < 200'000; ++i) {
    std::string text(random() % 48, ' ');
    for (char& c : text) c = kAlphabet[random() % sizeof kAlphabet];
    const auto address = IpAddress::parse(text);
    if (address) {
      ASSERT_EQ(IpAddress::parse(address->to_string()), address) << text;
    }
    const auto socket = SocketAddress::parse(text);
    if (socket) {
      ASSERT_EQ(SocketAddress::parse(socket->to_string()), socket) << text;
    }
  }
}

TEST(SocketAddress, RefusesHostileTexts) {
  for (const std::string_view text : {"",
                                      ":",
                                      "::",
                                      "::1",
                                      "::1:5060",
                                      "1.2.3.4",
                                      "1.2.3.4:",
                                      "1.2.3.4:-1",
                                      "1.2.3.4:+1",
                                      "1.2.3.4:65536",
                                      "1.2.3.4: 1",
                                      "1.2.3.4:5060 ",
                                      ":5060",
                                      "[::1]",
                                      "[::1]:",
                                      "[::1:5060",
                                      "::1]:5060",
                                      "[]:5060",
                                      "[1.2.3.4]:5060",
                                      "[::1]5060",
                                      "host:5060",
                                      "1.2.3.4:99999999999999999999"}) {
    EXPECT_FALSE(SocketAddress::parse(text)) << '"' << text << '"';
  }
}

TEST(SocketAddress, WritesWhatItReads) {
  for (const char* text : {"192.0.2.1:5060", "[2001:db8::1]:5061", "0.0.0.0:0", "[::]:65535"}) {
    const auto address = SocketAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(SocketAddress, DiffersByPort) {
  const std::unordered_set<SocketAddress> set = {
      {IpAddress::v4(1), 1}, {IpAddress::v4(1), 2}, {IpAddress::v4(1), 1}};
  EXPECT_EQ(set.size(), 2u);
}

}  // namespace
}  // namespace xivo
