#pragma once

#include <filesystem>

#include "runtime/self_signed.hpp"
#include "runtime/tls_context.hpp"
#include "sip/tests/wire_bench.hpp"

namespace xivo::sip::testing {

/// Certificates in a folder of the test's own.
class Certificates {
 public:
  Certificates() {
    std::string pattern = std::filesystem::temp_directory_path() / "xivo-tls.XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  runtime::TlsCertificate make(const std::string& host) {
    const runtime::TlsCertificate files{folder_ + "/" + host + ".pem", folder_ + "/" + host + ".key"};
    runtime::SelfSigned what;
    what.host = host;
    what.addresses = {IpAddress::v4(0x7f000001)};
    what.from = runtime::SystemClock().wall() - std::chrono::hours(1);
    const auto made = runtime::make_self_signed(what, files);
    EXPECT_TRUE(made.has_value());
    return files;
  }

 private:
  std::string folder_;
};

inline std::shared_ptr<const runtime::TlsContext> tls(const runtime::TlsContext::Options& options) {
  auto loaded = runtime::TlsContext::load(options);
  EXPECT_TRUE(loaded.has_value()) << loaded.error();
  return loaded ? *loaded : nullptr;
}

/// A TLS client that does exactly what it is told.
class TlsClient {
 public:
  TlsClient(runtime::Loop& loop, const SocketAddress& server,
            const std::shared_ptr<const runtime::TlsContext>& context, const std::string& name = "127.0.0.1")
      : loop_(loop), channel_(context->connect(*runtime::start_tcp_connect(server), name)) {
    watch_ = loop_.watch(channel_->fd().get(), [this](runtime::Loop::Events) { on_ready(); }, true);
  }
  ~TlsClient() { loop_.unwatch(watch_); }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Once the handshake is over; before, it waits.
  void write(std::string_view bytes) {
    unsent_ += bytes;
    if (secure) flush();
  }
  void read_nothing_more() { loop_.unwatch(watch_); }

  std::string received;
  bool secure = false;
  bool closed = false;
  std::function<void()> poke;

 private:
  using Outcome = runtime::Channel::Outcome;

  void on_ready() {
    if (!secure) {
      const auto outcome = channel_->handshake();
      if (outcome == Outcome::Closed) return close();
      secure = outcome == Outcome::Done;
      loop_.want_write(watch_, !secure && channel_->wants_write());
      if (!secure) return;
      flush();
    }
    char bytes[4096];
    while (true) {
      const auto got = channel_->read(bytes, sizeof bytes);
      if (got.outcome == Outcome::Closed) return close();
      if (got.outcome == Outcome::Blocked) break;
      received.append(bytes, got.size);
    }
    if (poke) poke();
  }
  void flush() {
    while (!unsent_.empty()) {
      const auto put = channel_->write(unsent_);
      if (put.outcome != Outcome::Done) break;
      unsent_.erase(0, put.size);
    }
  }
  void close() {
    closed = true;
    loop_.unwatch(watch_);
    if (poke) poke();
  }

  runtime::Loop& loop_;
  std::unique_ptr<runtime::Channel> channel_;
  runtime::WatchId watch_;
  std::string unsent_;
};

}  // namespace xivo::sip::testing
