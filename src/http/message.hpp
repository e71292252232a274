#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.hpp"

namespace xivo::http {

class WebSocketUser;

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

using Headers = std::vector<Header>;

/// The value of the first header of that name (any case), or nothing.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

/// One request as a handler gets it: complete, within the limits, taken apart.
struct Request {
  std::string method;                 // "GET"; a token, as sent
  std::string target;                 // as sent: "/api/v1/users?limit=10"
  std::string path;                   // without the query, still percent-encoded
  std::vector<std::string>
      segments;  // of the path, decoded: {"api", "v1", "users"}; "." and ".." never occur
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order, '+' read as a blank
  Headers headers;
  std::string body;
  SocketAddress remote;                      // unspecified for a Unix socket
  SocketAddress local;                       // where it reached us; the same
  bool secure = false;                       // it came by TLS
  std::optional<std::uint32_t> local_user;   // Unix socket: the peer's user id, vouched for by the kernel

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The first query parameter of that name.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  /// The first cookie of that name.                                                            RFC 6265 §5.4
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

/// An answer. Content-Length, Date and Connection are the server's to write.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<WebSocketUser> websocket{};  // 101 only, see upgrade(): who talks from then on

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  Response& set(std::string name, std::string value);
  static Response text(int status, std::string body);
};

/// The registered phrase of a status ("Not Found"), or "Unknown".                              RFC 9110 §15
std::string_view reason_phrase(int status);

}  // namespace xivo::http
