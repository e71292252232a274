#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/socket.hpp"
#include "sip/socket_wire.hpp"

/// What the tests of the socket wire share. On loopback, with free ports and one real loop; a test ends when what it waits
/// for has come.
namespace xivo::sip::testing {
inline SocketAddress address(std::string_view text) { return *SocketAddress::parse(text); }
inline const SocketAddress kLoopback = address("127.0.0.1:0");

inline std::string options(const std::string& body = "") {
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
    watchdog_ = loop.timers().set(std::chrono::seconds(5), [this] {
      ADD_FAILURE() << "what the test waits for has not come";
      loop.stop();
    });
    loop.run();
    loop.timers().cancel(watchdog_);
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

}  // namespace xivo::sip::testing
