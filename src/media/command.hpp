#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "media/core.hpp"
#include "runtime/socket.hpp"

namespace xivo::media {

/// The sockets of a slot, as its loop keeps them.
struct Port {
  enum class Lock : std::uint8_t {
    None,      // packets of any source come
    Draining,  // connected, but what came before is still in the queue
    Locked,
  };
  runtime::Fd rtp;
  runtime::Fd rtcp;            // opened when media flows
  SocketAddress rtcp_local;
  Lock lock = Lock::None;
  bool rtcp_refused = false;   // could not be opened; the call goes on without
};

/// A session and its sockets between two loops.
struct MovingPort {
  Port port;
  std::unique_ptr<MovingSession> session;
};

struct AddPort {
  runtime::Fd rtp;
  SocketAddress rtcp_local;
  bool watch = false;  // the shard has not: the command had to wait for room in the queue
};
struct ClosePort {};
struct OpenSession {
  SessionId id;
};
struct SetRemote {
  FarSide far;
};
struct Protect {
  SrtpChange change;
};
struct SetDirection {
  Direction direction = Direction::SendRecv;
};
struct Connect {
  Slot other = kNoSlot;
};
struct Disconnect {};
struct Echo {
  bool on = false;
};
struct StartPlaying {
  PlayOrder order;
};
struct StopPlaying {};
struct CloseSession {};
struct TakeOut {};
struct PutIn {
  std::unique_ptr<MovingPort> moving;
};

/// What a shard asks of a media loop, about one slot. Carried out in the order in which it was given.
struct Command {
  Slot slot = kNoSlot;
  std::variant<std::monostate, AddPort, ClosePort, OpenSession, SetRemote, Protect, SetDirection, Connect,
               Disconnect, Echo, StartPlaying, StopPlaying, CloseSession, TakeOut, PutIn>
      order;
};
static_assert(sizeof(Command) <= 128);

/// What a media loop tells a shard: a session's event, or that a session is out (TakeOut).
struct LoopEvent {
  SessionEvent session;
  std::unique_ptr<MovingPort> moved;  // set: the session can be put in elsewhere
};

/// When a command has to have been carried out.
enum class Urgency : std::uint8_t {
  WithNextPacket,  // nothing can be seen of it before
  Soon,            // within kSoon
  Now,
};

}  // namespace xivo::media
