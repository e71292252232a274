// Requests from the network to registrar, legs and calls; calls to phones.                      RFC 3261 §8, §12.2.2
#include "endpoint/user_agent.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sip_cause.hpp"
#include "sdp/parse.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::string_view kAllow = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REGISTER\r\n";
constexpr int kMaxForwardsDefault = 70;  // RFC 3261 §8.1.1.6

std::optional<std::uint64_t> parse_hex(std::string_view s) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(s.data(), s.data() + s.size(), value, 16);
  if (s.empty() || code != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}

/// Where a fixed peer is: "192.0.2.9" or "192.0.2.9:5070".
std::optional<SocketAddress> fixed_address(std::string_view host) {
  if (const auto with_port = SocketAddress::parse(host)) return with_port;
  if (const auto ip = IpAddress::parse(host)) return SocketAddress{*ip, 5060};
  return std::nullopt;
}

/// How a registered phone is reached: along the path of its REGISTER, which works through NAT. A phone that is where it
/// says it is (same address) may listen on another port than it sends from, and is believed.   RFC 3261 §18.1.1
sip::Flow path_to(const Binding& binding) {
  auto flow = binding.flow;
  const auto uri = sip::Uri::parse(binding.contact);
  if (flow.transport != sip::Transport::Udp || !uri) return flow;
  if (IpAddress::parse(uri->host) == flow.remote.ip) flow.remote.port = uri->port == 0 ? 5060 : uri->port;
  return flow;
}

}  // namespace

UserAgent::UserAgent(const runtime::Scheduler& scheduler, const Parts& parts, const Options& options)
    : scheduler_(scheduler),
      wire_(parts.wire),
      media_(parts.media),
      calls_(parts.calls),
      config_(parts.config),
      options_(options),
      transactions_(scheduler, parts.wire, *this, options.shard, options.timers, options.transactions),
      authenticator_(scheduler, failures_, options.realm, options.digest),
      registrar_(scheduler, transactions_, authenticator_, failures_, parts.config, parts.bindings) {
  registrar_.set_limits(options.registrar);
  calls_.use_dialer(*this);
}

UserAgent::~UserAgent() = default;

void UserAgent::on_flow_failed(const sip::Flow& flow) {
  transactions_.on_flow_failed(flow);
  registrar_.on_flow_failed(flow);
}

// ---------------------------------------------------------------------------------------------------- names

std::string UserAgent::new_tag(call::LegId leg) {
  return fmt::format("s{}-{:x}-{}", options_.shard, leg.bits(), scheduler_.rng.token(10));
}

std::string UserAgent::new_call_id() {
  return fmt::format("s{}-{}", options_.shard, scheduler_.rng.token(24));
}

std::string UserAgent::contact(const sip::Flow& flow) const {
  const bool plain = flow.transport == sip::Transport::Udp;
  return fmt::format("<sip:s{}@{}{}{}>", options_.shard, flow.local.to_string(),
                     plain ? "" : ";transport=", plain ? "" : sip::uri_parameter(flow.transport));
}

SipLeg* UserAgent::leg_of(call::LegId id) const { return static_cast<SipLeg*>(calls_.leg(id)); }

SipLeg* UserAgent::leg_of_tag(std::string_view our_tag, std::string_view call_id) const {
  const auto parts = text::split(our_tag, '-');
  if (parts.size() != 3) return nullptr;
  const auto bits = parse_hex(parts[1]);
  SipLeg* leg = bits ? leg_of(call::LegId::from_bits(*bits)) : nullptr;
  return leg != nullptr && leg->matches(our_tag, call_id) ? leg : nullptr;
}

// ---------------------------------------------------------------------------------------------------- requests

void UserAgent::respond(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                        int status, std::string_view lines) {
  const auto tag = request.to().tag().empty()
                       ? fmt::format("s{}-0-{}", options_.shard, scheduler_.rng.token(10))
                       : std::string{};
  transactions_.respond(id, status, ResponseTemplate(request, tag, flow).make(status, lines));
}

