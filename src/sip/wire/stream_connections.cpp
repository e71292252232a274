#include "sip/wire/stream_connections.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/metrics.hpp"
#include "sip/wire/connection.hpp"

namespace xivo::sip {
namespace {

metrics::Counter opened("sip_stream_opened", "SIP connections opened or accepted");
metrics::Counter refused("sip_stream_refused", "SIP connections refused by a limit");
metrics::Counter expired("sip_stream_expired",
                         "SIP connections closed because nothing, or half a message, came");

constexpr int kAcceptsPerTurn = 64;
constexpr int kBacklog = 512;
constexpr std::size_t kNamesMax = 4'096;

runtime::Fd open_reserve() { return runtime::Fd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

StreamConnections::StreamConnections(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user,
                                     const SocketWire::Limits& limits)
    : loop_(loop), addresses_(addresses), user_(user), limits_(limits), reserve_(open_reserve()) {}

StreamConnections::~StreamConnections() { close(); }

void StreamConnections::close() {
  for (const auto& listener : listeners_) loop_.unwatch(listener.watch);
  listeners_.clear();
  for (const auto id : connections_.ids()) graveyard_.push_back(take(id));
}

// ---- listening

Result<SocketAddress> StreamConnections::listen(Transport transport, const SocketAddress& local) {
  if (transport == Transport::Tls && !has_tls()) return fail("TLS needs a certificate");
  auto fd = runtime::open_tcp_listener(local, kBacklog, limits_.reuse_port);
  if (!fd) return Unexpected{fd.error()};
  const auto bound = runtime::local_address(fd->get());
  const auto index = listeners_.size();
  const auto watch = loop_.watch(fd->get(), [this, index](runtime::Loop::Events) { on_accept(index); });
  listeners_.push_back({transport, std::move(*fd), watch, bound});
  return bound;
}

void StreamConnections::on_accept(std::size_t index) {
  const auto& listener = listeners_[index];
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    runtime::KernelAddress remote;
    runtime::Fd fd(accept4(listener.fd.get(), remote.get(), &remote.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EMFILE || errno == ENFILE) refuse_for_lack_of_descriptors(listener.fd.get());
      return;
    }
    const auto address = remote.to_socket_address();
    if (may_accept(listener.transport, address.ip)) {
      accepted(listener, std::move(fd), address);
    } else {
      refused.add();
    }
  }
}

void StreamConnections::accepted(const Listener& listener, runtime::Fd fd, const SocketAddress& remote) {
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const bool secure = listener.transport == Transport::Tls;
  auto channel = secure ? tls_->accept(std::move(fd)) : runtime::plain_channel(std::move(fd));
  const auto id = adopt(std::move(channel), {listener.transport, remote}, listener.bound.port, State::Open);
  auto* connection = connections_.find(id);
  connection->inbound = true;
  ++accepted_by_address_[remote.ip];
  if (secure) {
    begin_handshake(id, *connection);
  } else {
    set_deadline(id, *connection, limits_.first_message_max);
  }
}

// Else the connection would stay in the queue and the loop spin on it.
void StreamConnections::refuse_for_lack_of_descriptors(int listener) {
  refused.add();
  reserve_.reset();
  runtime::Fd(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)).reset();
  reserve_ = open_reserve();
}

bool StreamConnections::may_accept(Transport transport, const IpAddress& remote) const {
  if (connections_.size() >= limits_.connections_max) return false;
  const auto below = [&](const auto& counts, std::size_t limit) {
    const auto count = counts.find(remote);
    return count == counts.end() || count->second < limit;
  };
  if (!below(accepted_by_address_, limits_.connections_per_address_max)) return false;
  if (transport != Transport::Tls) return true;
  return handshakes_ < limits_.handshakes_max &&
         below(handshakes_by_address_, limits_.handshakes_per_address_max);
}

// ---- opening

// `listening_port`: peers connect to where we listen, not to the port that a connection of ours happens to have.
StreamConnections::Id StreamConnections::adopt(std::unique_ptr<runtime::Channel> channel,
                                               const Remote& remote, std::uint16_t listening_port,
                                               State state) {
  opened.add();
  const int descriptor = channel->fd().get();
  Flow flow;
  flow.transport = remote.transport;
  flow.remote = remote.address;
  flow.local = runtime::local_address(descriptor);
  if (listening_port != 0) flow.local.port = listening_port;
  flow.local = addresses_.shown(flow.local, remote.address.ip);

  const auto id = connections_.emplace(
      std::move(channel), flow, StreamFramer::Limits{limits_.head_bytes_max, limits_.body_bytes_max}, state);
  auto* connection = connections_.find(id);
  connection->flow.connection = id.bits();
  connection->waits_for_room = state == State::Connecting;
  connection->watch = loop_.watch(
      descriptor, [this, id](runtime::Loop::Events events) { on_ready(id, events); },
      connection->waits_for_room);
  by_remote_.insert_or_assign(remote, id);
  return id;
}

StreamConnections::Id StreamConnections::connect(const Flow& flow) {
  const bool secure = flow.transport == Transport::Tls;
  if (connections_.size() >= limits_.connections_max || (secure && !has_tls())) {
    refused.add();
    return {};
  }
  auto fd = runtime::start_tcp_connect(flow.remote);
  if (!fd) return {};
  auto channel =
      secure ? tls_->connect(std::move(*fd), name_of(flow.remote)) : runtime::plain_channel(std::move(*fd));
  const auto listening = listening_towards(flow.transport, flow.remote.ip);
  const auto id = adopt(std::move(channel), {flow.transport, flow.remote}, listening ? listening->port : 0,
                        State::Connecting);
  set_deadline(id, *connections_.find(id), limits_.connect_max);
  return id;
}

std::string StreamConnections::name_of(const SocketAddress& remote) const {
  const auto known = names_.find(remote);
  return known == names_.end() ? remote.ip.to_string() : known->second;
}

StreamConnections::Id StreamConnections::find_for(const Flow& flow) const {
  const auto id = Id::from_bits(flow.connection);
  const auto* named = connections_.find(id);
  if (named != nullptr && named->flow.transport == flow.transport) return id;
  const auto found = by_remote_.find({flow.transport, flow.remote});
  return found == by_remote_.end() ? Id{} : found->second;
}

std::optional<SocketAddress> StreamConnections::listening_towards(Transport transport,
                                                                  const IpAddress& remote) {
  std::vector<SocketAddress> bound;
  for (const auto& listener : listeners_) {
    if (listener.transport == transport) bound.push_back(listener.bound);
  }
  return addresses_.towards(remote, bound);
}

Flow StreamConnections::flow_to(Transport transport, const SocketAddress& remote, std::string_view name) {
  Flow flow;
  flow.transport = transport;
  flow.remote = remote;
  if (const auto* connection = connections_.find(find_for(flow))) return connection->flow;
  if (const auto local = listening_towards(transport, remote.ip)) {
    flow.local = addresses_.shown(*local, remote.ip);
  }
  if (transport == Transport::Tls && !name.empty()) {
    if (names_.size() >= kNamesMax) names_.clear();
    names_.insert_or_assign(remote, name);
  }
  return flow;
}

// ---- ending

// Nothing of a connection may go while its user is being called, or from inside send().
void StreamConnections::doom(Id id, Connection& connection) {
  connection.state = State::Doomed;
  loop_.unwatch(connection.watch);
  forget_remote(id, connection);
  set_deadline(id, connection, runtime::Duration::zero());
}

void StreamConnections::forget_remote(Id id, const Connection& connection) {
  const auto found = by_remote_.find({connection.flow.transport, connection.flow.remote});
  if (found != by_remote_.end() && found->second == id) by_remote_.erase(found);
}

void StreamConnections::expect_more(Id id, Connection& connection) {
  const bool half = connection.framer.half_received();
  if (half) {
    if (!connection.half) set_deadline(id, connection, limits_.first_message_max);
  } else if (connection.had_message || !connection.inbound) {
    set_deadline(id, connection, limits_.idle_max);
  }
  connection.half = half;
}

void StreamConnections::set_deadline(Id id, Connection& connection, runtime::Duration after) {
  connection.deadline = loop_.clock().now() + after;
  // A timer that comes too early looks again, so most messages of a busy connection touch no timer.
  if (loop_.timers().pending(connection.timer) && connection.timer_at <= connection.deadline) return;
  loop_.timers().cancel(connection.timer);
  arm(id, connection);
}

void StreamConnections::arm(Id id, Connection& connection) {
  connection.timer_at = connection.deadline;
  connection.timer =
      loop_.timers().set(connection.deadline - loop_.clock().now(), [this, id] { on_timer(id); });
}

void StreamConnections::on_timer(Id id) {
  auto* connection = connections_.find(id);
  if (connection == nullptr) return;
  if (connection->state != State::Doomed) {
    if (loop_.clock().now() < connection->deadline) return arm(id, *connection);
    expired.add();
  }
  end(id);
}

std::unique_ptr<StreamConnections::Connection> StreamConnections::take(Id id) {
  auto connection = connections_.take(id);
  if (!connection) return nullptr;
  loop_.timers().cancel(connection->timer);
  loop_.unwatch(connection->watch);
  forget_remote(id, *connection);
  end_handshake(*connection, false);
  if (connection->inbound) {
    const auto count = accepted_by_address_.find(connection->flow.remote.ip);
    if (count != accepted_by_address_.end() && --count->second == 0) accepted_by_address_.erase(count);
  }
  connection->channel.reset();
  return connection;
}

void StreamConnections::end(Id id) {
  const auto connection = take(id);
  if (connection) user_.on_flow_failed(connection->flow);
}

}  // namespace xivo::sip
