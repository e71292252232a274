#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ip_network.hpp"
#include "base/result.hpp"
#include "runtime/loop.hpp"
#include "sip/flow.hpp"

namespace xivo::runtime {
class TlsContext;
}

namespace xivo::sip {

/// The real network: UDP sockets read with recvmmsg and written with sendmmsg per loop turn, TCP and TLS listeners and
/// connections, over IPv4 and IPv6. Answers RFC 5626 keep-alives (double CRLF with a single one) and ignores the single
/// CRLF and four-byte NAT keep-alives of UDP phones.
/// Thread  the loop's.
class SocketWire final : public Wire {
 public:
  struct Limits {
    std::size_t connections_max = 20'000;  // TCP and TLS together, as the next one
    std::size_t connections_per_address_max = 200;
    std::size_t head_bytes_max = 16'384;  // a message's head on a stream
    std::size_t body_bytes_max = 65'536;
    std::size_t queued_bytes_max = 262'144;  // unsent on one connection; past it the connection is closed
    runtime::Duration idle_max = std::chrono::seconds(900);  // after the first whole message
    runtime::Duration first_message_max = std::chrono::seconds(30);
    runtime::Duration connect_max = std::chrono::seconds(10);
    std::size_t handshakes_max = 1'000;  // TLS handshakes in progress
    std::size_t handshakes_per_address_max = 100;  // a branch office behind one address comes back at once
    runtime::Duration handshake_max = std::chrono::seconds(10);
    int udp_receive_buffer = 8 * 1024 * 1024;
    bool reuse_port = false;  // ports are shared between the wires of several shards
  };

  SocketWire(runtime::Loop& loop, const Limits& limits);
  ~SocketWire() override;

  /// Opens what is asked for, before the loop runs. Port 0 takes a free one; ask bound().
  /// Errors  "cannot bind" with errno
  Result<SocketAddress> listen(Transport transport, const SocketAddress& local);
  void set_user(WireUser& user);
  /// The certificates of new TLS connections; needed before listen(Tls). Connections that exist live on unchanged.
  void set_tls(std::shared_ptr<const runtime::TlsContext> context);
  /// Replaces the local address in Via, Contact and session descriptions for peers that are neither private nor in a local
  /// network: the address before our NAT, one of each family.
  void set_advertised(IpAddress external);
  void add_local_network(const IpNetwork& network);

  /// Called with every message sent and received, for `sip set debug` and captures. Empty = off.
  using Tap = std::function<void(bool sent, const Flow& flow, std::string_view bytes)>;
  void set_tap(Tap tap);

  bool send(const Flow& flow, std::string_view bytes) override;
  Flow flow_to(Transport transport, const SocketAddress& remote) override;
  Flow flow_to_host(Transport transport, const SocketAddress& remote, std::string_view host) override;

  [[nodiscard]] std::size_t connection_count() const;
  /// Closes listeners and connections.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::sip
