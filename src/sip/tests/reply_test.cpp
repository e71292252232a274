#include <gtest/gtest.h>

#include "sip/tests/transaction_bench.hpp"

namespace xivo::sip::testing {
namespace {

struct WayBack {
  Transport transport;
  const char* via;
  const char* source;
  const char* answer_to;
};

class TransactionWayBack : public ::testing::TestWithParam<WayBack> {};

TEST_P(TransactionWayBack, IsAsRfc3261AndRfc3581Say) {
  const auto& one = GetParam();
  Bench bench;
  bench.flow = flow_over(one.transport, one.source, one.transport == Transport::Udp ? 0 : 77);
  RequestText request = RequestText{}.as("OPTIONS");
  request.via = one.via;
  bench.receive(request);
  bench.respond(200);
  ASSERT_EQ(bench.wire.sent.size(), 1u);
  EXPECT_EQ(bench.wire.sent[0].flow.remote, address(one.answer_to));
  EXPECT_EQ(bench.wire.sent[0].flow.connection, bench.flow.connection);
}

INSTANTIATE_TEST_SUITE_P(Vias, TransactionWayBack,
                         ::testing::Values(
                             // rport: to the source, whatever is said
                             WayBack{Transport::Udp, "SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:40000"},
                             WayBack{Transport::Udp, "SIP/2.0/UDP 192.0.2.7:5066;rport;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:40000"},
                             // without: to the port that is said
                             WayBack{Transport::Udp, "SIP/2.0/UDP 192.0.2.7:5066;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:5066"},
                             WayBack{Transport::Udp, "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:5060"},
                             WayBack{Transport::Udp, "SIP/2.0/UDP [2001:db8::7]:5066;branch=z9hG4bK1",
                                     "[2001:db8::7]:40000", "[2001:db8::7]:5066"},
                             // but from behind NAT to the source
                             WayBack{Transport::Udp, "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:40000"},
                             WayBack{Transport::Udp, "SIP/2.0/UDP phone.local;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:40000"},
                             // streams: the connection; should it be gone, the port that is said
                             WayBack{Transport::Tcp, "SIP/2.0/TCP 10.0.0.1:5070;rport;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:5070"},
                             WayBack{Transport::Tls, "SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK1",
                                     "192.0.2.7:40000", "192.0.2.7:5061"}));

}  // namespace
}  // namespace xivo::sip::testing
