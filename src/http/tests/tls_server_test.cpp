// HTTP over TLS, WebSockets on it included.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <thread>

#include "http/client.hpp"
#include "http/server.hpp"
#include "http/websocket.hpp"
#include "raw_client.hpp"
#include "runtime/self_signed.hpp"
#include "websocket_client.hpp"

namespace xivo::http {
namespace {

using namespace std::chrono_literals;
using runtime::Channel;
using ::testing::HasSubstr;

constexpr std::size_t kMuch = 3 << 20;

/// Says every text and every binary message back.
class Echo final : public WebSocketUser {
 public:
  void on_open(WebSocket& socket) override { socket_ = &socket; }
  void on_text(std::string_view message) override { socket_->send(message); }
  bool on_binary(std::string_view message) override { return socket_->send_binary(message); }
  void on_drained() override {}
  void on_closed() override {}
  [[nodiscard]] std::size_t message_bytes_max() const override { return 20'000; }

 private:
  WebSocket* socket_ = nullptr;
};

/// A browser's end of TLS that sends any bytes.
class TlsClient {
 public:
  TlsClient(const SocketAddress& server, const runtime::TlsContext& context) {
    channel_ = context.connect(std::move(*runtime::start_tcp_connect(server)), "pbx.example");
    wait(POLLOUT);
    while (channel_->handshake() == Channel::Outcome::Blocked && wait(POLLIN)) {
    }
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = channel_->write(bytes);
      if (put.outcome == Channel::Outcome::Closed) return;
      if (put.outcome == Channel::Outcome::Done) bytes.remove_prefix(put.size);
      if (put.outcome == Channel::Outcome::Blocked && !wait(POLLOUT)) return;
    }
  }
  std::string read_until(std::string_view mark) {
    std::string text;
    std::array<char, 4'096> buffer;
    while (text.find(mark) == std::string::npos) {
      const auto got = channel_->read(buffer.data(), buffer.size());
      if (got.outcome == Channel::Outcome::Done) text.append(buffer.data(), got.size);
      if (got.outcome == Channel::Outcome::Closed) break;
      if (got.outcome == Channel::Outcome::Blocked && !wait(POLLIN)) break;
    }
    return text;
  }

 private:
  bool wait(short events) {
    pollfd entry{channel_->fd().get(), events, 0};
    return poll(&entry, 1, 5'000) > 0;
  }
  std::unique_ptr<Channel> channel_;
};

class TlsServer : public ::testing::Test {
 protected:
  TlsServer() {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-https.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    context_ = made("pbx.example");
    client_ = *runtime::TlsContext::load_client(true, folder_ + "/pbx.example.pem");
  }
  ~TlsServer() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::shared_ptr<const runtime::TlsContext> made(const std::string& host) {
    runtime::SelfSigned what;
    what.host = host;
    what.from = runtime::SystemClock().wall();
    const runtime::TlsCertificate files{folder_ + "/" + host + ".pem", folder_ + "/" + host + ".key"};
    EXPECT_TRUE(runtime::make_self_signed(what, files));
    return *runtime::TlsContext::load({{files}, false, {}});
  }
  void start(const Limits& limits = {}) {
    server_ = std::make_unique<StandaloneServer>(
        [](const Request& request, const Responder& responder) {
          if (auto response = upgrade(request, std::make_shared<Echo>())) return responder.send(*response);
          if (request.path == "/much") return responder.send(Response::text(200, std::string(kMuch, 'x')));
          const std::string how = request.secure ? "secure" : "plain";
          responder.send(Response::text(200, how + " " + std::to_string(request.body.size())));
        },
        limits);
    server_->set_tls(context_);
    address_ = *server_->listen_tls({*IpAddress::parse("127.0.0.1"), 0});
    plain_ = *server_->listen({*IpAddress::parse("127.0.0.1"), 0});
    server_->start();
  }
  Client::Options trusting() const {
    Client::Options options;
    options.tls = client_;
    options.host = "pbx.example";
    return options;
  }

