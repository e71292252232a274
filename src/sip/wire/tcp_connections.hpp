#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/loop.hpp"
#include "runtime/socket.hpp"
#include "sip/flow.hpp"
#include "sip/socket_wire.hpp"
#include "sip/stream_framer.hpp"
#include "sip/wire/local_addresses.hpp"

namespace xivo::sip {

/// The TCP listeners and connections.
///
/// A connection ends when the peer closes it, when it breaks, when nothing comes for too long, when a message stays half
/// or cannot be framed, or when the peer reads too slowly; each time the user is told once.
/// Thread  the loop's
class TcpConnections {
 public:
  TcpConnections(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user,
                 const SocketWire::Limits& limits);
  ~TcpConnections();
  TcpConnections(const TcpConnections&) = delete;
  TcpConnections& operator=(const TcpConnections&) = delete;

  Result<SocketAddress> listen(const SocketAddress& local);
  /// By the connection that `flow` names, else by one to its remote address, else by a new one.
  /// Errors  false = no connection can be made, or the peer reads too slowly
  bool send(const Flow& flow, std::string_view bytes);
  Flow flow_to(const SocketAddress& remote);
  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  void close();

 private:
  struct ConnectionTag;
  using Id = Handle<ConnectionTag>;
  enum class State : std::uint8_t {
    Connecting,
    Open,
    Finishing,  // an answer is on its way out, then it closes; what still comes is thrown away
    Doomed,  // closes when the current callback has returned
  };
  struct Connection;
  struct Listener {
    runtime::Fd fd;
    runtime::WatchId watch;
    SocketAddress bound;
  };

  void on_accept(std::size_t listener);
  void refuse_for_lack_of_descriptors(int listener);
  [[nodiscard]] bool may_accept(const IpAddress& remote) const;
  Id adopt(runtime::Fd fd, const SocketAddress& remote, std::uint16_t listening_port, State state);
  Id connect(const SocketAddress& remote);
  [[nodiscard]] Id find_for(const Flow& flow) const;

  void on_ready(Id id, runtime::Loop::Events events);
  bool on_connected(Id id, Connection& connection);
  void read(Id id);
  bool deliver(Id id);
  void refuse(Id id, Connection& connection, const StreamFramer::Piece& piece);
  bool write(Id id, Connection& connection, std::string_view bytes);
  void write_queued(Id id, Connection& connection);
  void finish(Id id, Connection& connection);
  void doom(Id id, Connection& connection);

  void expect_more(Id id, Connection& connection);
  void set_deadline(Id id, Connection& connection, runtime::Duration after);
  void arm(Id id, Connection& connection);
  void on_timer(Id id);

  std::unique_ptr<Connection> take(Id id);
  void end(Id id);

  runtime::Loop& loop_;
  LocalAddresses& addresses_;
  WireUser& user_;
  const SocketWire::Limits limits_;
  std::vector<Listener> listeners_;
  std::vector<SocketAddress> bound_;  // of listeners_, in that order
  SlotMap<Connection, ConnectionTag> connections_;
  std::unordered_map<SocketAddress, Id> by_remote_;
  std::unordered_map<IpAddress, std::size_t> accepted_by_address_;
  std::vector<std::unique_ptr<Connection>>
      graveyard_;  // closed while one of their messages was being handled
  std::unique_ptr<char[]> buffer_;
  runtime::Fd reserve_;  // given up for a moment to refuse connections when there are no descriptors left
};

}  // namespace xivo::sip