void UserAgent::on_request(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  if (!request.to().tag().empty()) {
    SipLeg* leg = leg_of_tag(request.to().tag(), request.call_id());
    if (leg == nullptr) return respond(id, request, flow, 481);
    return leg->on_request(id, request, flow);
  }
  if (refuse_outside_dialog(id, request, flow)) return;
  switch (request.method()) {
    case sip::Method::Register: return registrar_.on_register(id, request, flow);
    case sip::Method::Options:
      return respond(id, request, flow, 200, fmt::format("{}Accept: application/sdp\r\n", kAllow));
    case sip::Method::Invite: return on_new_call(id, request, flow);
    case sip::Method::Bye:
    case sip::Method::Info: return respond(id, request, flow, 481);
    default: return respond(id, request, flow, request.method() == sip::Method::Unknown ? 501 : 405, kAllow);
  }
}

// What RFC 3261 §8.2 asks before a method is looked at.
bool UserAgent::refuse_outside_dialog(sip::ServerTransactionId id, const sip::Message& request,
                                      const sip::Flow& flow) {
  const auto uri = request.request_uri();
  if (!uri) {
    respond(id, request, flow, 400);
    return true;
  }
  if (!uri->is_sip() && !uri->is_tel()) {
    respond(id, request, flow, 416);
    return true;
  }
  const auto forwards = request.number(sip::HeaderId::MaxForwards);
  if (!forwards) {
    respond(id, request, flow, 400);
    return true;
  }
  if (request.method() == sip::Method::Register)
    return false;  // the registrar has its own list of extensions
  std::string unsupported;
  for (const auto token : request.tokens(sip::HeaderId::Require)) {
    if (!unsupported.empty()) unsupported += ", ";
    unsupported += token;
  }
  if (unsupported.empty()) return false;
  respond(id, request, flow, 420, fmt::format("Unsupported: {}\r\n", unsupported));
  return true;
}

void UserAgent::on_new_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  const auto config = config_.current();
  auto verdict = authenticator_.check(request, flow, *config);
  if (const auto* challenge = std::get_if<Authenticator::Challenge>(&verdict)) {
    std::string lines;
    for (const auto& value : challenge->values) lines += fmt::format("WWW-Authenticate: {}\r\n", value);
    return respond(id, request, flow, 401, lines);
  }
  if (const auto forwards = request.number(sip::HeaderId::MaxForwards);
      forwards && *forwards && **forwards == 0) {
    return respond(id, request, flow, 483);
  }
  if (calls_.full()) {
    return respond(id, request, flow, 503, fmt::format("Retry-After: {}\r\n", options_.retry_after_seconds));
  }
  start_call(id, request, flow, std::get<Authenticator::Known>(verdict));
}

void UserAgent::start_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                           const Authenticator::Known& caller) {
  const auto config = config_.current();
  const auto* line = config->line(caller.line);
  if (line == nullptr) return respond(id, request, flow, 403);
  std::optional<sdp::Session> offer;
  if (!request.body().empty()) {
    if (!text::equal_ignoring_case(request.content_type(), "application/sdp")) {
      return respond(id, request, flow, 415, "Accept: application/sdp\r\n");
    }
    auto parsed = sdp::parse(request.body());
    if (!parsed) return respond(id, request, flow, 400);
    offer = std::move(*parsed);
  }
  auto leg =
      std::make_unique<SipLeg>(*this, caller.line, caller_of(request, *line, caller.by_address),
                               SipLeg::IncomingInvite{id, request, flow, calls_.next_channel(line->name)});
  if (const auto prepared = leg->prepare(offer ? &*offer : nullptr, line->codecs); !prepared) {
    if (prepared.error().what == "no codec in common") return respond(id, request, flow, 488);
    return respond(id, request, flow, 503, fmt::format("Retry-After: {}\r\n", options_.retry_after_seconds));
  }
  SipLeg& incoming_leg = *leg;
  call::Incoming incoming;
  incoming.dialled = request.request_uri()->user_unescaped();
  incoming.context = line->context;
  incoming.caller = incoming_leg.party();
  const auto forwards = request.number(sip::HeaderId::MaxForwards);
  incoming.max_forwards =
      forwards ? static_cast<int>(forwards->value_or(kMaxForwardsDefault)) : kMaxForwardsDefault;
  calls_.incoming(std::move(leg), std::move(incoming), [&] { incoming_leg.bind_dialog(request); });
}

// A phone is its line, whatever it claims; a fixed peer speaks for its own callers.
call::Party UserAgent::caller_of(const sip::Message& request, const model::SipLine& line,
                                 bool by_address) const {
  if (by_address) {
    return {request.from().uri.user_unescaped(), std::string(request.from().display_name)};
  }
  const auto config = config_.current();
  const auto* user = config->user(line.user);
  call::Party party;
  party.number = line.exten.empty() ? line.name : line.exten;
  if (user != nullptr) party.name = user->caller_id.empty() ? user->full_name() : user->caller_id;
  return party;
}