  std::string folder_;
  std::shared_ptr<const runtime::TlsContext> context_;
  std::shared_ptr<const runtime::TlsContext> client_;
  SocketAddress address_;
  SocketAddress plain_;
  std::unique_ptr<StandaloneServer> server_;
};

TEST_F(TlsServer, IsNotOpenedWithoutACertificate) {
  StandaloneServer bare([](const Request&, const Responder&) {});
  const auto listening = bare.listen_tls({*IpAddress::parse("127.0.0.1"), 0});
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().what, "TLS needs a certificate");
}

TEST_F(TlsServer, HangsUpOnPlainText) {
  start();
  RawClient client(address_);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_all(), ::testing::Not(HasSubstr("HTTP/1.1")));
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServer, GivesUpOnAHandshakeThatStalls) {
  start({.handshake_timeout = 20ms});
  RawClient client(address_);
  client.send("\x16\x03\x01");  // the first bytes of a ClientHello
  client.read_all();
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServer, TakesSoManyHandshakesOfOneAddressAtATime) {
  start({.handshakes_per_address_max = 2});
  RawClient first(address_);
  RawClient second(address_);
  first.send("\x16");
  second.send("\x16");
  RawClient third(address_);
  third.read_all();
  EXPECT_TRUE(third.closed());
  Client plain(plain_);
  EXPECT_EQ(plain.get("/")->body, "plain 0");
}

TEST_F(TlsServer, CountsAHandshakeNoMoreOnceItIsOver) {
  start({.handshakes_per_address_max = 1});
  Client one(address_, trusting());
  ASSERT_TRUE(one.get("/"));
  Client two(address_, trusting());
  EXPECT_TRUE(two.get("/"));
}

TEST_F(TlsServer, TellsItsHandlerThatARequestCameByIt) {
  start();
  Client client(address_, trusting());
  EXPECT_EQ(client.get("/")->body, "secure 0");
  EXPECT_EQ(client.request("POST", "/", std::string(300'000, 'b'))->body, "secure 300000");
}

TEST_F(TlsServer, SendsAnswersLargerThanAnyBuffer) {
  start();
  Client client(address_, trusting());
  EXPECT_EQ(client.get("/much")->body.size(), kMuch);
}

TEST_F(TlsServer, IsNotTrustedUnlessItsCertificateIs) {
  start();
  made("other.example");
  auto options = trusting();
  options.tls = *runtime::TlsContext::load_client(true, folder_ + "/other.example.pem");
  Client client(address_, options);
  const auto answer = client.get("/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what, "no TLS");
  EXPECT_THAT(client.why_no_tls(), HasSubstr("self-signed"));
}

TEST_F(TlsServer, IsNotTrustedByAnotherName) {
  start();
  auto options = trusting();
  options.host = "bank.example";
  Client client(address_, options);
  EXPECT_FALSE(client.get("/"));
  EXPECT_THAT(client.why_no_tls(), HasSubstr("ostname"));
}

TEST_F(TlsServer, IsTakenAsItIsByWhoDoesNotVerify) {
  start();
  auto options = trusting();
  options.tls = *runtime::TlsContext::load_client(false, {});
  options.host = "bank.example";
  Client client(address_, options);
  EXPECT_TRUE(client.get("/"));
}

TEST_F(TlsServer, ShowsNewConnectionsItsNewCertificate) {
  start();
  Client before(address_, trusting());
  ASSERT_TRUE(before.get("/"));
  const auto other = made("other.example");
  std::atomic<bool> done = false;
  server_->loop().post([&] {
    server_->set_tls(other);
    done = true;
  });
  while (!done) std::this_thread::yield();
  EXPECT_TRUE(before.get("/")) << "a connection that exists lives on";
  Client after(address_, trusting());
  EXPECT_FALSE(after.get("/"));
}

TEST_F(TlsServer, CarriesWebSockets) {
  start();
  TlsClient client(address_, *client_);
  client.send(handshake("/"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("101 Switching Protocols"));
  client.send(client_frame(0x81, "text"));
  EXPECT_EQ(client.read_until("text"), "\x81\x04text");
  client.send(client_frame(0x82, "bytes"));
  EXPECT_EQ(client.read_until("bytes"),
            "\x82\x05"
            "bytes");
}

TEST_F(TlsServer, TakesTheMessageSizeOfAWebSocketsUser) {
  start({.websocket_message_bytes_max = 100});
  TlsClient client(address_, *client_);
  client.send(handshake("/"));
  client.read_until("\r\n\r\n");
  client.send(client_frame(0x81, std::string(19'999, 'a') + "!"));
  EXPECT_EQ(client.read_until("!").size(), 20'004u);
  client.send(client_frame(0x81, std::string(20'001, 'a')));
  EXPECT_EQ(client.read_until("\x03\xF1").substr(2, 2), "\x03\xF1");  // 1009
}

}  // namespace
}  // namespace xivo::http
