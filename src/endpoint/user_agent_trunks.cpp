// Calls from operators and calls to them.                                                 RFC 3261 §13, RFC 3325 §5
#include <fmt/format.h>

#include "base/log.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/trunk/identity.hpp"
#include "endpoint/user_agent.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::endpoint {
namespace {

TrunkSide side_of(const model::Trunk& trunk, std::string number) {
  TrunkSide side{.id = trunk.id, .digest = DigestClient({trunk.digest_user(), trunk.secret})};
  side.number = std::move(number);
  return side;
}

/// Where a call by the routes that the registrar gave us goes first.                              RFC 3608 §6.1
void follow_service_route(const std::vector<std::string>& routes, SipLeg::OutgoingInvite& invite) {
  if (routes.empty()) return;
  const auto first = sip::NameAddr::parse(routes.front());
  if (!first || !first->uri.is_sip()) return;
  invite.route = routes;
  invite.where->host = std::string(first->uri.host);
  invite.where->port = first->uri.port;
}

}  // namespace

bool UserAgent::trunk_usable(model::TrunkId trunk) const {
  const auto* known = trunk_board_.current()->find(trunk);
  return known != nullptr && known->usable;
}

// False: it is no operator's. Who calls from an operator's address is not asked for a password, and is no phone of ours; who
// calls from the address of two of them is refused, since nobody may guess whose contexts it reaches.
bool UserAgent::start_trunk_call(sip::ServerTransactionId id, const sip::Message& request,
                                 const sip::Flow& flow) {
  const auto board = trunk_board_.current();
  const auto match = match_trunk(*board, request, flow);
  const auto config = config_.current();
  if (!match.by_line && config->line_by_address(flow.remote) != nullptr) return false;
  if (match.ambiguous) {
    log::notice("trunk", "a call from {} is refused: several trunks have that address",
                flow.remote.to_string());
    respond(id, request, flow, 403);
    return true;
  }
  const auto* trunk = match.trunk == nullptr ? nullptr : config->find(match.trunk->id);
  if (trunk == nullptr || !trunk->enabled) return false;
  if (refuse_new_call(id, request, flow)) return true;
  auto read = read_identity(*trunk, request, match.by_line);
  call::Party party{read.number, read.name};
  auto leg =
      take_call(id, request, flow,
                {{}, party, trunk->name, {trunk->codecs, trunk->dtmf_mode}, side_of(*trunk, read.dialled)});
  if (!leg) return true;
  SipLeg& incoming_leg = *leg;
  call::Incoming incoming;
  incoming.dialled = std::move(read.dialled);
  incoming.context = trunk->context;
  incoming.caller = std::move(party);
  incoming.max_forwards = forwards_of(request);
  incoming.from_trunk = trunk->id;
  incoming.channel = incoming_leg.claim_channel(trunk->max_channels_in) ? call::Incoming::Channel::Own
                                                                        : call::Incoming::Channel::Full;
  incoming.diverted_by = std::move(read.diverted_by);
  calls_.incoming(std::move(leg), std::move(incoming), [&] {
    incoming_leg.bind_dialog(request);
    calls_.trace(incoming_leg.call(), TraceRing::Kind::Decision, incoming_leg.channel(),
                 model::routing::trace_text(match.by_line ? model::routing::Remark::KnownByContact
                                                          : model::routing::Remark::KnownByAddress,
                                            {{"trunk", trunk->name}}));
  });
  return true;
}

std::vector<call::LegId> UserAgent::dial_trunk(const call::Dial& dial) {
  const auto* trunk = calls_.config_of(dial.call).find(dial.trunk);
  if (trunk == nullptr || !trunk->enabled) return {};
  SipLeg::OutgoingInvite invite;
  invite.exten = dial.number;
  invite.caller = dial.caller;
  invite.max_forwards = dial.max_forwards;
  const call::Allowance allowance(trunk->codecs, trunk->dtmf_mode);
  invite.offer =
      dial.offer.codecs.empty() ? call::offer_of(allowance) : call::offer_to(dial.offer.codecs, allowance);
  if (!call::has_audio(invite.offer)) return {};
  invite.video = dial.offer.video;
  invite.where = next_hop_of(*trunk);
  invite.route = route_of(*trunk);
  const auto board = trunk_board_.current();
  if (const auto* known = board->find(trunk->id)) follow_service_route(known->service_route, invite);
  invite.beside = dial.beside;
  invite.trunk = side_of(*trunk, dial.number);
  invite.trunk->identity = identity_of(
      *trunk, dial.number, {dial.caller.number, dial.caller.name, dial.anonymous, dial.diverted_by});
  invite.request_uri = invite.trunk->identity.request_uri;
  invite.channel = calls_.next_channel(trunk->name);
  auto leg =
      std::make_unique<SipLeg>(*this, model::SipLineId{}, call::Party{dial.number, {}}, std::move(invite));
  SipLeg& started = *leg;
  const auto id = calls_.adopt(dial.call, std::move(leg));
  if (!started.claim_channel(trunk->max_channels_out)) {
    calls_.trace(dial.call, TraceRing::Kind::State, started.channel(),
                 model::routing::trace_text(model::routing::Remark::ChannelsInUse));
    started.hang_up(call::Cause::Congestion, false);
  }
  started.start();
  return {id};
}

}  // namespace xivo::endpoint