void UserAgent::on_ack(const sip::Message& ack, const sip::Flow&) {
  if (SipLeg* leg = leg_of_tag(ack.to().tag(), ack.call_id())) leg->on_ack(ack);
}

void UserAgent::on_cancel(sip::ServerTransactionId invite) {
  const auto found = invites_.find(invite);
  if (found == invites_.end()) return;
  if (SipLeg* leg = leg_of(found->second)) leg->on_cancel();
}

void UserAgent::on_ack_timeout(sip::ServerTransactionId invite) {
  const auto found = invites_.find(invite);
  if (found == invites_.end()) return;
  if (SipLeg* leg = leg_of(found->second)) leg->on_ack_timeout(invite);
}

void UserAgent::on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                            const sip::Flow& flow) {
  if (SipLeg* leg = leg_of(call::LegId::from_bits(token))) leg->on_response(id, response, flow);
}

void UserAgent::on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure failure) {
  if (SipLeg* leg = leg_of(call::LegId::from_bits(token))) leg->on_failure(id, failure);
}

// A 2xx for an INVITE that has long been given up: the phone believes it is in a call, so end that (RFC 3261 §13.2.2.4).
void UserAgent::on_stray_response(const sip::Message& response, const sip::Flow& flow) {
  if (SipLeg* leg = leg_of_tag(response.from().tag(), response.call_id())) {
    return leg->on_response(leg->invite_transaction(), response, flow);
  }
  auto dialog = sip::Dialog::from_response(response, response.cseq().number);
  if (!dialog) return;
  auto branch = transactions_.new_branch();
  const auto ack_via = sip::TransactionLayer::via_value(flow, transactions_.new_branch());
  transactions_.send_stateless(flow,
                               dialog->request(sip::Method::Ack, ack_via, response.cseq().number).finish());
  auto bye = dialog->request(sip::Method::Bye, sip::TransactionLayer::via_value(flow, branch)).finish();
  transactions_.forget(transactions_.start(flow, sip::Method::Bye, std::move(branch), std::move(bye), 0));
}

// ---------------------------------------------------------------------------------------------------- dialling

int UserAgent::contacts_of(model::SipLineId id) const {
  const auto config = config_.current();
  const auto* line = config->line(id);
  if (line != nullptr && line->host != "dynamic") return 1;
  return registrar_.contact_count(id);
}

std::vector<call::LegId> UserAgent::dial(const call::Dial& dial) {
  std::vector<call::LegId> legs;
  const auto& config = calls_.config_of(dial.call);
  const auto* line = config.line(dial.line);
  if (line == nullptr) return legs;
  const auto* user = config.user(line->user);
  const call::Party party{line->exten, user == nullptr ? std::string{} : user->full_name()};
  SipLeg::OutgoingInvite invite;
  invite.exten = dial.exten;
  invite.caller = dial.caller;
  invite.max_forwards = dial.max_forwards;
  invite.offer = dial.offer.codecs.empty() ? call::offer_of(line->codecs)
                                           : call::allowed(dial.offer.codecs, line->codecs);
  if (!call::has_audio(invite.offer)) return legs;

  const auto add = [&](const sip::Flow& flow, std::string uri) {
    const auto* owner = calls_.call(dial.call);
    if (owner == nullptr || owner->state() == call::Call::State::Ending)
      return;  // a leg before this one ended it
    invite.flow = flow;
    invite.request_uri = std::move(uri);
    invite.channel = calls_.next_channel(line->name);
    auto leg = std::make_unique<SipLeg>(*this, dial.line, party, invite);
    if (!leg->prepare(dial.beside)) return;
    SipLeg& started = *leg;
    legs.push_back(calls_.adopt(dial.call, std::move(leg)));
    started.start();
  };
  if (line->host != "dynamic") {
    const auto address = fixed_address(line->host);
    const auto transport = line->transport == "tcp" ? sip::Transport::Tcp : sip::Transport::Udp;
    if (address) {
      add(wire_.flow_to(transport, *address),
          fmt::format("sip:{}@{}", sip::escape_user(dial.exten), address->to_string()));
    }
    return legs;
  }
  for (const auto* binding : registrar_.contacts(dial.line)) add(path_to(*binding), binding->contact);
  return legs;
}

}  // namespace xivo::endpoint
