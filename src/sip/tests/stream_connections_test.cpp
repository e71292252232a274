#include <algorithm>
#include <memory>
#include <vector>

#include "sip/tests/wire_bench.hpp"

namespace xivo::sip::testing {
namespace {

using namespace std::chrono_literals;

class SocketWireTcp : public SocketWireTest {};

TEST_F(SocketWireTcp, TellsOfAConnectionThatIsRefused) {
  Peer near(loop);
  SocketAddress nobody;
  {
    Peer gone(loop);
    nobody = gone.listen(Transport::Tcp);
  }
  attach(near);
  const auto flow = near.wire.flow_to(Transport::Tcp, nobody);
  if (!near.wire.send(flow, options())) return;  // the kernel knew at once
  EXPECT_TRUE(near.failed.empty());
  run_until([&] { return !near.failed.empty(); });
  EXPECT_EQ(near.failed[0].remote, nobody);
  EXPECT_NE(near.failed[0].connection, 0u);
  EXPECT_EQ(near.wire.connection_count(), 0u);
}

TEST_F(SocketWireTcp, CarriesARequestAndItsAnswerByOneConnection) {
  Peer near(loop), far(loop);
  const auto near_address = near.listen(Transport::Tcp);
  const auto far_address = far.listen(Transport::Tcp);
  attach(near, far);
  far.when_message = [&](const Received& message) { far.wire.send(message.flow, options("answer")); };
  const auto flow = near.wire.flow_to(Transport::Tcp, far_address);
  EXPECT_EQ(flow.local, near_address);
  EXPECT_TRUE(near.wire.send(flow, options("one")));
  EXPECT_TRUE(near.wire.send(flow, options("two")));
  run_until([&] { return near.messages.size() == 2; });
  EXPECT_EQ(far.messages.size(), 2u);
  EXPECT_EQ(far.messages[0].flow.local, far_address);
  EXPECT_EQ(near.messages[0].flow.remote, far_address);
  EXPECT_EQ(near.messages[0].flow.local, near_address) << "where we listen, not where the connection ends";
  EXPECT_EQ(near.wire.connection_count(), 1u);
  EXPECT_EQ(far.wire.connection_count(), 1u);
  EXPECT_EQ(near.wire.flow_to(Transport::Tcp, far_address), near.messages[0].flow);
}

TEST_F(SocketWireTcp, UsesTheConnectionOfAPeerToReachIt) {
  Peer server(loop);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  server.when_message = [&](const Received& message) {
    auto flow = message.flow;
    flow.connection = 0;
    EXPECT_TRUE(server.wire.send(flow, options("to you")));
  };
  client.write(options());
  run_until([&] { return client.received == options("to you"); });
  EXPECT_EQ(server.wire.connection_count(), 1u);
}

TEST_F(SocketWireTcp, OpensANewConnectionWhenTheOneNamedIsGone) {
  Peer near(loop), far(loop);
  near.listen(Transport::Tcp);
  const auto far_address = far.listen(Transport::Tcp);
  attach(near, far);
  auto flow = near.wire.flow_to(Transport::Tcp, far_address);
  flow.connection = (std::uint64_t{7} << 32) | 3;
  EXPECT_TRUE(near.wire.send(flow, options()));
  run_until([&] { return !far.messages.empty(); });
}

TEST_F(SocketWireTcp, TellsWhenThePeerCloses) {
  Peer server(loop);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  server.when_message = [&](const Received&) { client.close(); };
  client.write(options());
  run_until([&] { return !server.failed.empty(); });
  EXPECT_EQ(server.failed[0].connection, server.messages[0].flow.connection);
  EXPECT_EQ(server.wire.connection_count(), 0u);
}

TEST_F(SocketWireTcp, AnswersADoubleCrlfWithASingleOne) {
  Peer server(loop);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  client.write("\r\n\r\n");
  run_until([&] { return !client.received.empty(); });
  EXPECT_EQ(client.received, "\r\n");
  EXPECT_TRUE(server.messages.empty());
}

TEST_F(SocketWireTcp, Answers400WithoutContentLengthAndCloses) {
  Peer server(loop);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  auto text = options();
  text.replace(text.find("Content-Length: 0\r\n"), 19, "");
  client.write(text + options());
  run_until([&] { return client.closed; });
  EXPECT_EQ(client.received.compare(0, 11, "SIP/2.0 400"), 0) << client.received;
  EXPECT_TRUE(server.messages.empty());
}

TEST_F(SocketWireTcp, Answers513ToABodyAboveTheLimitAndCloses) {
  SocketWire::Limits limits;
  limits.body_bytes_max = 100;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  client.write(options(std::string(101, 'x')));
  run_until([&] { return client.closed; });
  EXPECT_EQ(client.received.compare(0, 11, "SIP/2.0 513"), 0) << client.received;
}

TEST_F(SocketWireTcp, ClosesWithoutAWordWhatCannotBeFramed) {
  const std::string cases[] = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", std::string("\x16\x03\x01\x00", 4),
                               "A b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n"};
  Peer server(loop);
  const auto bound = server.listen(Transport::Tcp);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (const auto& bytes : cases) {
    clients.push_back(std::make_unique<RawClient>(loop, bound));
    clients.back()->poke = poke();
    clients.back()->write(bytes);
  }
  run_until(
      [&] { return std::all_of(clients.begin(), clients.end(), [](const auto& c) { return c->closed; }); });
  for (const auto& client : clients) EXPECT_EQ(client->received, "");
}

TEST_F(SocketWireTcp, ClosesWhenNoFirstMessageComes) {
  SocketWire::Limits limits;
  limits.first_message_max = 30ms;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  client.write("\r\n\r\n");
  run_until([&] { return client.closed && !server.failed.empty(); });
}

TEST_F(SocketWireTcp, ClosesWhenAMessageStaysHalf) {
  SocketWire::Limits limits;
  limits.first_message_max = 30ms;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  client.write(options() + options().substr(0, 30));
  run_until([&] { return client.closed; });
  EXPECT_EQ(server.messages.size(), 1u);
}

TEST_F(SocketWireTcp, ClosesWhenNothingComesForTooLong) {
  SocketWire::Limits limits;
  limits.idle_max = 30ms;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  client.write(options());
  run_until([&] { return client.closed; });
  EXPECT_EQ(server.messages.size(), 1u);
}

TEST_F(SocketWireTcp, AcceptsOnlySoManyOfOneAddress) {
  SocketWire::Limits limits;
  limits.connections_per_address_max = 2;
  Peer server(loop, limits);
  const auto bound = server.listen(Transport::Tcp);
  RawClient one(loop, bound), two(loop, bound), three(loop, bound);
  attach(server, one, two, three);
  run_until([&] { return three.closed; });
  EXPECT_FALSE(one.closed);
  EXPECT_EQ(server.wire.connection_count(), 2u);
}

TEST_F(SocketWireTcp, OpensAndAcceptsOnlySoManyInAll) {
  SocketWire::Limits limits;
  limits.connections_max = 1;
  Peer server(loop, limits);
  const auto bound = server.listen(Transport::Tcp);
  RawClient one(loop, bound), two(loop, bound);
  attach(server, one, two);
  run_until([&] { return two.closed; });
  EXPECT_FALSE(server.wire.send(server.wire.flow_to(Transport::Tcp, address("127.0.0.1:9")), options()));
}

TEST_F(SocketWireTcp, ClosesOnAPeerThatReadsTooSlowlyButNotFromInsideSend) {
  SocketWire::Limits limits;
  limits.queued_bytes_max = 100'000;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  server.when_message = [&](const Received& message) {
    client.read_nothing_more();
    const std::string large(50'000, 'x');
    int sends = 0;
    while (server.wire.send(message.flow, large) && sends < 1'000) ++sends;
    EXPECT_LT(sends, 1'000);
    EXPECT_TRUE(server.failed.empty());
    EXPECT_FALSE(server.wire.send(message.flow, "x"));
  };
  client.write(options());
  run_until([&] { return !server.failed.empty(); });
  EXPECT_EQ(server.wire.connection_count(), 0u);
}

TEST_F(SocketWireTcp, DeliversWhatTheSocketDidNotTakeAtOnce) {
  constexpr std::size_t kTotal = 8'000'000;  // more than the kernel keeps for a connection
  SocketWire::Limits limits;
  limits.queued_bytes_max = 2 * kTotal;
  Peer server(loop, limits);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  server.when_message = [&](const Received& message) {
    const std::string large(50'000, 'x');
    for (std::size_t sent = 0; sent < kTotal; sent += large.size())
      EXPECT_TRUE(server.wire.send(message.flow, large));
  };
  client.write(options());
  run_until([&] { return client.received.size() == kTotal; });
}

TEST_F(SocketWireTcp, MayBeClosedFromInside) {
  Peer server(loop);
  RawClient client(loop, server.listen(Transport::Tcp));
  attach(server, client);
  server.when_message = [&](const Received&) { server.wire.close(); };
  client.write(options() + options());
  run_until([&] { return client.closed; });
  EXPECT_EQ(server.messages.size(), 1u);
}

}  // namespace
}  // namespace xivo::sip::testing
