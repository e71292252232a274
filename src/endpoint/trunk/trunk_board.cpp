#include "endpoint/trunk/trunk_board.hpp"

#include <algorithm>

namespace xivo::endpoint {
namespace {

using Candidates = std::vector<const KnownTrunk*>;

template <class Wanted>
const KnownTrunk* only(const Candidates& candidates, Wanted wanted) {
  const KnownTrunk* found = nullptr;
  for (const auto* candidate : candidates) {
    if (!wanted(*candidate)) continue;
    if (found != nullptr) return nullptr;
    found = candidate;
  }
  return found;
}

}  // namespace

// Not a page in a browser there.                                                                  RFC 6455 §10.2
bool KnownTrunk::is_from(const sip::Flow& flow) const {
  if (sip::is_websocket(flow.transport)) return false;
  const bool known_network = std::any_of(networks.begin(), networks.end(), [&](const IpNetwork& network) {
    return network.contains(flow.remote.ip);
  });
  if (known_network) return true;
  // A stream comes from any port.
  return std::any_of(places.begin(), places.end(), [&](const SocketAddress& place) {
    return place.ip == flow.remote.ip && (sip::is_reliable(flow.transport) || place.port == flow.remote.port);
  });
}

const KnownTrunk* KnownTrunks::find(model::TrunkId id) const {
  const auto found = std::lower_bound(all.begin(), all.end(), id,
                                      [](const KnownTrunk& t, model::TrunkId i) { return t.id < i; });
  return found == all.end() || found->id != id ? nullptr : &*found;
}

bool KnownTrunks::is_source(const sip::Flow& flow) const {
  return std::any_of(all.begin(), all.end(), [&](const KnownTrunk& trunk) { return trunk.is_from(flow); });
}

TrunkMatch match_trunk(const KnownTrunks& trunks, const sip::Message& request, const sip::Flow& flow) {
  const auto uri = request.request_uri();
  if (!uri) return {};
  if (const auto line = uri->parameter("line"); line && !line->empty()) {
    for (const auto& trunk : trunks.all) {
      if (trunk.line == *line) return {&trunk, true, false};
    }
  }
  Candidates candidates;
  for (const auto& trunk : trunks.all) {
    if (trunk.is_from(flow)) candidates.push_back(&trunk);
  }
  if (candidates.empty()) return {};
  if (candidates.size() == 1) return {candidates.front(), false, false};
  if (const auto* peer = only(candidates, [](const KnownTrunk& t) { return !t.registers; }))
    return {peer, false, false};
  const auto called = uri->user_unescaped();
  const auto to = request.to().uri.user_unescaped();
  const auto* account = only(candidates, [&](const KnownTrunk& t) {
    return !t.username.empty() && (t.username == called || t.username == to);
  });
  return {account, false, account == nullptr};
}

}  // namespace xivo::endpoint
