#include "app/web/websocket_wire.hpp"

#include "app/web/websocket_hub.hpp"

namespace xivo::app {

bool WebSocketWire::send(const sip::Flow& flow, std::string_view bytes) {
  if (!sip::is_websocket(flow.transport)) return sockets_.send(flow, bytes);
  if (!hub_.send(shard_, flow, bytes)) return false;
  if (tap_) tap_(true, flow, bytes);
  return true;
}

sip::Flow WebSocketWire::flow_to(sip::Transport transport, const SocketAddress& remote) {
  if (!sip::is_websocket(transport)) return sockets_.flow_to(transport, remote);
  return {transport, {}, remote, 0};
}

sip::Flow WebSocketWire::flow_to_host(sip::Transport transport, const SocketAddress& remote,
                                      std::string_view host) {
  if (!sip::is_websocket(transport)) return sockets_.flow_to_host(transport, remote, host);
  return {transport, {}, remote, 0};
}

void WebSocketWire::receive(const sip::Flow& flow, char* bytes, std::size_t size) {
  if (tap_) tap_(false, flow, {bytes, size});
  if (user_ != nullptr) user_->on_message(flow, bytes, size);
}

void WebSocketWire::fail(const sip::Flow& flow) {
  if (user_ != nullptr) user_->on_flow_failed(flow);
}

}  // namespace xivo::app
