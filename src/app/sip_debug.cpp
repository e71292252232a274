#include "app/sip_debug.hpp"

#include <fmt/format.h>

#include "sdp/crypto.hpp"

namespace xivo::app {

bool wanted(const console::SipDebug& filter, const sip::Flow& flow) {
  switch (filter.mode) {
    case console::SipDebug::Mode::Off: return false;
    case console::SipDebug::Mode::All: return true;
    case console::SipDebug::Mode::Address:
    case console::SipDebug::Mode::Peer: break;
  }
  return flow.remote.ip == filter.address && (filter.port == 0 || flow.remote.port == filter.port);
}

std::string debug_text(bool sent, const sip::Flow& flow, std::string_view bytes) {
  return fmt::format("\n<--- {} SIP {}: {} ({} bytes) --->\n{}\n<------------->\n",
                     sent ? "Transmitting" : "Received", sent ? "to" : "from", flow.to_string(), bytes.size(),
                     sdp::without_keys(bytes));
}

}  // namespace xivo::app
