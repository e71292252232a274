#include <memory>
#include <vector>

#include "sip/tests/tls_bench.hpp"

namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

class SocketWireTls : public SocketWireTest {
 protected:
  SocketAddress listen(Peer& peer) {
    peer.wire.set_tls(context);
    return peer.listen(Transport::Tls);
  }

  Certificates certificates;
  runtime::TlsCertificate certificate = certificates.make("pbx.example");
  std::shared_ptr<const runtime::TlsContext> context = tls({{certificate}, false, {}});
};

TEST_F(SocketWireTls, RefusesToListenWithoutACertificate) {
  Peer peer(loop);
  EXPECT_FALSE(peer.wire.listen(Transport::Tls, kLoopback));
}

TEST_F(SocketWireTls, TellsOfAPeerThatSpeaksNoTls) {
  Peer near(loop), far(loop);
  listen(near);
  const auto plain = far.listen(Transport::Tcp);
  attach(near, far);
  EXPECT_TRUE(near.wire.send(near.wire.flow_to(Transport::Tls, plain), options()));
  run_until([&] { return !near.failed.empty(); });
  EXPECT_EQ(near.failed[0].transport, Transport::Tls);
  EXPECT_EQ(near.wire.connection_count(), 0u);
}

TEST_F(SocketWireTls, ClosesOnAClientThatSpeaksNoTls) {
  Peer server(loop);
  RawClient client(loop, listen(server));
  attach(server, client);
  client.write(options());
  run_until([&] { return client.closed && !server.failed.empty(); });
  EXPECT_TRUE(server.messages.empty());
}

TEST_F(SocketWireTls, CarriesARequestAndItsAnswerByOneConnection) {
  Peer near(loop), far(loop);
  const auto near_address = listen(near);
  const auto far_address = listen(far);
  attach(near, far);
  far.when_message = [&](const Received& message) { far.wire.send(message.flow, options("answer")); };
  const auto flow = near.wire.flow_to(Transport::Tls, far_address);
  EXPECT_EQ(flow.local, near_address);
  EXPECT_TRUE(near.wire.send(flow, options("one")));
  EXPECT_TRUE(near.wire.send(flow, options("two")));
  run_until([&] { return near.messages.size() == 2; });
  EXPECT_EQ(far.messages[0].flow.transport, Transport::Tls);
  EXPECT_EQ(far.messages[0].flow.local, far_address);
  EXPECT_EQ(near.wire.connection_count(), 1u);
  EXPECT_EQ(far.wire.connection_count(), 1u);
  EXPECT_EQ(near.wire.flow_to(Transport::Tls, far_address), near.messages[0].flow);
}

TEST_F(SocketWireTls, NeverMistakesATcpConnectionForATlsOne) {
  Peer near(loop), far(loop);
  listen(near);
  near.listen(Transport::Tcp);
  const auto far_address = far.listen(Transport::Tcp);
  attach(near, far);
  EXPECT_TRUE(near.wire.send(near.wire.flow_to(Transport::Tcp, far_address), options()));
  run_until([&] { return !far.messages.empty(); });
  EXPECT_EQ(near.wire.flow_to(Transport::Tls, far_address).connection, 0u);
}

