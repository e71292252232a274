// Requests too large for UDP.                                                                      RFC 3261 §18.1.1
#include "sip/transaction/large_request.hpp"

#include "base/metrics.hpp"

namespace xivo::sip {
namespace {

metrics::Counter by_stream("sip_large_by_tcp", "requests sent by TCP because a datagram would be too large");
metrics::Counter fell_back("sip_large_by_udp", "large requests sent by UDP because the peer takes no TCP");

std::string sent_by(const Flow& flow) {
  return std::string("SIP/2.0/").append(name(flow.transport)).append(" ").append(flow.local.to_string());
}

/// The top Via is the first of all header fields in a request of ours.
void change_via(std::string& bytes, const Flow& from, const Flow& to) {
  const auto old = sent_by(from);
  if (const auto at = bytes.find(old); at != std::string::npos) bytes.replace(at, old.size(), sent_by(to));
}

}  // namespace

void LargeRequests::choose(ClientTransaction& transaction) const {
  if (transaction.flow.transport != Transport::Udp || transaction.bytes.size() <= kDatagramMax) return;
  const auto refuser = refusers_.find(transaction.flow.remote);
  if (refuser != refusers_.end() && core_.scheduler.clock.now() < refuser->second) return;
  const auto stream = core_.wire.flow_to(Transport::Tcp, transaction.flow.remote);
  if (stream.local.port == 0) return;  // we have no TCP of that family
  by_stream.add();
  change_via(transaction.bytes, transaction.flow, stream);
  transaction.datagram = std::make_unique<Flow>(transaction.flow);
  transaction.flow = stream;
}

bool LargeRequests::fall_back(ClientTransactionId id, ClientTransaction& transaction) {
  if (!transaction.datagram) return false;
  fell_back.add();
  const auto now = core_.scheduler.clock.now();
  if (refusers_.size() >= kRefusersMax)
    std::erase_if(refusers_, [now](const auto& each) { return each.second <= now; });
  if (refusers_.size() >= kRefusersMax) refusers_.clear();
  const auto datagram = std::move(transaction.datagram);
  refusers_.insert_or_assign(datagram->remote, now + kRefusalLasts);
  change_via(transaction.bytes, transaction.flow, *datagram);
  core_.clients.set_flow(id, transaction, *datagram);
  return true;
}

}  // namespace xivo::sip
