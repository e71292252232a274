#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace xivo::sip {

/// How messages are carried.                                  RFC 3261 §18, RFC 7118
enum class Transport : std::uint8_t { Udp, Tcp, Tls, Ws, Wss };
std::string_view name(Transport transport);          // "UDP", as in Via
std::string_view label(Transport transport);  // "udp", for people and files; tells WS from WSS
/// What ";transport=" says: "udp". WS and WSS are both "ws".                              RFC 3261 §19.1.1, RFC 7118 §5.2
std::string_view uri_parameter(Transport transport);
constexpr bool is_websocket(Transport transport) {
  return transport == Transport::Ws || transport == Transport::Wss;
}
constexpr bool is_reliable(Transport transport) { return transport != Transport::Udp; }
/// Where a peer listens that names no port.                      RFC 3261 §19.1.2, RFC 7118 §5.2
std::uint16_t default_port(Transport transport);

/// The path a message came by, or is to go by: a pair of addresses, and for streams the one connection.
/// A value: it may name a connection that is gone, and sending then opens a new one to `remote` (RFC 3261 §18.2.2).
struct Flow {
  Transport transport = Transport::Udp;
  SocketAddress local;  // what we say in Via and Contact for this path; concrete, never 0.0.0.0
  SocketAddress remote;
  std::uint64_t connection = 0;  // bits of a handle of the transport; 0 for UDP or "any connection to remote"

  [[nodiscard]] std::string to_string() const;  // "udp:192.0.2.7:5060"
  bool operator==(const Flow&) const = default;
};

/// The network as the SIP core sees it: the sockets in production, a simulated network in tests. Neither function calls
/// the WireUser from inside.
/// Thread  the shard's.
class Wire {
 public:
  virtual ~Wire() = default;

  /// Sends one whole message. UDP: at once, a full socket buffer loses it (retransmission repairs that). Streams: queued
  /// within a bound, opening a connection when there is none.
  /// Errors  returned false = it will certainly not arrive; a later loss of a stream is told by WireUser::on_flow_failed
  virtual bool send(const Flow& flow, std::string_view bytes) = 0;

  /// A flow towards `remote` with the local address that the kernel's routing would choose.
  virtual Flow flow_to(Transport transport, const SocketAddress& remote) = 0;
  /// The same towards a host that was meant by name: TLS holds the peer's certificate to it.
  virtual Flow flow_to_host(Transport transport, const SocketAddress& remote, std::string_view /*host*/) {
    return flow_to(transport, remote);
  }
};

/// What the wire tells its user.
class WireUser {
 public:
  virtual ~WireUser() = default;
  /// One message's bytes, which the callee may change (headers are unfolded in place) and which die on return.
  virtual void on_message(const Flow& flow, char* bytes, std::size_t size) = 0;
  /// A stream that failed or closed; transactions on it are told.
  virtual void on_flow_failed(const Flow& flow) = 0;
};

}  // namespace xivo::sip