TEST_F(SocketWireTls, CarriesMoreThanOneRecordHolds) {
  Peer server(loop);
  TlsClient client(loop, listen(server), context);
  attach(server, client);
  const auto large = options(std::string(60'000, 'x'));
  server.when_message = [&](const Received& message) { server.wire.send(message.flow, message.bytes); };
  client.write(large);
  run_until([&] { return client.received.size() == large.size(); });
  EXPECT_EQ(client.received, large);
}

TEST_F(SocketWireTls, DeliversWhatTheSocketDidNotTakeAtOnce) {
  constexpr std::size_t kTotal = 8'000'000;
  SocketWire::Limits limits;
  limits.queued_bytes_max = 2 * kTotal;
  Peer server(loop, limits);
  TlsClient client(loop, listen(server), context);
  attach(server, client);
  server.when_message = [&](const Received& message) {
    const std::string large(50'000, 'x');
    for (std::size_t sent = 0; sent < kTotal; sent += large.size())
      EXPECT_TRUE(server.wire.send(message.flow, large));
  };
  client.write(options());
  run_until([&] { return client.received.size() == kTotal; });
}

TEST_F(SocketWireTls, ClosesOnAPeerThatReadsTooSlowly) {
  SocketWire::Limits limits;
  limits.queued_bytes_max = 100'000;
  Peer server(loop, limits);
  TlsClient client(loop, listen(server), context);
  attach(server, client);
  server.when_message = [&](const Received& message) {
    client.read_nothing_more();
    int sends = 0;
    while (server.wire.send(message.flow, std::string(50'000, 'x')) && sends < 1'000) ++sends;
    EXPECT_LT(sends, 1'000);
  };
  client.write(options());
  run_until([&] { return !server.failed.empty(); });
  EXPECT_EQ(server.wire.connection_count(), 0u);
}

TEST_F(SocketWireTls, AnswersAKeepAlive) {
  Peer server(loop);
  TlsClient client(loop, listen(server), context);
  attach(server, client);
  client.write("\r\n\r\n");
  run_until([&] { return !client.received.empty(); });
  EXPECT_EQ(client.received, "\r\n");
}

TEST_F(SocketWireTls, Answers400WithoutContentLengthAndCloses) {
  Peer server(loop);
  TlsClient client(loop, listen(server), context);
  attach(server, client);
  auto text = options();
  text.replace(text.find("Content-Length: 0\r\n"), 19, "");
  client.write(text);
  run_until([&] { return client.closed; });
  EXPECT_EQ(client.received.compare(0, 11, "SIP/2.0 400"), 0) << client.received;
}

TEST_F(SocketWireTls, ClosesOnHalfAHandshakeAndServesOthersMeanwhile) {
  SocketWire::Limits limits;
  limits.handshake_max = 200ms;
  Peer server(loop, limits);
  const auto bound = listen(server);
  RawClient silent(loop, bound), half(loop, bound);
  TlsClient good(loop, bound, context);
  attach(server, silent, half, good);
  half.write(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
  good.write(options());
  run_until([&] { return !server.messages.empty(); });
  EXPECT_FALSE(half.closed) << "the good one need not wait for the others' end";
  run_until([&] { return silent.closed && half.closed; });
  EXPECT_FALSE(good.closed);
}

TEST_F(SocketWireTls, TakesOnlySoManyHandshakesOfOneAddress) {
  SocketWire::Limits limits;
  limits.handshakes_per_address_max = 2;
  Peer server(loop, limits);
  const auto bound = listen(server);
  RawClient one(loop, bound), two(loop, bound), three(loop, bound);
  attach(server, one, two, three);
  run_until([&] { return three.closed; });
  EXPECT_FALSE(one.closed);
  EXPECT_EQ(server.wire.connection_count(), 2u);
}

TEST_F(SocketWireTls, TakesOnlySoManyHandshakesInAll) {
  SocketWire::Limits limits;
  limits.handshakes_max = 1;
  Peer server(loop, limits);
  const auto bound = listen(server);
  RawClient one(loop, bound), two(loop, bound);
  attach(server, one, two);
  run_until([&] { return two.closed; });
  EXPECT_EQ(server.wire.connection_count(), 1u);
}

TEST_F(SocketWireTls, ForgetsAHandshakeThatIsOver) {
  SocketWire::Limits limits;
  limits.handshakes_max = 1;
  Peer server(loop, limits);
  const auto bound = listen(server);
  TlsClient one(loop, bound, context);
  attach(server, one);
  run_until([&] { return one.secure; });
  one.write(options());
  run_until([&] { return server.messages.size() == 1; });
  TlsClient two(loop, bound, context);
  attach(two);
  two.write(options());
  run_until([&] { return server.messages.size() == 2; });
}

TEST_F(SocketWireTls, SharesTheLimitOfConnectionsWithTcp) {
  SocketWire::Limits limits;
  limits.connections_per_address_max = 1;
  Peer server(loop, limits);
  const auto secure = listen(server);
  const auto plain = server.listen(Transport::Tcp);
  TlsClient one(loop, secure, context);
  attach(server, one);
  run_until([&] { return one.secure; });
  RawClient two(loop, plain);
  attach(two);
  run_until([&] { return two.closed; });
  EXPECT_FALSE(one.closed);
}

TEST_F(SocketWireTls, ConnectionsOutliveANewCertificate) {
  Peer server(loop);
  const auto bound = listen(server);
  const auto fresh = tls({{certificates.make("new.example")}, false, {}});
  const auto trusts_old = tls({{certificate}, true, certificate.chain_file});
  TlsClient old(loop, bound, trusts_old, "pbx.example");
  attach(server, old);
  old.write(options("one"));
  run_until([&] { return server.messages.size() == 1; });
  server.wire.set_tls(fresh);
  old.write(options("two"));
  run_until([&] { return server.messages.size() == 2; });
  EXPECT_EQ(server.messages[0].flow, server.messages[1].flow);
  TlsClient late(loop, bound, trusts_old, "pbx.example");
  attach(late);
  run_until([&] { return late.closed; });
  EXPECT_FALSE(late.secure) << "a new handshake shows the new certificate";
}

TEST_F(SocketWireTls, ShowsTheCertificateOfTheNameThatIsAskedFor) {
  const auto other = certificates.make("other.example");
  Peer server(loop);
  server.wire.set_tls(tls({{certificate, other}, false, {}}));
  const auto bound = server.listen(Transport::Tls);
  const auto trusts_other = tls({{certificate}, true, other.chain_file});
  const auto trusts_first = tls({{certificate}, true, certificate.chain_file});
  TlsClient named(loop, bound, trusts_other, "other.example");
  TlsClient unknown(loop, bound, trusts_first, "pbx.example");
  TlsClient address(loop, bound, trusts_first, "127.0.0.1");
  attach(named, unknown, address);
  run_until([&] {
    return (named.secure || named.closed) && (unknown.secure || unknown.closed) &&
           (address.secure || address.closed);
  });
  EXPECT_TRUE(named.secure);
  EXPECT_TRUE(unknown.secure);
  EXPECT_TRUE(address.secure);
}

TEST_F(SocketWireTls, ChecksThePeerWhenToldToAndFailsTheFlow) {
  Peer near(loop), far(loop);
  const auto far_address = listen(far);
  near.wire.set_tls(tls({{certificate}, true, certificates.make("ca.example").chain_file}));
  attach(near, far);
  EXPECT_TRUE(near.wire.send(near.wire.flow_to(Transport::Tls, far_address), options()));
  run_until([&] { return !near.failed.empty(); });
  EXPECT_TRUE(far.messages.empty());
}

TEST_F(SocketWireTls, ChecksThePeerForTheNameThatWasMeant) {
  Peer near(loop), far(loop);
  const auto far_address = listen(far);
  near.wire.set_tls(tls({{certificate}, true, certificate.chain_file}));
  attach(near, far);
  const auto wrong = near.wire.flow_to_host(Transport::Tls, far_address, "bank.example");
  EXPECT_TRUE(near.wire.send(wrong, options()));
  run_until([&] { return !near.failed.empty(); });
  const auto right = near.wire.flow_to_host(Transport::Tls, far_address, "pbx.example");
  EXPECT_TRUE(near.wire.send(right, options()));
  run_until([&] { return !far.messages.empty(); });
}

}  // namespace
}  // namespace xivo::sip::testing
