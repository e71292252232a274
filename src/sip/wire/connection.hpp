#pragma once

#include <memory>
#include <string>

#include "sip/wire/stream_connections.hpp"

namespace xivo::sip {

/// One connection. With nothing half received or unsent it keeps no buffer.
struct StreamConnections::Connection {
  Connection(std::unique_ptr<runtime::Channel> bytes, const Flow& path, const StreamFramer::Limits& limits,
             State initial)
      : channel(std::move(bytes)), flow(path), framer(limits), state(initial) {}

  /// Messages may pass; before, they wait.
  [[nodiscard]] bool open() const { return state == State::Open || state == State::Finishing; }

  std::unique_ptr<runtime::Channel> channel;
  runtime::WatchId watch;
  Flow flow;
  StreamFramer framer;
  std::string unsent;
  std::size_t unsent_begin = 0;
  runtime::TimerId timer;
  runtime::Instant timer_at;   // when `timer` fires, which may be before `deadline`
  runtime::Instant deadline;
  State state;
  bool inbound = false;
  bool had_message = false;
  bool half = false;  // a message has begun and `deadline` is for its rest
  bool counted_as_handshake = false;
  bool waits_for_room = false;  // the loop tells when the socket is writable
};

}  // namespace xivo::sip
