#pragma once

#include <string>

#include "sip/wire/tcp_connections.hpp"

namespace xivo::sip {

/// One connection. With nothing half received or unsent it keeps no buffer.
struct TcpConnections::Connection {
  Connection(runtime::Fd socket, const Flow& path, const StreamFramer::Limits& limits, State initial)
      : fd(std::move(socket)), flow(path), framer(limits), state(initial) {}

  runtime::Fd fd;
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
};

}  // namespace xivo::sip
