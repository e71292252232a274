#pragma once

#include "sip/flow.hpp"
#include "sip/socket_wire.hpp"

namespace xivo::app {

class WebSocketHub;

/// In front of one shard's sockets: flows of browsers go to the web loop, which has their WebSockets, all others pass.
/// Thread  the shard's loop.
class WebSocketWire final : public sip::Wire {
 public:
  /// Shape   shard: its number, which the hub knows it by
  WebSocketWire(unsigned shard, WebSocketHub& hub, sip::Wire& sockets)
      : shard_(shard), hub_(hub), sockets_(sockets) {}

  /// Who hears of what came by WebSocket. Once, before anything does.
  void set_user(sip::WireUser& user) { user_ = &user; }
  void set_tap(sip::SocketWire::Tap tap) { tap_ = std::move(tap); }

  // ---- sip::Wire
  bool send(const sip::Flow& flow, std::string_view bytes) override;
  /// Nobody can open a WebSocket to a browser: a flow by one has no local address.
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override;
  sip::Flow flow_to_host(sip::Transport transport, const SocketAddress& remote,
                         std::string_view host) override;

  // ---- from the hub
  void receive(const sip::Flow& flow, char* bytes, std::size_t size);
  void fail(const sip::Flow& flow);

 private:
  const unsigned shard_;
  WebSocketHub& hub_;
  sip::Wire& sockets_;
  sip::WireUser* user_ = nullptr;
  sip::SocketWire::Tap tap_;
};

}  // namespace xivo::app
