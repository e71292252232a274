#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/address.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "runtime/clock.hpp"
#include "runtime/socket.hpp"

namespace xivo::http {

/// A blocking client for command lines and tests: one request at a time over a connection that it keeps.
/// Thread  one at a time; never a loop's.
class Client {
 public:
  struct Options {
    runtime::Duration timeout = std::chrono::seconds(30);  // of a whole exchange, connecting included
    std::size_t body_bytes_max = 64 * 1024 * 1024;
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
  /// Errors  "cannot connect", "timed out", "connection was closed", "answer cannot be read", "answer is too long"
  Result<Response> request(std::string_view method, std::string_view target, std::string_view body = {},
                           const Headers& headers = {});
  Result<Response> get(std::string_view target) { return request("GET", target); }

 private:
  Result<void> connect(runtime::Instant deadline);
  Result<Response> exchange(const std::string& bytes, bool head_only, runtime::Instant deadline);
  Result<void> send(std::string_view bytes, runtime::Instant deadline);
  Result<Response> receive(bool head_only, runtime::Instant deadline);

  std::variant<SocketAddress, UnixPath> server_;
  Options options_;
  Headers headers_;
  runtime::Fd fd_;
  runtime::SystemClock clock_;
};

}  // namespace xivo::http
