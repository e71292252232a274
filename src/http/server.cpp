#include "http/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/slot_map.hpp"
#include "http/connection.hpp"
#include "http/unix_listener.hpp"

namespace xivo::http {
namespace {

metrics::Counter requests_total("xivo_http_requests_total", "HTTP requests handed to a handler");
metrics::Counter connections_refused("xivo_http_connections_refused_total",
                                     "connections closed at once because a limit was reached");
metrics::Counter answers_lost("xivo_http_answers_lost_total",
                              "answers dropped because the loop's mailbox was full");

constexpr int kAcceptsPerTurn = 64;
constexpr runtime::Duration kAcceptPause = std::chrono::milliseconds(100);  // when descriptors have run out

}  // namespace

struct Server::Core final : Connection::Owner, std::enable_shared_from_this<Core> {
  struct Listener {
    runtime::Fd fd;
    runtime::WatchId watch;
    std::string path;  // of a Unix socket
    bool secure = false;
  };

  Core(runtime::Loop& l, Handler h, Limits m) : loop(l), handler(std::move(h)), limits(m) {}

  void watch(std::size_t index) {
    listeners[index].watch =
        loop.watch(listeners[index].fd.get(), [this, index](auto) { accept_all(index); });
  }
  void accept_all(std::size_t index);
  void pause(std::size_t index);
  void admit(runtime::Fd fd, Peer peer);
  bool may_admit(const Peer& peer) const;
  Result<SocketAddress> listen(const SocketAddress& local, bool secure);
  void on_request(ConnectionId id, std::uint32_t serial, Request request) override;
  void on_closed(ConnectionId id) override;
  void on_handshake_over(const Peer& peer) override;
  bool hold(std::ptrdiff_t bytes) override {
    held += bytes;
    return held <= static_cast<std::ptrdiff_t>(limits.bodies_bytes_max);
  }
  void stop_listening();
  void close(std::function<void()> on_closed);
  void finish();

  runtime::Loop& loop;
  const Handler handler;
  const Limits limits;
  std::vector<Listener> listeners;
  SlotMap<Connection> connections;
  std::unordered_map<IpAddress, std::size_t> per_address;
  std::unordered_map<IpAddress, std::size_t> handshakes_per_address;
  std::size_t handshakes = 0;
  std::shared_ptr<const runtime::TlsContext> tls;
  std::vector<runtime::TimerId> pauses;
  std::ptrdiff_t held = 0;  // of bodies whose rest has not come
  std::function<void()> when_closed;
  runtime::TimerId farewell;
  bool closing = false;
};

/// The part of a Responder that its copies share.
struct Responder::Ticket {
  runtime::Loop& loop;
  std::weak_ptr<Server::Core> server;  // locked in the loop's thread only
  ConnectionId connection;
  std::uint32_t serial;
  std::atomic<bool> answered{false};

  Ticket(runtime::Loop& l, std::weak_ptr<Server::Core> s, ConnectionId c, std::uint32_t n)
      : loop(l), server(std::move(s)), connection(c), serial(n) {}
  ~Ticket() {
    if (!answered) deliver(Response::text(500, "the request was not answered\n"));
  }

  void deliver(Response response) {
    if (answered.exchange(true) || server.expired()) return;
    auto bring = [core = server, id = connection, number = serial, answer = std::move(response)]() mutable {
      const auto alive = core.lock();
      Connection* to = alive ? alive->connections.find(id) : nullptr;
      if (to) to->answer(number, std::move(answer));
    };
    if (loop.in_loop()) return bring();
    if (!loop.post(std::move(bring))) answers_lost.add();  // the connection gives up after its answer_timeout
  }
};

void Responder::send(Response response) const { ticket_->deliver(std::move(response)); }

void Server::Core::accept_all(std::size_t index) {
  const bool local = !listeners[index].path.empty();
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    runtime::KernelAddress address;
    runtime::Fd fd(accept4(listeners[index].fd.get(), local ? nullptr : address.get(),
                           local ? nullptr : &address.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) pause(index);
      return;
    }
    Peer peer;
    peer.secure = listeners[index].secure;
    if (local) {
      ucred credentials{};
      socklen_t size = sizeof credentials;
      if (getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0)
        peer.local_user = credentials.uid;
    } else {
      peer.remote = address.to_socket_address();
      peer.local = runtime::local_address(fd.get());
    }
    admit(std::move(fd), peer);
  }
}

/// The listener would be ready in every turn while nothing can be accepted.
void Server::Core::pause(std::size_t index) {
  log::warning("http", "cannot accept connections: out of descriptors or memory");
  loop.unwatch(listeners[index].watch);
  pauses.push_back(loop.timers().set(kAcceptPause, [this, index] {
    if (!closing) watch(index);
  }));
  if (pauses.size() > listeners.size()) pauses.erase(pauses.begin());
}

