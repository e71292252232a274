#include "sip/tests/wire_bench.hpp"

namespace xivo::sip::testing {
namespace {

class SocketWireUdp : public SocketWireTest {};

TEST_F(SocketWireUdp, CannotListenOnAPortThatIsTaken) {
  Peer one(loop), other(loop);
  const auto bound = one.listen(Transport::Udp);
  const auto again = other.wire.listen(Transport::Udp, bound);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().detail, EADDRINUSE);
}

TEST_F(SocketWireUdp, RefusesWhatNoSocketCanSend) {
  Peer peer(loop);
  peer.listen(Transport::Udp);
  EXPECT_FALSE(peer.wire.send({Transport::Udp, {}, address("[::1]:5060"), 0}, options()));
  EXPECT_FALSE(peer.wire.send({Transport::Udp, {}, address("127.0.0.1:5060"), 0}, std::string(66'000, 'x')));
  EXPECT_FALSE(peer.wire.send({Transport::Udp, {}, address("127.0.0.1:0"), 0}, options()));
}

TEST_F(SocketWireUdp, CarriesAMessageAndItsAnswer) {
  Peer near(loop), far(loop);
  const auto near_address = near.listen(Transport::Udp);
  const auto far_address = far.listen(Transport::Udp);
  attach(near, far);
  far.when_message = [&](const Received& message) { far.wire.send(message.flow, "SIP/2.0 200 OK"); };
  const auto flow = near.wire.flow_to(Transport::Udp, far_address);
  EXPECT_EQ(flow.local, near_address);
  EXPECT_TRUE(near.wire.send(flow, options()));
  run_until([&] { return !near.messages.empty(); });
  ASSERT_EQ(far.messages.size(), 1u);
  EXPECT_EQ(far.messages[0].bytes, options());
  EXPECT_EQ(far.messages[0].flow, (Flow{Transport::Udp, far_address, near_address, 0}));
  EXPECT_EQ(near.messages[0].bytes, "SIP/2.0 200 OK");
}

TEST_F(SocketWireUdp, CarriesIpv6) {
  Peer near(loop), far(loop);
  if (!near.wire.listen(Transport::Udp, address("[::1]:0"))) GTEST_SKIP() << "no IPv6 here";
  const auto far_address = far.listen(Transport::Udp, address("[::]:0"));
  attach(near, far);
  near.wire.send(near.wire.flow_to(Transport::Udp, {IpAddress::parse("::1").value(), far_address.port}),
                 options());
  run_until([&] { return !far.messages.empty(); });
  EXPECT_EQ(far.messages[0].flow.local.to_string(), "[::1]:" + std::to_string(far_address.port));
}

TEST_F(SocketWireUdp, BoundToAllAddressesTellsTheOneThatWasMeantAndAnswersFromIt) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  const auto port = far.listen(Transport::Udp, address("0.0.0.0:0")).port;
  attach(near, far);
  const SocketAddress meant{*IpAddress::parse("127.0.0.5"), port};
  far.when_message = [&](const Received& message) { far.wire.send(message.flow, options("answer")); };
  near.wire.send(near.wire.flow_to(Transport::Udp, meant), options());
  run_until([&] { return !near.messages.empty(); });
  EXPECT_EQ(far.messages[0].flow.local, meant);
  EXPECT_EQ(near.messages[0].flow.remote, meant);
}

TEST_F(SocketWireUdp, IgnoresWhatOnlyKeepsNatOpen) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  const auto flow = near.wire.flow_to(Transport::Udp, far.listen(Transport::Udp));
  attach(near, far);
  for (const auto& bytes : {std::string(), std::string("\r\n\r\n"), std::string("\0\0\0\0", 4),
                            std::string("jaK"), std::string("\r\n\r\n\r\n\r\n"), options()}) {
    EXPECT_TRUE(near.wire.send(flow, bytes));
  }
  run_until([&] { return !far.messages.empty(); });
  EXPECT_EQ(far.messages.size(), 1u);
  EXPECT_EQ(far.messages[0].bytes, options());
}

TEST_F(SocketWireUdp, CarriesMoreThanOneBatchInOrder) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  const auto flow = near.wire.flow_to(Transport::Udp, far.listen(Transport::Udp));
  attach(near, far);
  constexpr std::size_t kCount = 300;
  for (std::size_t i = 0; i < kCount; ++i) near.wire.send(flow, options(std::to_string(i)));
  run_until([&] { return far.messages.size() == kCount; });
  for (std::size_t i = 0; i < far.messages.size(); ++i)
    EXPECT_EQ(far.messages[i].bytes, options(std::to_string(i)));
}

TEST_F(SocketWireUdp, GoesOnAfterSendingWhereNobodyListens) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  SocketAddress nobody;
  {
    Peer gone(loop);
    nobody = gone.listen(Transport::Udp);
  }
  const auto far_address = far.listen(Transport::Udp);
  attach(near, far);
  near.wire.send(near.wire.flow_to(Transport::Udp, nobody), options());
  near.wire.send(near.wire.flow_to(Transport::Udp, far_address), options());
  run_until([&] { return !far.messages.empty(); });
}

TEST_F(SocketWireUdp, ShowsTheAdvertisedAddressToTheOutsideOnly) {
  Peer peer(loop);
  const auto port = peer.listen(Transport::Udp, address("0.0.0.0:0")).port;
  peer.wire.set_advertised(*IpAddress::parse("203.0.113.9"));
  EXPECT_EQ(peer.wire.flow_to(Transport::Udp, address("198.51.100.1:5060")).local.to_string(),
            "203.0.113.9:" + std::to_string(port));
  EXPECT_EQ(peer.wire.flow_to(Transport::Udp, address("127.0.0.9:5060")).local.to_string(),
            "127.0.0.1:" + std::to_string(port));
}

TEST_F(SocketWireUdp, MayBeClosedFromInside) {
  Peer near(loop), far(loop);
  near.listen(Transport::Udp);
  const auto flow = near.wire.flow_to(Transport::Udp, far.listen(Transport::Udp));
  attach(near, far);
  far.when_message = [&](const Received&) { far.wire.close(); };
  for (int i = 0; i < 3; ++i) near.wire.send(flow, options());
  run_until([&] { return !far.messages.empty(); });
  EXPECT_EQ(far.messages.size(), 1u);
}

TEST_F(SocketWireUdp, MayGoWithSomethingUnsent) {
  Peer far(loop);
  attach(far);
  {
    Peer near(loop);
    near.listen(Transport::Udp);
    near.wire.send(near.wire.flow_to(Transport::Udp, far.listen(Transport::Udp)), options());
  }
  run_until([&] { return !far.messages.empty(); });
}

}  // namespace
}  // namespace xivo::sip::testing
