#include "sip/socket_wire.hpp"

#include <vector>

#include "sip/tests/wire_bench.hpp"

namespace xivo::sip::testing {
namespace {

class SocketWireFace : public SocketWireTest {};

TEST_F(SocketWireFace, ListensOnNothingButUdpAndTcpWithoutACertificate) {
  Peer peer(loop);
  for (const auto transport : {Transport::Tls, Transport::Ws, Transport::Wss}) {
    EXPECT_FALSE(peer.wire.listen(transport, kLoopback));
    EXPECT_FALSE(peer.wire.send({transport, kLoopback, address("127.0.0.1:9"), 0}, "x"));
  }
}

TEST_F(SocketWireFace, ShowsBothDirectionsToTheTap) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  const auto flow = near.wire.flow_to(Transport::Udp, far.listen(Transport::Udp));
  attach(near, far);
  std::vector<bool> seen;
  near.wire.set_tap([&](bool sent, const Flow&, std::string_view) { seen.push_back(sent); });
  far.wire.set_tap([&](bool sent, const Flow&, std::string_view) { seen.push_back(sent); });
  near.wire.send(flow, options());
  run_until([&] { return !far.messages.empty(); });
  EXPECT_EQ(seen, (std::vector<bool>{true, false}));
}

}  // namespace
}  // namespace xivo::sip::testing