bool Server::Core::may_admit(const Peer& peer) const {
  const auto below = [&](const auto& counts, std::size_t limit) {
    const auto count = counts.find(peer.remote.ip);
    return count == counts.end() || count->second < limit;
  };
  if (connections.size() >= limits.connections_max) return false;
  if (!peer.local_user && !below(per_address, limits.connections_per_address_max)) return false;
  if (!peer.secure) return true;
  return handshakes < limits.handshakes_max &&
         below(handshakes_per_address, limits.handshakes_per_address_max);
}

void Server::Core::admit(runtime::Fd fd, Peer peer) {
  if (!may_admit(peer)) return connections_refused.add();
  if (!peer.local_user) {
    ++per_address[peer.remote.ip];
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (peer.secure) {
    ++handshakes;
    ++handshakes_per_address[peer.remote.ip];
  }
  auto channel = peer.secure ? tls->accept(std::move(fd)) : runtime::plain_channel(std::move(fd));
  const auto id = connections.emplace(loop, limits, *this, std::move(channel), peer);
  connections.find(id)->start(id);
}

void Server::Core::on_handshake_over(const Peer& peer) {
  --handshakes;
  const auto count = handshakes_per_address.find(peer.remote.ip);
  if (count != handshakes_per_address.end() && --count->second == 0) handshakes_per_address.erase(count);
}

void Server::Core::on_request(ConnectionId id, std::uint32_t serial, Request request) {
  requests_total.add();
  handler(std::move(request),
          Responder(std::make_shared<Responder::Ticket>(loop, weak_from_this(), id, serial)));
}

void Server::Core::on_closed(ConnectionId id) {
  auto gone = std::shared_ptr<Connection>(connections.take(id));
  if (!gone) return;
  if (!gone->peer().local_user) {
    const auto count = per_address.find(gone->peer().remote.ip);
    if (count != per_address.end() && --count->second == 0) per_address.erase(count);
  }
  loop.scheduler().defer([gone] {});  // it is on the stack right now
  if (closing && connections.empty())
    loop.scheduler().defer([self = weak_from_this()] {
      if (const auto alive = self.lock()) alive->finish();
    });
}

void Server::Core::stop_listening() {
  for (auto& listener : listeners) {
    loop.unwatch(listener.watch);
    if (!listener.path.empty()) unlink(listener.path.c_str());
  }
  for (const auto timer : pauses) loop.timers().cancel(timer);
  listeners.clear();
}

void Server::Core::close(std::function<void()> on_closed_all) {
  when_closed = std::move(on_closed_all);
  closing = true;
  stop_listening();
  for (const auto id : connections.ids()) {
    if (Connection* connection = connections.find(id)) connection->wind_up();
  }
  farewell = loop.timers().set(connections.empty() ? runtime::Duration::zero() : limits.farewell,
                               [this] { finish(); });
}

void Server::Core::finish() {
  loop.timers().cancel(farewell);
  for (const auto id : connections.ids()) {
    if (Connection* connection = connections.find(id)) connection->close();
  }
  if (const auto done = std::exchange(when_closed, nullptr)) done();
}

Server::Server(runtime::Loop& loop, Handler handler, Limits limits)
    : core_(std::make_shared<Core>(loop, std::move(handler), limits)) {}

Server::~Server() {
  core_->stop_listening();
  core_->loop.timers().cancel(core_->farewell);
  core_->when_closed = nullptr;
  core_->closing = false;
  for (const auto id : core_->connections.ids()) {
    if (Connection* connection = core_->connections.find(id)) connection->close();
  }
}

Result<SocketAddress> Server::Core::listen(const SocketAddress& local, bool secure) {
  if (secure && !tls) return fail("TLS needs a certificate");
  auto fd = runtime::open_tcp_listener(local);
  if (!fd) return Unexpected{fd.error()};
  const auto address = runtime::local_address(fd->get());
  listeners.push_back({std::move(*fd), {}, {}, secure});
  watch(listeners.size() - 1);
  return address;
}

Result<SocketAddress> Server::listen(const SocketAddress& local) { return core_->listen(local, false); }
Result<SocketAddress> Server::listen_tls(const SocketAddress& local) { return core_->listen(local, true); }
void Server::set_tls(std::shared_ptr<const runtime::TlsContext> context) { core_->tls = std::move(context); }

Result<void> Server::listen_unix(const std::string& path, mode_t mode) {
  auto fd = open_unix_listener(path, mode);
  if (!fd) return Unexpected{fd.error()};
  core_->listeners.push_back({std::move(*fd), {}, path, false});
  core_->watch(core_->listeners.size() - 1);
  return {};
}

void Server::close(std::function<void()> on_closed) { core_->close(std::move(on_closed)); }
std::size_t Server::connections() const { return core_->connections.size(); }

StandaloneServer::StandaloneServer(Handler handler, Limits limits)
    : server_(loop_, std::move(handler), limits) {}

StandaloneServer::~StandaloneServer() { stop(); }

void StandaloneServer::start() {
  running_ = true;
  thread_ = runtime::Thread("http", [this] { loop_.run(); });
}

void StandaloneServer::stop() {
  if (!std::exchange(running_, false)) return;
  loop_.post([this] { server_.close([this] { loop_.stop(); }); });
  thread_.join();
}

}  // namespace xivo::http
