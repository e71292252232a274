#include "sip/transaction/reply.hpp"

#include <algorithm>

namespace xivo::sip {
namespace {

constexpr std::size_t kDatagramPayloadMax = 65'507;  // of IPv4

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

// The client would hear nothing and repeat its request for 32 seconds. It can ask again by TCP.
std::string instead_of_too_large(std::string& response) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const auto head = std::min(response.find(kEnd), response.size() - kEnd.size()) + kEnd.size();
  const auto parsed = Message::parse(response.data(), head);
  const Message& told =
      parsed ? *parsed : parsed.error().partial;  // its body is said to be longer, of course
  if (told.top_via().text.empty()) return {};
  constexpr int kServerError = 500;
  auto writer = Writer::response(kServerError, "Answer too large for UDP");
  for (const auto id : {HeaderId::Via, HeaderId::From, HeaderId::To, HeaderId::CallId, HeaderId::CSeq}) {
    writer.copy(id, told);
  }
  auto bytes = writer.finish();
  if (bytes.size() > kDatagramPayloadMax) bytes.clear();
  return bytes;
}

bool fits(const Flow& flow, std::string_view bytes) {
  return flow.transport != Transport::Udp || bytes.size() <= kDatagramPayloadMax;
}

Source source_of(const Flow& flow) { return {flow.remote.ip.to_string(), flow.remote.port}; }

}  // namespace xivo::sip
