#include "sip/socket_wire.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/socket.hpp"

// On loopback, with free ports and one real loop; a test ends when what it waits for has come.
namespace xivo::sip {
namespace {

using namespace std::chrono_literals;

SocketAddress address(std::string_view text) { return *SocketAddress::parse(text); }
const SocketAddress kLoopback = address("127.0.0.1:0");

std::string options(const std::string& body = "") {
  return "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
         "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Received {
  Flow flow;
  std::string bytes;
};

/// A wire and what it tells.
class Peer final : public WireUser {
 public:
  explicit Peer(runtime::Loop& loop, const SocketWire::Limits& limits = {}) : wire(loop, limits) {
    wire.set_user(*this);
  }

  SocketAddress listen(Transport transport, const SocketAddress& local = kLoopback) {
    const auto bound = wire.listen(transport, local);
    EXPECT_TRUE(bound.has_value());
    return bound.value_or(SocketAddress{});
  }
  void on_message(const Flow& flow, char* bytes, std::size_t size) override {
    messages.push_back({flow, std::string(bytes, size)});
    if (when_message) when_message(messages.back());
    if (poke) poke();
  }
  void on_flow_failed(const Flow& flow) override {
    failed.push_back(flow);
    if (poke) poke();
  }

  SocketWire wire;
  std::vector<Received> messages;
  std::vector<Flow> failed;
  std::function<void(const Received&)> when_message;
  std::function<void()> poke;
};

/// A TCP client without manners.
class RawClient {
 public:
  RawClient(runtime::Loop& loop, const SocketAddress& server)
      : loop_(loop), fd_(*runtime::start_tcp_connect(server)) {
    watch_ = loop_.watch(fd_.get(), [this](runtime::Loop::Events) { read(); });
  }
  ~RawClient() { loop_.unwatch(watch_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void write(std::string_view bytes) {
    EXPECT_EQ(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  void close() {
    loop_.unwatch(watch_);
    fd_.reset();
  }
  void read_nothing_more() { loop_.unwatch(watch_); }

  std::string received;
  bool closed = false;
  std::function<void()> poke;

 private:
  void read() {
    char bytes[4096];
    const auto size = recv(fd_.get(), bytes, sizeof bytes, 0);
    if (size > 0) {
      received.append(bytes, static_cast<std::size_t>(size));
    } else if (size == 0 || (errno != EAGAIN && errno != ENOTCONN)) {
      closed = true;
      loop_.unwatch(watch_);
    }
    if (poke) poke();
  }

  runtime::Loop& loop_;
  runtime::Fd fd_;
  runtime::WatchId watch_;
};

class SocketWireTest : public ::testing::Test {
 protected:
  ~SocketWireTest() override { loop.timers().cancel(watchdog_); }

  void run_until(std::function<bool()> done) {
    done_ = std::move(done);
    if (done_()) return;
    watchdog_ = loop.timers().set(5s, [this] {
      ADD_FAILURE() << "what the test waits for has not come";
      loop.stop();
    });
    loop.run();
  }
  std::function<void()> poke() {
    return [this] {
      if (done_ && done_()) loop.stop();
    };
  }
  template <class... Parts>
  void attach(Parts&... parts) {
    ((parts.poke = poke()), ...);
  }

  runtime::Loop loop{"test"};

 private:
  std::function<bool()> done_;
  runtime::TimerId watchdog_;
};

class SocketWireUdp : public SocketWireTest {};
class SocketWireTcp : public SocketWireTest {};

TEST_F(SocketWireUdp, CannotListenOnAPortThatIsTaken) {
  Peer one(loop), other(loop);
  const auto bound = one.listen(Transport::Udp);
  const auto again = other.wire.listen(Transport::Udp, bound);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().detail, EADDRINUSE);
}

TEST_F(SocketWireUdp, ListensOnNothingButUdpAndTcp) {
  Peer peer(loop);
  for (const auto transport : {Transport::Tls, Transport::Ws, Transport::Wss}) {
    EXPECT_FALSE(peer.wire.listen(transport, kLoopback));
    EXPECT_FALSE(peer.wire.send({transport, kLoopback, address("127.0.0.1:9"), 0}, "x"));
  }
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

TEST_F(SocketWireUdp, ShowsBothDirectionsToTheTap) {
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
}  // namespace xivo::sip
