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
  /// Shape   text: UTF-8; browsers end a connection on which anything else comes as text
  virtual bool send(std::string_view text) = 0;
  /// The same of a message of any bytes.
  virtual bool send_binary(std::string_view bytes) = 0;
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
  /// False: binary messages mean nothing here; the connection is closed.
  virtual bool on_binary(std::string_view /*message*/) { return false; }
  /// All that was queued has been handed to the kernel, after a send() was refused.
  virtual void on_drained() = 0;
  virtual void on_closed() = 0;
  /// Bytes of a message that it takes at least, whatever Limits::websocket_message_bytes_max says.
  [[nodiscard]] virtual std::size_t message_bytes_max() const { return 0; }
};

/// Whether a client that wants a WebSocket offers to talk that protocol. Who takes it names it in the answer, as
/// Sec-WebSocket-Protocol.                                                                     RFC 6455 §4.2.2
bool offers_protocol(const Request& request, std::string_view protocol);

/// The answer that turns a request's connection into a WebSocket.                              RFC 6455 §4.2
/// Errors  "no WebSocket handshake", "the WebSocket version is not 13", "the WebSocket key is not usable"
Result<Response> upgrade(const Request& request, std::shared_ptr<WebSocketUser> user);

/// Whether a page of this very host asks, or no page at all. Any site's page may open a WebSocket with the reader's
/// cookies, so who counts on them has to look.                                                 RFC 6455 §10.2
bool is_same_origin(const Request& request);

}  // namespace xivo::http
