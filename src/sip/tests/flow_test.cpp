#include "sip/flow.hpp"

#include <gtest/gtest.h>

#include "sip/stun_keepalive.hpp"

namespace xivo::sip {
namespace {

TEST(Flow, NamesItsTransportAndRemote) {
  const Flow flow{Transport::Wss, *SocketAddress::parse("192.0.2.1:443"),
                  *SocketAddress::parse("[2001:db8::7]:4000"), 1};
  EXPECT_EQ(flow.to_string(), "wss:[2001:db8::7]:4000");
}

TEST(Transport, HasTheNamesOfViaAndUri) {
  EXPECT_EQ(name(Transport::Udp), "UDP");
  EXPECT_EQ(name(Transport::Tls), "TLS");
  EXPECT_EQ(uri_parameter(Transport::Tcp), "tcp");
  EXPECT_EQ(uri_parameter(Transport::Ws), "ws");
  EXPECT_EQ(uri_parameter(Transport::Wss), "ws") << "RFC 7118 has one for both";
  EXPECT_EQ(label(Transport::Wss), "wss");
}

TEST(Transport, HasADefaultPort) {
  EXPECT_EQ(default_port(Transport::Udp), 5060);
  EXPECT_EQ(default_port(Transport::Tcp), 5060);
  EXPECT_EQ(default_port(Transport::Tls), 5061);
}

TEST(Transport, IsReliableUnlessUdp) {
  EXPECT_FALSE(is_reliable(Transport::Udp));
  EXPECT_TRUE(is_reliable(Transport::Wss));
}

// ---------------------------------------------------------------- stun keepalive

const std::string kTransaction = "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";
const std::string kRequest = std::string("\x00\x01\x00\x00\x21\x12\xa4\x42", 8) + kTransaction;

SocketAddress at(std::string_view text) { return *SocketAddress::parse(text); }

TEST(StunKeepalive, IsNotAnsweredWhenItIsNone) {
  std::string wrong_cookie = kRequest;
  wrong_cookie[4] = 'x';
  std::string response = kRequest;
  response[0] = 1;
  std::string wrong_length = kRequest;
  wrong_length[3] = 4;
  for (const auto& bytes : {std::string(), std::string("\r\n\r\n"), kRequest.substr(1), kRequest + "abc",
                            wrong_cookie, response, wrong_length, std::string("REGISTER sip:a SIP/2.0\r\n")})
    EXPECT_FALSE(stun_answer(bytes, at("192.0.2.1:32853")));
}

// The address of the sample response of RFC 5769 §2.2.
TEST(StunKeepalive, IsAnsweredWithTheAddressItCameFrom) {
  const auto answer = stun_answer(kRequest, at("192.0.2.1:32853"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, std::string("\x01\x01\x00\x0c\x21\x12\xa4\x42", 8) + kTransaction +
                         std::string("\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43", 12));
}

// RFC 5769 §2.3.
TEST(StunKeepalive, IsAnsweredOverIpv6) {
  const auto answer = stun_answer(kRequest, at("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->substr(20), std::string("\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79"
                                            "\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9",
                                            24));
}

}  // namespace
}  // namespace xivo::sip
