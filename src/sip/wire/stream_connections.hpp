#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/channel.hpp"
#include "runtime/loop.hpp"
#include "runtime/socket.hpp"
#include "runtime/tls_context.hpp"
#include "sip/flow.hpp"
#include "sip/socket_wire.hpp"
#include "sip/stream_framer.hpp"
#include "sip/wire/local_addresses.hpp"

namespace xivo::sip {

/// The listeners and connections of the stream transports: TCP, and TLS on it.
///
/// A connection ends when the peer closes it, when it breaks, when its handshake or a message stays half, when nothing
/// comes for too long, when a message cannot be framed, or when the peer reads too slowly; each time the user is told once.
/// Thread  the loop's
class StreamConnections {
 public:
  StreamConnections(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user,
                    const SocketWire::Limits& limits);
  ~StreamConnections();
  StreamConnections(const StreamConnections&) = delete;
  StreamConnections& operator=(const StreamConnections&) = delete;

  /// What new TLS handshakes use; connections that exist keep what they were made with.
  void set_tls(std::shared_ptr<const runtime::TlsContext> context) { tls_ = std::move(context); }
  [[nodiscard]] bool has_tls() const { return tls_ != nullptr; }

  /// Shape   transport: Tcp or Tls
  Result<SocketAddress> listen(Transport transport, const SocketAddress& local);
  /// By the connection that `flow` names, else by one to its remote address, else by a new one.
  /// Errors  false = no connection can be made, or the peer reads too slowly
  bool send(const Flow& flow, std::string_view bytes);
  /// `name`: what the peer's certificate is to be checked for, should a connection have to be made; empty: its address.
  Flow flow_to(Transport transport, const SocketAddress& remote, std::string_view name = {});
  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  [[nodiscard]] std::size_t handshakes() const { return handshakes_; }
  void close();

 private:
  struct ConnectionTag;
  using Id = Handle<ConnectionTag>;
  enum class State : std::uint8_t {
    Connecting,
    Securing,  // the TLS handshake
    Open,
    Finishing,  // an answer is on its way out, then it closes; what still comes is thrown away
    Doomed,  // closes when the current callback has returned
  };
  struct Connection;
  struct Listener {
    Transport transport;
    runtime::Fd fd;
    runtime::WatchId watch;
    SocketAddress bound;
  };

  /// Where a connection leads: by what, and to whom.
  struct Remote {
    Transport transport;
    SocketAddress address;
    bool operator==(const Remote&) const = default;
  };
  struct RemoteHash {
    std::size_t operator()(const Remote& remote) const noexcept {
      return std::hash<SocketAddress>{}(remote.address) * 31 + static_cast<std::size_t>(remote.transport);
    }
  };

  void on_accept(std::size_t listener);
  void accepted(const Listener& listener, runtime::Fd fd, const SocketAddress& remote);
  void refuse_for_lack_of_descriptors(int listener);
  [[nodiscard]] bool may_accept(Transport transport, const IpAddress& remote) const;
  Id adopt(std::unique_ptr<runtime::Channel> channel, const Remote& remote, std::uint16_t listening_port,
           State state);
  Id connect(const Flow& flow);
  [[nodiscard]] Id find_for(const Flow& flow) const;
  [[nodiscard]] std::optional<SocketAddress> listening_towards(Transport transport, const IpAddress& remote);
  [[nodiscard]] std::string name_of(const SocketAddress& remote) const;

  void on_ready(Id id, runtime::Loop::Events events);
  bool on_connected(Id id, Connection& connection);
  void begin_handshake(Id id, Connection& connection);
  bool advance_handshake(Id id, Connection& connection);
  void tell_of_failure(const Connection& connection);
  void end_handshake(Connection& connection, bool succeeded);
  void read(Id id);
  bool deliver(Id id);
  void refuse(Id id, Connection& connection, const StreamFramer::Piece& piece);
  bool write(Id id, Connection& connection, std::string_view bytes);
  void write_queued(Id id, Connection& connection);
  void wait_for_room(Connection& connection, bool wait);
  void doom(Id id, Connection& connection);

  void expect_more(Id id, Connection& connection);
  void set_deadline(Id id, Connection& connection, runtime::Duration after);
  void arm(Id id, Connection& connection);
  void on_timer(Id id);

  void forget_remote(Id id, const Connection& connection);
  std::unique_ptr<Connection> take(Id id);
  void end(Id id);

  runtime::Loop& loop_;
  LocalAddresses& addresses_;
  WireUser& user_;
  const SocketWire::Limits limits_;
  std::vector<Listener> listeners_;
  std::shared_ptr<const runtime::TlsContext> tls_;
  SlotMap<Connection, ConnectionTag> connections_;
  std::unordered_map<Remote, Id, RemoteHash> by_remote_;
  std::unordered_map<IpAddress, std::size_t> accepted_by_address_;
  std::unordered_map<IpAddress, std::size_t> handshakes_by_address_;
  std::size_t handshakes_ = 0;
  runtime::Instant next_notice_;
  std::unordered_map<SocketAddress, std::string> names_;  // of those a connection may have to be made to
  std::vector<std::unique_ptr<Connection>>
      graveyard_;  // closed while one of their messages was being handled
  std::unique_ptr<char[]> buffer_;
  runtime::Fd reserve_;  // given up for a moment to refuse connections when there are no descriptors left
};

}  // namespace xivo::sip
