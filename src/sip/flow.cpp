#include "sip/flow.hpp"

#include <array>

namespace xivo::sip {
namespace {

struct TransportNames {
  std::string_view via;
  std::string_view label;
};
constexpr std::array<TransportNames, 5> kNames{
    {{"UDP", "udp"}, {"TCP", "tcp"}, {"TLS", "tls"}, {"WS", "ws"}, {"WSS", "wss"}}};

}  // namespace

std::string_view name(Transport transport) { return kNames[static_cast<std::size_t>(transport)].via; }
std::string_view label(Transport transport) { return kNames[static_cast<std::size_t>(transport)].label; }
std::string_view uri_parameter(Transport transport) {
  return label(is_websocket(transport) ? Transport::Ws : transport);
}

std::uint16_t default_port(Transport transport) {
  switch (transport) {
    case Transport::Tls: return 5061;
    case Transport::Ws: return 80;
    case Transport::Wss: return 443;
    case Transport::Udp:
    case Transport::Tcp: break;
  }
  return 5060;
}

std::string Flow::to_string() const { return std::string(label(transport)) + ":" + remote.to_string(); }

}  // namespace xivo::sip
