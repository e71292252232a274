#include "sip/socket_wire.hpp"

#include "base/metrics.hpp"
#include "sip/wire/local_addresses.hpp"
#include "sip/wire/tcp_connections.hpp"
#include "sip/wire/udp_ports.hpp"

namespace xivo::sip {

/// Stands between the sockets and the user, for the tap.
struct SocketWire::Impl final : WireUser {
  Impl(runtime::Loop& loop, const Limits& wire_limits)
      : limits(wire_limits),
        addresses(loop.clock()),
        udp(loop, addresses, *this),
        tcp(loop, addresses, *this, wire_limits) {}

  void on_message(const Flow& flow, char* bytes, std::size_t size) override {
    if (tap) tap(false, flow, {bytes, size});
    if (user != nullptr) user->on_message(flow, bytes, size);
  }
  void on_flow_failed(const Flow& flow) override {
    if (user != nullptr) user->on_flow_failed(flow);
  }

  const Limits limits;
  WireUser* user = nullptr;
  Tap tap;
  LocalAddresses addresses;
  UdpPorts udp;
  TcpConnections tcp;
};

SocketWire::SocketWire(runtime::Loop& loop, const Limits& limits)
    : impl_(std::make_unique<Impl>(loop, limits)) {}

SocketWire::~SocketWire() = default;

Result<SocketAddress> SocketWire::listen(Transport transport, const SocketAddress& local) {
  switch (transport) {
    case Transport::Udp:
      return impl_->udp.open(local, {impl_->limits.udp_receive_buffer, impl_->limits.reuse_port});
    case Transport::Tcp: return impl_->tcp.listen(local);
    case Transport::Tls:
    case Transport::Ws:
    case Transport::Wss: break;
  }
  return fail("transport is not served by plain sockets");
}

void SocketWire::set_user(WireUser& user) { impl_->user = &user; }
void SocketWire::set_advertised(IpAddress external) { impl_->addresses.set_advertised(external); }
void SocketWire::set_tap(Tap tap) { impl_->tap = std::move(tap); }

bool SocketWire::send(const Flow& flow, std::string_view bytes) {
  bool sent = false;
  if (flow.transport == Transport::Udp) sent = impl_->udp.send(flow, bytes);
  if (flow.transport == Transport::Tcp) sent = impl_->tcp.send(flow, bytes);
  if (sent && impl_->tap) impl_->tap(true, flow, bytes);
  return sent;
}

Flow SocketWire::flow_to(Transport transport, const SocketAddress& remote) {
  if (transport == Transport::Tcp) return impl_->tcp.flow_to(remote);
  auto flow = impl_->udp.flow_to(remote);
  flow.transport = transport;
  return flow;
}

std::size_t SocketWire::connection_count() const { return impl_->tcp.size(); }

void SocketWire::close() {
  impl_->udp.close();
  impl_->tcp.close();
}

}  // namespace xivo::sip
