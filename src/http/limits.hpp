#pragma once

#include <cstddef>

#include "runtime/clock.hpp"

namespace xivo::http {

/// What a server grants a stranger. The waits are whole ones: no dribble of bytes makes them longer.
struct Limits {
  std::size_t head_bytes_max = 16 * 1024;      // request line and headers; beyond: 431
  std::size_t body_bytes_max = 1024 * 1024;    // beyond: 413
  std::size_t bodies_bytes_max = 64 * 1024 * 1024;  // half-sent bodies of all clients together; beyond: 503
  std::size_t connections_max = 1'000;  // beyond: closed at once
  std::size_t connections_per_address_max = 100;
  std::size_t read_ahead_bytes_max = 64 * 1024;  // pipelined while an answer is awaited; beyond: closed
  std::size_t handshakes_max = 1'000;  // TLS handshakes in progress; beyond: closed at once
  std::size_t handshakes_per_address_max = 100;
  runtime::Duration handshake_timeout = std::chrono::seconds(10);
  runtime::Duration head_timeout = std::chrono::seconds(10);  // from the first byte of a request
  runtime::Duration body_timeout = std::chrono::seconds(30);
  runtime::Duration idle_timeout = std::chrono::seconds(60);  // between two requests
  runtime::Duration answer_timeout = std::chrono::seconds(60);  // of the handler; beyond: 503
  runtime::Duration send_timeout = std::chrono::seconds(60);  // of one answer
  std::size_t websocket_message_bytes_max =
      16 * 1024;  // of a client, unless its user takes more; beyond: closed with 1009
  std::size_t websocket_queue_bytes_max = 256 * 1024;  // that wait for one client
  runtime::Duration websocket_ping = std::chrono::seconds(30);  // of silence; after another one: closed
  runtime::Duration farewell =
      std::chrono::milliseconds(500);  // for answers in progress when the server closes
};

}  // namespace xivo::http
