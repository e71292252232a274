#include "sip/socket_wire.hpp"

#include "base/metrics.hpp"
#include "sip/wire/local_addresses.hpp"
#include "sip/wire/stream_connections.hpp"
#include "sip/wire/udp_ports.hpp"

namespace xivo::sip {

namespace {
bool is_stream(Transport transport) { return transport == Transport::Tcp || transport == Transport::Tls; }
}  // namespace

/// Stands between the sockets and the user, for the tap.
struct SocketWire::Impl final : WireUser {
  Impl(runtime::Loop& loop, const Limits& wire_limits)
      : limits(wire_limits),
        addresses(loop.clock()),
        udp(loop, addresses, *this),
        streams(loop, addresses, *this, wire_limits) {}

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
  StreamConnections streams;
};

SocketWire::SocketWire(runtime::Loop& loop, const Limits& limits)
    : impl_(std::make_unique<Impl>(loop, limits)) {}

SocketWire::~SocketWire() = default;

Result<SocketAddress> SocketWire::listen(Transport transport, const SocketAddress& local) {
  switch (transport) {
    case Transport::Udp:
      return impl_->udp.open(local, {impl_->limits.udp_receive_buffer, impl_->limits.reuse_port});
    case Transport::Tcp:
    case Transport::Tls: return impl_->streams.listen(transport, local);
    case Transport::Ws:
    case Transport::Wss: break;
  }
  return fail("transport is not served by plain sockets");
}

void SocketWire::set_user(WireUser& user) { impl_->user = &user; }
void SocketWire::set_tls(std::shared_ptr<const runtime::TlsContext> context) {
  impl_->streams.set_tls(std::move(context));
}
void SocketWire::set_advertised(IpAddress external) { impl_->addresses.set_advertised(external); }
void SocketWire::add_local_network(const IpNetwork& network) { impl_->addresses.add_local(network); }
void SocketWire::set_tap(Tap tap) { impl_->tap = std::move(tap); }

bool SocketWire::send(const Flow& flow, std::string_view bytes) {
  bool sent = false;
  if (flow.transport == Transport::Udp) sent = impl_->udp.send(flow, bytes);
  if (is_stream(flow.transport)) sent = impl_->streams.send(flow, bytes);
  if (sent && impl_->tap) impl_->tap(true, flow, bytes);
  return sent;
}

Flow SocketWire::flow_to(Transport transport, const SocketAddress& remote) {
  return flow_to_host(transport, remote, {});
}

Flow SocketWire::flow_to_host(Transport transport, const SocketAddress& remote, std::string_view host) {
  if (is_stream(transport)) return impl_->streams.flow_to(transport, remote, host);
  auto flow = impl_->udp.flow_to(remote);
  flow.transport = transport;
  return flow;
}

std::size_t SocketWire::connection_count() const { return impl_->streams.size(); }

void SocketWire::close() {
  impl_->udp.close();
  impl_->streams.close();
}

}  // namespace xivo::sip
