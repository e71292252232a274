#include "http/websocket.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "http/server.hpp"
#include "raw_client.hpp"
#include "websocket_client.hpp"

namespace xivo::http {
namespace {

using namespace std::chrono_literals;

/// Sends every text back; "much" makes it send until the queue is full, and the count of what was queued when all of it
/// has gone; "bye" makes it close.
class Echo final : public WebSocketUser {
 public:
  explicit Echo(std::atomic<int>& closed) : closed_(closed) {}
  void on_open(WebSocket& socket) override {
    socket_ = &socket;
    socket.send("hello");
  }
  void on_text(std::string_view message) override {
    if (message == "bye") return socket_->close(CloseCode::Normal, "as you wish");
    if (message != "much") {
      socket_->send(message);
      return;
    }
    while (socket_->send(std::string(10'000, 'x'))) ++queued_;
  }
  void on_drained() override { socket_->send("all " + std::to_string(queued_)); }
  void on_closed() override { ++closed_; }

 private:
  std::atomic<int>& closed_;
  WebSocket* socket_ = nullptr;
  int queued_ = 0;
};

class WebSockets : public ::testing::Test {
 protected:
  void start(Limits limits = {}) {
    server_ = std::make_unique<StandaloneServer>(
        [this](const Request& request, const Responder& responder) {
          auto response = upgrade(request, std::make_shared<Echo>(closed_));
          responder.send(response ? std::move(*response)
                                  : Response::text(426, std::string(response.error().what)));
        },
        limits);
    address_ = *server_->listen({*IpAddress::parse("127.0.0.1"), 0});
    server_->start();
  }
  void TearDown() override { server_.reset(); }

  std::string opened(RawClient& client) {
    client.send(handshake("/"));
    return client.read_until("hello");
  }

  std::atomic<int> closed_{0};
  SocketAddress address_;
  std::unique_ptr<StandaloneServer> server_;
};

TEST_F(WebSockets, AreNotOpenedByAnyOtherRequest) {
  start();
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: "
        "0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: "
        "8\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: "
        "13\r\nSec-WebSocket-Key: short\r\n\r\n"}) {
    RawClient client(address_);
    client.send(request);
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 426")) << request;
  }
}

TEST_F(WebSockets, OpenWithTheKeysAnswer) {
  start();
  RawClient client(address_);
  const std::string answer = opened(client);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << answer;
  EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  EXPECT_NE(answer.find("Connection: Upgrade\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\x81\x05hello"));
}

TEST_F(WebSockets, CarryTextBothWays) {
  start();
  RawClient client(address_);
  opened(client);
  client.send(client_frame(0x81, "one") + client_frame(0x01, "tw") + client_frame(0x80, "o"));
  EXPECT_EQ(client.read_until("two"), "\x81\x03one\x81\x03two");
}

TEST_F(WebSockets, AnswerAPingWithItsPayload) {
  start();
  RawClient client(address_);
  opened(client);
  client.send(client_frame(0x89, "there?"));
  EXPECT_EQ(client.read_until("there?"), "\x8A\x06there?");
}

TEST_F(WebSockets, CloseWithWordsOnWhatIsNotAcceptable) {
  start();
  RawClient junk(address_);
  opened(junk);
  junk.send("this is no frame");
  EXPECT_EQ(junk.read_all().substr(0, 4), std::string("\x88\x1D\x03\xEA", 4));
  EXPECT_TRUE(junk.closed());
  RawClient binary(address_);
  opened(binary);
  binary.send(client_frame(0x82, "binary") + client_frame(0x88, "\x03\xE8"));
  EXPECT_EQ(binary.read_all().substr(2, 2), "\x03\xEB");
  EXPECT_TRUE(binary.closed());
}

TEST_F(WebSockets, AnswerAClose) {
  start();
  RawClient client(address_);
  opened(client);
  client.send(client_frame(0x88, "\x03\xE9going"));
  EXPECT_EQ(client.read_all(), "\x88\x02\x03\xE9");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(closed_, 1);
}

TEST_F(WebSockets, QueueNoMoreThanTheirBoundAndTellWhenAllHasGone) {
  start({.websocket_queue_bytes_max = 100'000});
  RawClient client(address_);
  opened(client);
  client.send(client_frame(0x81, "much"));
  const std::string text = client.read_until("all ");
  EXPECT_GE(text.size(), 100'000u);
}

TEST_F(WebSockets, ThatAreSilentArePingedAndThenGivenUp) {
  start({.websocket_ping = 20ms});
  RawClient client(address_);
  opened(client);
  EXPECT_EQ(client.read_all().substr(0, 2), std::string("\x89\x00", 2));
  EXPECT_TRUE(client.closed());
}

TEST_F(WebSockets, AreToldThatTheServerStops) {
  start();
  RawClient client(address_);
  opened(client);
  server_->stop();
  EXPECT_EQ(client.read_all().substr(2, 2), "\x03\xE9");
  EXPECT_EQ(closed_, 1);
}

TEST_F(WebSockets, ManyCostNoMoreThanAConnectionEach) {
  start({.connections_per_address_max = 500});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<RawClient>(address_));
    ASSERT_NE(opened(*clients.back()).find("hello"), std::string::npos) << i;
  }
  clients.front()->send(client_frame(0x81, "first"));
  EXPECT_EQ(clients.front()->read_until("first"),
            "\x81\x05"
            "first");
  clients.clear();
}

TEST(Origin, IsOursWhenItNamesTheHostAskedFor) {
  const auto asking = [](std::string origin) {
    Request request;
    request.headers = {{"Host", "pbx.example:8080"}};
    if (!origin.empty()) request.headers.push_back({"Origin", std::move(origin)});
    return is_same_origin(request);
  };
  EXPECT_TRUE(asking(""));
  EXPECT_TRUE(asking("http://pbx.example:8080"));
  EXPECT_TRUE(asking("https://PBX.example:8080"));
  EXPECT_FALSE(asking("https://pbx.example"));
  EXPECT_FALSE(asking("https://evil.example"));
  EXPECT_FALSE(asking("null"));
}

}  // namespace
}  // namespace xivo::http
