#include "http/websocket.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::http {
namespace {

constexpr std::size_t kKeyCharacters = 24;  // 16 bytes in base64

bool names(std::optional<std::string_view> header, std::string_view token) {
  for (const auto item : text::split(header.value_or(""), ',')) {
    if (text::equal_ignoring_case(text::trim(item), token)) return true;
  }
  return false;
}

bool is_key(std::string_view key) {
  if (key.size() != kKeyCharacters || !key.ends_with("==")) return false;
  key.remove_suffix(2);
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return text::is_alnum(c) || c == '+' || c == '/'; });
}

}  // namespace

bool offers_protocol(const Request& request, std::string_view protocol) {
  for (const auto& header : request.headers) {
    if (!text::equal_ignoring_case(header.name, "sec-websocket-protocol")) continue;
    if (names(header.value, protocol)) return true;
  }
  return false;
}

Result<Response> upgrade(const Request& request, std::shared_ptr<WebSocketUser> user) {
  if (request.method != "GET" || !names(request.header("upgrade"), "websocket") ||
      !names(request.header("connection"), "upgrade")) {
    return fail("no WebSocket handshake");
  }
  if (request.header("sec-websocket-version") != "13") return fail("the WebSocket version is not 13");
  const std::string_view key = text::trim(request.header("sec-websocket-key").value_or(""));
  if (!is_key(key)) return fail("the WebSocket key is not usable");
  Response response;
  response.status = 101;
  response.set("Upgrade", "websocket");
  response.set("Sec-WebSocket-Accept", accept_of(key));
  response.websocket = std::move(user);
  return response;
}

bool is_same_origin(const Request& request) {
  std::string_view origin = request.header("origin").value_or("");
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      origin.remove_prefix(scheme.size());
      return text::equal_ignoring_case(origin, request.header("host").value_or(""));
    }
  }
  return false;
}

}  // namespace xivo::http
