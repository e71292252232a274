#include "sip/wire/tcp_connections.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/metrics.hpp"
#include "sip/message.hpp"
#include "sip/wire/connection.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {
namespace {

metrics::Counter opened("sip_tcp_opened", "SIP connections opened or accepted");
metrics::Counter refused("sip_tcp_refused", "SIP connections refused by a limit");
metrics::Counter expired("sip_tcp_expired",
                         "SIP connections closed because nothing, or half a message, came");
metrics::Counter overrun("sip_tcp_overrun", "SIP connections closed because the peer reads too slowly");
metrics::Counter unframed("sip_tcp_unframed",
                          "SIP connections closed because no message could be cut from them");

constexpr std::size_t kReadBytes = 65'536;
constexpr int kReadsPerTurn = 4;
constexpr int kAcceptsPerTurn = 64;
constexpr runtime::Duration kFinishMax = std::chrono::seconds(2);
constexpr std::string_view kPong = "\r\n";  // RFC 5626 §3.5.1

runtime::Fd open_reserve() { return runtime::Fd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

/// The answer to a request whose head could be cut off the stream, but not its body; empty when there is none to give.
std::string answer_to_head(const StreamFramer::Piece& piece, const SocketAddress& remote) {
  const bool too_large = piece.fault == StreamFramer::Fault::BodyTooLarge;
  if (!too_large && piece.fault != StreamFramer::Fault::LengthMissing) return {};
  const auto parsed = Message::parse(piece.bytes, piece.size);
  if (!parsed && parsed.error().answer == ParseFault::Answer::None) return {};
  const Message& head = parsed ? *parsed : parsed.error().partial;
  if (head.is_response() || head.method() == Method::Ack) return {};
  const Source source{remote.ip.to_string(), remote.port};
  const auto reason = too_large ? std::string_view() : std::string_view("Missing Content-Length");
  return response_to(head, too_large ? 513 : 400, "stream", source, reason).finish();
}

}  // namespace

TcpConnections::TcpConnections(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user,
                               const SocketWire::Limits& limits)
    : loop_(loop), addresses_(addresses), user_(user), limits_(limits), reserve_(open_reserve()) {}

TcpConnections::~TcpConnections() { close(); }

void TcpConnections::close() {
  for (const auto& listener : listeners_) loop_.unwatch(listener.watch);
  listeners_.clear();
  bound_.clear();
  for (const auto id : connections_.ids()) graveyard_.push_back(take(id));
}

// ---- opening

Result<SocketAddress> TcpConnections::listen(const SocketAddress& local) {
  auto fd = runtime::open_tcp_listener(local);
  if (!fd) return Unexpected{fd.error()};
  const auto bound = runtime::local_address(fd->get());
  const auto index = listeners_.size();
  const auto watch = loop_.watch(fd->get(), [this, index](runtime::Loop::Events) { on_accept(index); });
  listeners_.push_back({std::move(*fd), watch, bound});
  bound_.push_back(bound);
  return bound;
}

void TcpConnections::on_accept(std::size_t listener) {
  const int listening = listeners_[listener].fd.get();
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    runtime::KernelAddress remote;
    runtime::Fd fd(accept4(listening, remote.get(), &remote.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EMFILE || errno == ENFILE) refuse_for_lack_of_descriptors(listening);
      return;
    }
    const auto address = remote.to_socket_address();
    if (!may_accept(address.ip)) {
      refused.add();
      continue;
    }
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto id = adopt(std::move(fd), address, listeners_[listener].bound.port, State::Open);
    auto* connection = connections_.find(id);
    connection->inbound = true;
    ++accepted_by_address_[address.ip];
    set_deadline(id, *connection, limits_.first_message_max);
  }
}

// Else the connection would stay in the queue and the loop spin on it.
void TcpConnections::refuse_for_lack_of_descriptors(int listener) {
  refused.add();
  reserve_.reset();
  runtime::Fd(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)).reset();
  reserve_ = open_reserve();
}

bool TcpConnections::may_accept(const IpAddress& remote) const {
  if (connections_.size() >= limits_.connections_max) return false;
  const auto count = accepted_by_address_.find(remote);
  return count == accepted_by_address_.end() || count->second < limits_.connections_per_address_max;
}

