#include "sip/transaction/reply.hpp"

namespace xivo::sip {
namespace {

std::uint16_t sent_by_port(const Via& via, Transport transport) {
  return via.port != 0 ? via.port : default_port(transport);
}

}  // namespace

Flow way_back(const Message& request, const Flow& flow) {
  Flow back = flow;
  const Via& via = request.top_via();
  if (is_reliable(flow.transport)) {
    back.remote.port = sent_by_port(via, flow.transport);
  } else if (!via.has_rport && IpAddress::parse(via.host) == flow.remote.ip) {
    back.remote.port = sent_by_port(via, flow.transport);
  }
  return back;
}

Source source_of(const Flow& flow) { return {flow.remote.ip.to_string(), flow.remote.port}; }

}  // namespace xivo::sip
