#include "sip/flow.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace xivo::sip