// `listening_port`: peers connect to where we listen, not to the port that a connection of ours happens to have.
TcpConnections::Id TcpConnections::adopt(runtime::Fd fd, const SocketAddress& remote,
                                         std::uint16_t listening_port, State state) {
  opened.add();
  Flow flow;
  flow.transport = Transport::Tcp;
  flow.remote = remote;
  flow.local = runtime::local_address(fd.get());
  if (listening_port != 0) flow.local.port = listening_port;
  flow.local = addresses_.shown(flow.local, remote.ip);

  const int descriptor = fd.get();
  const auto id = connections_.emplace(
      std::move(fd), flow, StreamFramer::Limits{limits_.head_bytes_max, limits_.body_bytes_max}, state);
  auto* connection = connections_.find(id);
  connection->flow.connection = id.bits();
  connection->watch = loop_.watch(
      descriptor, [this, id](runtime::Loop::Events events) { on_ready(id, events); },
      state == State::Connecting);
  by_remote_.insert_or_assign(remote, id);
  return id;
}

TcpConnections::Id TcpConnections::connect(const SocketAddress& remote) {
  if (connections_.size() >= limits_.connections_max) {
    refused.add();
    return {};
  }
  auto fd = runtime::start_tcp_connect(remote);
  if (!fd) return {};
  const auto listening = addresses_.towards(remote.ip, bound_);
  const auto id = adopt(std::move(*fd), remote, listening ? listening->port : 0, State::Connecting);
  set_deadline(id, *connections_.find(id), limits_.connect_max);
  return id;
}

TcpConnections::Id TcpConnections::find_for(const Flow& flow) const {
  if (const auto id = Id::from_bits(flow.connection); connections_.find(id) != nullptr) return id;
  const auto found = by_remote_.find(flow.remote);
  return found == by_remote_.end() ? Id{} : found->second;
}

Flow TcpConnections::flow_to(const SocketAddress& remote) {
  if (const auto* connection = connections_.find(find_for({Transport::Tcp, {}, remote, 0}))) {
    return connection->flow;
  }
  Flow flow;
  flow.transport = Transport::Tcp;
  flow.remote = remote;
  if (const auto local = addresses_.towards(remote.ip, bound_)) {
    flow.local = addresses_.shown(*local, remote.ip);
  }
  return flow;
}

bool TcpConnections::on_connected(Id id, Connection& connection) {
  if (runtime::connect_error(connection.fd) != 0) return false;
  connection.state = State::Open;
  set_deadline(id, connection, limits_.idle_max);
  write_queued(id, connection);
  return true;
}

// ---- reading

void TcpConnections::on_ready(Id id, runtime::Loop::Events events) {
  graveyard_.clear();
  auto* connection = connections_.find(id);
  if (connection == nullptr || connection->state == State::Doomed) return;
  if (connection->state == State::Connecting) {
    if (!events.writable) return;
    if (!on_connected(id, *connection)) return end(id);
  } else if (events.writable) {
    write_queued(id, *connection);
  }
  if (events.readable) read(id);
}

void TcpConnections::read(Id id) {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  for (int i = 0; i < kReadsPerTurn; ++i) {
    auto* connection = connections_.find(id);
    if (connection == nullptr) return;
    const auto size = recv(connection->fd.get(), buffer_.get(), kReadBytes, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size <= 0) return end(id);
    if (connection->state == State::Open) {
      connection->framer.feed({buffer_.get(), static_cast<std::size_t>(size)});
      if (!deliver(id)) return;
    }
    if (static_cast<std::size_t>(size) < kReadBytes) return;
  }
}

// Hands over what is whole. False when the connection is gone or going.
bool TcpConnections::deliver(Id id) {
  bool asked_for_pong = false;
  while (true) {
    auto* connection = connections_.find(id);
    if (connection == nullptr || connection->state != State::Open) return false;
    const auto piece = connection->framer.next();
    switch (piece.kind) {
      case StreamFramer::Kind::NeedMore:
        if (asked_for_pong && !write(id, *connection, kPong)) return false;
        expect_more(id, *connection);
        return true;
      case StreamFramer::Kind::KeepAlive:
        asked_for_pong = true;  // any number that came together get one answer
        break;
      case StreamFramer::Kind::Broken:
        unframed.add();
        refuse(id, *connection, piece);
        return false;
      case StreamFramer::Kind::Message: {
        connection->had_message = true;
        const Flow flow = connection->flow;
        user_.on_message(flow, piece.bytes, piece.size);
        break;
      }
    }
  }
}

void TcpConnections::refuse(Id id, Connection& connection, const StreamFramer::Piece& piece) {
  const auto answer = answer_to_head(piece, connection.flow.remote);
  if (answer.empty()) return end(id);
  if (!write(id, connection, answer)) return;
  connection.state = State::Finishing;
  set_deadline(id, connection, kFinishMax);
  if (connection.unsent.empty()) finish(id, connection);
}

