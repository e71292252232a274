#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/address.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "runtime/channel.hpp"
#include "runtime/clock.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::http {

/// A blocking client for command lines and tests: one request at a time over a connection that it keeps.
/// Thread  one at a time; never a loop's.
class Client {
 public:
  struct Options {
    runtime::Duration timeout = std::chrono::seconds(30);  // of a whole exchange, connecting included
    std::size_t body_bytes_max = 64 * 1024 * 1024;
    std::shared_ptr<const runtime::TlsContext> tls{};  // none: plain
    std::string host{};  // name of the server, for its certificate and for Host; empty: its address
  };
  struct UnixPath {
    std::string path;
  };

  explicit Client(const SocketAddress& server) : Client(server, Options()) {}
  explicit Client(UnixPath server) : Client(std::move(server), Options()) {}
  Client(const SocketAddress& server, const Options& options) : server_(server), options_(options) {}
  Client(UnixPath server, const Options& options) : server_(std::move(server)), options_(options) {}

  /// Sent with every request, e.g. Authorization.
  void set_header(std::string name, std::string value);

  /// Sends and waits for the whole answer. A kept connection that the server has closed meanwhile is opened anew, once,
  /// when the method may be repeated without harm (GET, HEAD, PUT, DELETE).
  /// Errors  "cannot connect", "no TLS" (why_no_tls() tells more), "timed out", "connection was closed", "answer cannot be read", "answer is too long"
  Result<Response> request(std::string_view method, std::string_view target, std::string_view body = {},
                           const Headers& headers = {});
  Result<Response> get(std::string_view target) { return request("GET", target); }
  /// After "no TLS": what OpenSSL says of it, e.g. that the certificate is not trusted.
  [[nodiscard]] const std::string& why_no_tls() const { return why_no_tls_; }

 private:
  Result<void> connect(runtime::Instant deadline);
  Result<void> shake_hands(runtime::Instant deadline);
  [[nodiscard]] std::string host() const;
  [[nodiscard]] std::string host_header() const;
  Result<void> wait(bool for_room, runtime::Instant deadline) const;
  Result<Response> exchange(const std::string& bytes, bool head_only, runtime::Instant deadline);
  Result<void> send(std::string_view bytes, runtime::Instant deadline);
  Result<Response> receive(bool head_only, runtime::Instant deadline);

  std::variant<SocketAddress, UnixPath> server_;
  Options options_;
  Headers headers_;
  std::unique_ptr<runtime::Channel> channel_;
  std::string why_no_tls_;
  runtime::SystemClock clock_;
};

}  // namespace xivo::http
