#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"
#include "http/websocket_frames.hpp"

namespace xivo::http {

/// A WebSocket as its user sees it.
/// Thread  the loop's. Valid from on_open() until on_closed().
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// Queues a text message. Returns false, and queues nothing, when more would wait for the network than
  /// Limits::websocket_queue_bytes_max: on_drained() tells when all of it has gone.
  virtual bool send(std::string_view text) = 0;
  /// Says goodbye; the user hears on_closed() when the peer has answered, or a few seconds later.
  virtual void close(CloseCode code, std::string_view reason) = 0;
};

/// Who talks over a WebSocket.
/// Thread  called in the loop's.
class WebSocketUser {
 public:
  virtual ~WebSocketUser() = default;
  virtual void on_open(WebSocket& socket) = 0;
  virtual void on_text(std::string_view message) = 0;
  /// All that was queued has been handed to the kernel, after a send() was refused.
  virtual void on_drained() = 0;
  virtual void on_closed() = 0;
};

/// The answer that turns a request's connection into a WebSocket.                              RFC 6455 §4.2
/// Errors  "no WebSocket handshake", "the WebSocket version is not 13", "the WebSocket key is not usable"
Result<Response> upgrade(const Request& request, std::shared_ptr<WebSocketUser> user);

/// Whether a page of this very host asks, or no page at all. Any site's page may open a WebSocket with the reader's
/// cookies, so who counts on them has to look.                                                 RFC 6455 §10.2
bool is_same_origin(const Request& request);

}  // namespace xivo::http