// ---- writing

bool TcpConnections::send(const Flow& flow, std::string_view bytes) {
  auto id = find_for(flow);
  if (!id) id = connect(flow.remote);
  auto* connection = connections_.find(id);
  if (connection == nullptr) return false;
  if (connection->state != State::Open && connection->state != State::Connecting) return false;
  return write(id, *connection, bytes);
}

// Sends at once what the socket takes and queues the rest. False when the connection is going.
bool TcpConnections::write(Id id, Connection& connection, std::string_view bytes) {
  if (connection.state != State::Connecting && connection.unsent.empty()) {
    const auto taken = ::send(connection.fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      doom(id, connection);
      return false;
    }
    if (taken > 0) bytes.remove_prefix(static_cast<std::size_t>(taken));
    if (bytes.empty()) return true;
    loop_.want_write(connection.watch, true);
  }
  if (connection.unsent.size() - connection.unsent_begin + bytes.size() > limits_.queued_bytes_max) {
    overrun.add();
    doom(id, connection);
    return false;
  }
  connection.unsent.append(bytes);
  return true;
}

void TcpConnections::write_queued(Id id, Connection& connection) {
  const auto left = std::string_view(connection.unsent).substr(connection.unsent_begin);
  if (!left.empty()) {
    const auto taken = ::send(connection.fd.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return doom(id, connection);
    if (taken > 0) connection.unsent_begin += static_cast<std::size_t>(taken);
    if (connection.unsent_begin < connection.unsent.size()) return;
  }
  std::string().swap(connection.unsent);
  connection.unsent_begin = 0;
  loop_.want_write(connection.watch, false);
  if (connection.state == State::Finishing) finish(id, connection);
}

// Closing with something unread would make the kernel take the answer back, so only our half closes now.
void TcpConnections::finish(Id, Connection& connection) { shutdown(connection.fd.get(), SHUT_WR); }

// ---- ending

// Nothing of a connection may go while its user is being called, or from inside send().
void TcpConnections::doom(Id id, Connection& connection) {
  connection.state = State::Doomed;
  loop_.unwatch(connection.watch);
  const auto by_remote = by_remote_.find(connection.flow.remote);
  if (by_remote != by_remote_.end() && by_remote->second == id) by_remote_.erase(by_remote);
  set_deadline(id, connection, runtime::Duration::zero());
}

void TcpConnections::expect_more(Id id, Connection& connection) {
  const bool half = connection.framer.half_received();
  if (half) {
    if (!connection.half) set_deadline(id, connection, limits_.first_message_max);
  } else if (connection.had_message || !connection.inbound) {
    set_deadline(id, connection, limits_.idle_max);
  }
  connection.half = half;
}

void TcpConnections::set_deadline(Id id, Connection& connection, runtime::Duration after) {
  connection.deadline = loop_.clock().now() + after;
  // A timer that comes too early looks again, so most messages of a busy connection touch no timer.
  if (loop_.timers().pending(connection.timer) && connection.timer_at <= connection.deadline) return;
  loop_.timers().cancel(connection.timer);
  arm(id, connection);
}

void TcpConnections::arm(Id id, Connection& connection) {
  connection.timer_at = connection.deadline;
  connection.timer =
      loop_.timers().set(connection.deadline - loop_.clock().now(), [this, id] { on_timer(id); });
}

void TcpConnections::on_timer(Id id) {
  auto* connection = connections_.find(id);
  if (connection == nullptr) return;
  if (connection->state != State::Doomed) {
    if (loop_.clock().now() < connection->deadline) return arm(id, *connection);
    expired.add();
  }
  end(id);
}

std::unique_ptr<TcpConnections::Connection> TcpConnections::take(Id id) {
  auto connection = connections_.take(id);
  if (!connection) return nullptr;
  loop_.timers().cancel(connection->timer);
  loop_.unwatch(connection->watch);
  const auto& remote = connection->flow.remote;
  const auto by_remote = by_remote_.find(remote);
  if (by_remote != by_remote_.end() && by_remote->second == id) by_remote_.erase(by_remote);
  if (connection->inbound) {
    const auto count = accepted_by_address_.find(remote.ip);
    if (count != accepted_by_address_.end() && --count->second == 0) accepted_by_address_.erase(count);
  }
  connection->fd.reset();
  return connection;
}

void TcpConnections::end(Id id) {
  const auto connection = take(id);
  if (connection) user_.on_flow_failed(connection->flow);
}

}  // namespace xivo::sip
