// New calls of phones, calls to phones, and what is not a call: OPTIONS and MESSAGE.       RFC 3261 §11, §13, RFC 3428
#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/user_agent.hpp"
#include "model/config_index.hpp"
#include "sdp/parse.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

/// Whether a leg could not be prepared for what its offer says, rather than for want of room.
bool is_about_media(std::string_view why) {
  return why == "no codec in common" || why == "no audio offered" || why.starts_with("encryption is ");
}

/// Where a fixed peer is: "192.0.2.9" or "192.0.2.9:5070".
std::optional<SocketAddress> fixed_address(std::string_view host, sip::Transport transport) {
  if (const auto with_port = SocketAddress::parse(host)) return with_port;
  if (const auto ip = IpAddress::parse(host)) return SocketAddress{*ip, sip::default_port(transport)};
  return std::nullopt;
}

sip::Transport transport_of(const model::SipLine& line) {
  if (line.transport == "tls") return sip::Transport::Tls;
  return line.transport == "tcp" ? sip::Transport::Tcp : sip::Transport::Udp;
}

/// What has to be looked for before the line can be called; nothing of an address.
std::optional<sip::Whereabouts> whereabouts_of(const model::SipLine& line) {
  const auto named = model::parse_named_host(line.host);
  if (!named) return std::nullopt;
  sip::Whereabouts where{std::string(named->name), named->port};
  if (line.transport != "any") where.transport = transport_of(line);
  return where;
}

std::string fixed_uri(const model::SipLine& line, const std::string& exten, std::string_view host) {
  return fmt::format("sip:{}@{}{}", sip::escape_user(exten), host,
                     line.transport == "tls" ? ";transport=tls" : "");
}

/// A system behind a line is asked for the number that was dialled, not for its account: the registered contact with another user.
///                                                                                                  RFC 3261 §16.6
std::string uri_of_system(const std::string& contact, const std::string& exten) {
  const auto uri = sip::Uri::parse(contact);
  if (!uri || !uri->is_sip()) return contact;
  const auto host = static_cast<std::size_t>(uri->host.data() - contact.data());
  return fmt::format("{}:{}@{}", uri->scheme, sip::escape_user(exten), contact.substr(host));
}

/// How a registered phone is reached: along the path of its REGISTER, which works through NAT. A phone that is where it
/// says it is (same address) may listen on another port than it sends from, and is believed.   RFC 3261 §18.1.1
sip::Flow path_to(const Binding& binding) {
  auto flow = binding.flow;
  if (!binding.path.empty() || binding.outbound) return flow;  // the proxy's; or the one the phone keeps open
  const auto uri = sip::Uri::parse(binding.contact);
  if (flow.transport != sip::Transport::Udp || !uri) return flow;
  if (IpAddress::parse(uri->host) == flow.remote.ip) flow.remote.port = uri->port == 0 ? 5060 : uri->port;
  return flow;
}

/// For what is no call: nobody is ever busy.
class Reachable final : public model::routing::LiveState {
 public:
  explicit Reachable(const UserAgent& agent) : agent_(agent) {}
  [[nodiscard]] int contacts_of(model::SipLineId line) const override { return agent_.contacts_of(line); }
  [[nodiscard]] int calls_of(model::UserId) const override { return 0; }

 private:
  const UserAgent& agent_;
};

}  // namespace

void UserAgent::on_new_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  if (start_trunk_call(id, request, flow)) return;
  const auto caller = known_caller(id, request, flow);
  if (caller && !refuse_new_call(id, request, flow)) start_call(id, request, flow, *caller);
}

// Who asks; nobody when it has been told to say so.
std::optional<Authenticator::Known> UserAgent::known_caller(sip::ServerTransactionId id,
                                                            const sip::Message& request,
                                                            const sip::Flow& flow) {
  const auto config = config_.current();
  auto verdict = authenticator_.check(request, flow, *config);
  if (const auto* known = std::get_if<Authenticator::Known>(&verdict)) return *known;
  const auto& challenge = std::get<Authenticator::Challenge>(verdict);
  std::string lines;
  for (const auto& value : challenge.values) lines += fmt::format("WWW-Authenticate: {}\r\n", value);
  const auto tag = fmt::format("s{}-0-{}", options_.shard, scheduler_.rng.token(10));
  delayed_.answer(id, 401, ResponseTemplate(request, tag, flow).make(401, lines), challenge.delay,
                  flow.remote.ip);
  return std::nullopt;
}

bool UserAgent::refuse_new_call(sip::ServerTransactionId id, const sip::Message& request,
                                const sip::Flow& flow) {
  const auto forwards = request.number(sip::HeaderId::MaxForwards);
  if (forwards && *forwards && **forwards == 0) {
    respond(id, request, flow, 483);
    return true;
  }
  if (refuse_replaces(id, request, flow)) return true;
  if (!calls_.full()) return false;
  respond(id, request, flow, 503, retry_after_line());
  return true;
}

// A call that wants to take the place of another one. To let it is a transfer, which has no place here yet: a dialog that
// exists is declined (603), so that the caller keeps what it has; everything else is as RFC 3891 §3 says.
bool UserAgent::refuse_replaces(sip::ServerTransactionId id, const sip::Message& request,
                                const sip::Flow& flow) {
  int fields = 0;
  for (const auto& field : request.headers()) fields += field.id == sip::HeaderId::Replaces ? 1 : 0;
  const auto value = request.header(sip::HeaderId::Replaces);
  if (!value) return false;
  const auto semicolon = std::min(value->find(';'), value->size());
  const auto call_id = text::trim(value->substr(0, semicolon));
  const auto parameters = value->substr(semicolon);
  const auto to_tag = sip::find_parameter(parameters, "to-tag");
  const auto from_tag = sip::find_parameter(parameters, "from-tag");
  const bool malformed = fields != 1 || value->find(',') != std::string_view::npos || call_id.empty() ||
                         !to_tag || !from_tag || request.header(sip::HeaderId::Join).has_value();
  int status = 400;
  if (!malformed) {
    const SipLeg* leg = leg_of_tag(*to_tag, call_id);
    const bool matched = leg != nullptr && leg->has_dialog(*from_tag);
    status = matched ? 603 : 481;
    const bool early_only = sip::find_parameter(parameters, "early-only").has_value();
    if (matched && early_only && leg->state() == call::LegState::Up) status = 486;
  }
  respond(id, request, flow, status);
  return true;
}

std::unique_ptr<SipLeg> UserAgent::take_call(sip::ServerTransactionId id, const sip::Message& request,
                                             const sip::Flow& flow, NewCaller caller) {
  const auto refuse = [&](int status, std::string_view lines = {}) {
    respond(id, request, flow, status, lines);
    return nullptr;
  };
  const auto body = session_body(request);
  if (body.refused != 0) return refuse(body.refused, kAccept);
  auto session = SessionTimer(scheduler_, options_.session_timer, {}).judge(request);
  if (std::holds_alternative<SessionTimer::Malformed>(session)) return refuse(400);
  if (std::holds_alternative<SessionTimer::TooSmall>(session))
    return refuse(422, SessionTimer::min_se_line(options_.session_timer));
  std::optional<sdp::Session> offer;
  if (!body.sdp.empty()) {
    auto parsed = sdp::parse(body.sdp);
    if (!parsed) return refuse(400);
    offer = std::move(*parsed);
  }
  if (!sip::Dialog::from_request(request, "tag")) return refuse(400);
  auto leg = std::make_unique<SipLeg>(
      *this, caller.line, std::move(caller.party),
      SipLeg::IncomingInvite{id, request, flow, calls_.next_channel(caller.name),
                             std::get<SessionTimer::Accepted>(std::move(session)), std::move(caller.trunk)});
  if (const auto prepared = leg->prepare(offer ? &*offer : nullptr, caller.allowance); !prepared) {
    const auto why = prepared.error().what;
    if (!is_about_media(why)) return refuse(503, retry_after_line());
    log::notice("sip", "{}: a call to {} is refused: {}", caller.name, request.request_uri_text(), why);
    return refuse(488, warning_line(305, flow.local.ip.to_uri_host()));
  }
  return leg;
}

void UserAgent::start_call(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow,
                           const Authenticator::Known& caller) {
  const auto config = config_.current();
  const auto* line = config->line(caller.line);
  if (line == nullptr) return respond(id, request, flow, 403);
  bool nowhere = false;
  auto device = device_of(request, nowhere);
  if (nowhere) return respond(id, request, flow, 404);
  auto leg = take_call(
      id, request, flow,
      {caller.line, caller_of(request, *line, caller.by_address), line->name, call::Allowance(*line)});
  if (!leg) return;
  SipLeg& incoming_leg = *leg;
  call::Incoming incoming;
  incoming.dialled =
      device ? config->number_of(*config->line(device->line)) : request.request_uri()->user_unescaped();
  if (device) incoming_leg.want_device(std::move(*device));
  incoming.context = line->context;
  incoming.caller = incoming_leg.party();
  incoming.max_forwards = forwards_of(request);
  calls_.incoming(std::move(leg), std::move(incoming), [&] { incoming_leg.bind_dialog(request); });
}

// A phone is its line, whatever it claims; a fixed peer and another system speak for their own callers. A call of such a
// system that gives no caller but its own account is the line's.
call::Party UserAgent::caller_of(const sip::Message& request, const model::SipLine& line,
                                 bool by_address) const {
  auto number = request.from().uri.user_unescaped();
  if (by_address || (line.profile == "trunk" && !number.empty() && number != line.name))
    return {std::move(number), std::string(request.from().display_name)};
  const auto config = config_.current();
  const auto* user = config->user(line.user);
  call::Party party;
  party.number = config->number_of(line);
  if (party.number.empty()) party.number = line.name;
  if (user != nullptr) party.name = user->caller_id.empty() ? user->full_name() : user->caller_id;
  return party;
}

// ---------------------------------------------------------------------------------------------------- dialling

int UserAgent::contacts_of(model::SipLineId id) const {
  const auto config = config_.current();
  const auto* line = config->line(id);
  if (line != nullptr && line->host != "dynamic") return 1;
  return contacts_.contact_count(id);
}

/// The one device that a GRUU asks for; `refused`: it is a GRUU and leads nowhere.                   RFC 5627 §5.5
std::optional<Registrar::Device> UserAgent::device_of(const sip::Message& request, bool& refused) const {
  const auto uri = request.request_uri();
  if (!uri || !sip::gruu_instance(*uri)) return std::nullopt;
  auto device = registrar_.device_of(*uri, contacts_);
  const auto config = config_.current();
  const auto* line = device ? config->line(device->line) : nullptr;
  refused = line == nullptr || config->number_of(*line).empty();
  return refused ? std::nullopt : device;
}

/// The phones of a line, or `only` one of them, each with its flows: a phone with several is reached by one of them.
///                                                                                                  RFC 5626 §5.3
std::vector<std::vector<SipLeg::Way>> UserAgent::ways_to(const model::SipLine& line, const std::string& exten,
                                                         const Registrar::Device* only) const {
  std::vector<std::vector<SipLeg::Way>> phones;
  if (line.host != "dynamic") {
    if (const auto address = fixed_address(line.host, transport_of(line))) {
      phones.push_back(
          {{wire_.flow_to(transport_of(line), *address), fixed_uri(line, exten, address->to_string()), {}}});
    }
    return phones;
  }
  std::unordered_map<std::string, std::size_t> by_instance;
  for (const auto* binding : contacts_.contacts(line.id)) {
    if (only != nullptr && only->line == line.id && !Registrar::is_of(*binding, only->instance)) continue;
    auto at = phones.size();
    if (binding->outbound) at = by_instance.try_emplace(binding->instance, at).first->second;
    if (at == phones.size()) phones.emplace_back();
    auto uri = line.profile == "trunk" ? uri_of_system(binding->contact, exten) : binding->contact;
    phones[at].push_back({path_to(*binding), std::move(uri), binding->path});
  }
  return phones;
}

std::vector<MessageRelay::Target> UserAgent::targets_of(const model::SipLine& line, const std::string& exten,
                                                        const Registrar::Device* only) const {
  std::vector<MessageRelay::Target> targets;
  for (auto& ways : ways_to(line, exten, only)) {
    auto& way = ways.front();
    targets.push_back({way.flow, std::move(way.request_uri), std::move(way.route)});
  }
  return targets;
}

std::vector<call::LegId> UserAgent::dial(const call::Dial& dial) {
  std::vector<call::LegId> legs;
  const auto& config = calls_.config_of(dial.call);
  if (dial.trunk) return dial_trunk(dial);
  const auto* line = config.line(dial.line);
  if (line == nullptr) return legs;
  const auto* user = config.user(line->user);
  const call::Party party{line->profile == "trunk" ? dial.exten : config.number_of(*line),
                          user == nullptr ? std::string{} : user->full_name()};
  SipLeg::OutgoingInvite invite;
  invite.exten = dial.exten;
  invite.caller = dial.caller;
  invite.diverted_by = dial.diverted_by;
  invite.max_forwards = dial.max_forwards;
  invite.offer = dial.offer.codecs.empty() ? call::offer_of(call::Allowance(*line))
                                           : call::offer_to(dial.offer.codecs, call::Allowance(*line));
  if (!call::has_audio(invite.offer)) return legs;
  invite.video = dial.offer.video;

  const auto* call = calls_.call(dial.call);
  const SipLeg* caller = call == nullptr ? nullptr : leg_of(call->caller());
  const auto* only = caller == nullptr || !caller->wanted_device() ? nullptr : &*caller->wanted_device();
  auto phones = ways_to(*line, dial.exten, only);
  invite.where = whereabouts_of(*line);
  invite.beside = dial.beside;
  if (invite.where) phones.push_back({{{}, fixed_uri(*line, dial.exten, line->host), {}}});
  for (auto& ways : phones) {
    const auto* owner = calls_.call(dial.call);
    if (owner == nullptr || owner->state() == call::Call::State::Ending)
      break;  // a leg before this one ended it
    invite.flow = ways.front().flow;
    invite.request_uri = std::move(ways.front().request_uri);
    invite.route = std::move(ways.front().route);
    ways.erase(ways.begin());
    invite.others = std::move(ways);
    invite.channel = calls_.next_channel(line->name);
    auto leg = std::make_unique<SipLeg>(*this, dial.line, party, invite);
    const bool has_port = invite.where || leg->prepare(dial.beside);
    SipLeg& started = *leg;
    legs.push_back(calls_.adopt(dial.call, std::move(leg)));
    if (!has_port)
      started.hang_up(call::Cause::Congestion, false);  // the caller hears 503 and when to try again
    started.start();
  }
  return legs;
}

// ---------------------------------------------------------------------------------------------------- no calls

// To us: what we can do. To a number: the answer that an INVITE would get (RFC 3261 §11.2), for those who may know; a
// stranger is told the same of every number, so that nobody's numbers can be listed.
void UserAgent::on_options(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  const auto config = config_.current();
  const auto number = request.request_uri()->user_unescaped();
  int status = 200;
  const bool asks_for_somebody = !number.empty() && number != fmt::format("s{}", options_.shard);
  // An operator that looks whether we are there is no stranger who never proves anything.
  const bool from_trunk = match_trunk(*trunk_board_.current(), request, flow).trunk != nullptr;
  const auto verdict = from_trunk ? Authenticator::Verdict(Authenticator::Challenge{})
                                  : authenticator_.check(request, flow, *config);
  const auto* known = std::get_if<Authenticator::Known>(&verdict);
  const auto* line = known == nullptr ? nullptr : config->line(known->line);
  if (asks_for_somebody && line != nullptr) {
    const auto plan = model::routing::route(*config, Reachable(*this), {number, line->id, line->context});
    const bool refused = plan.action == model::routing::Plan::Action::Refuse;
    if (refused && plan.cause == call::Cause::UnallocatedNumber) status = 404;
    if (refused && plan.cause == call::Cause::SubscriberAbsent) status = 480;
  }
  respond(id, request, flow, status,
          fmt::format("{}{}{}Accept: application/sdp, text/plain\r\nAccept-Encoding: identity\r\n"
                      "Accept-Language: fr, en\r\n{}",
                      kAllow, Notifier::kEventLines, kSupported, server_line()));
}

// To the number of a function key: the lamp of its feature, for whoever may dial it.                        RFC 6665 §4.2.1
void UserAgent::on_subscribe(sip::ServerTransactionId id, const sip::Message& request,
                             const sip::Flow& flow) {
  if (!Notifier::serves(request)) {
    doorkeeper_.on_unanswered(flow);
    return respond(id, request, flow, 489, Notifier::kEventLines);
  }
  const auto caller = known_caller(id, request, flow);
  if (!caller) return;
  const auto config = config_.current();
  const auto* line = config->line(caller->line);
  if (line == nullptr) return respond(id, request, flow, 403);
  const auto number = request.request_uri()->user_unescaped();
  const auto plan = model::routing::route(*config, Reachable(*this), {number, line->id, line->context});
  if (plan.action == model::routing::Plan::Action::Refuse)
    return respond(id, request, flow, status_for(plan.cause));
  const auto* feature =
      plan.action == model::routing::Plan::Action::Feature ? calls_.feature(plan.feature) : nullptr;
  notifier_.subscribe(id, request, flow, {feature, plan.argument, line->id}, contact(flow));
}

void UserAgent::on_text(sip::ServerTransactionId id, const sip::Message& request, const sip::Flow& flow) {
  const auto caller = known_caller(id, request, flow);
  if (!caller) return;
  const auto config = config_.current();
  const auto* line = config->line(caller->line);
  if (line == nullptr) return respond(id, request, flow, 403);
  const int forwards = forwards_of(request);
  if (forwards == 0) return respond(id, request, flow, 483);
  if (const auto refusal = messages_.refusal(request, caller->line); refusal != 0)
    return respond(id, request, flow, refusal, refusal == 503 ? retry_after_line() : std::string{});
  bool nowhere = false;
  const auto device = device_of(request, nowhere);
  if (nowhere) return respond(id, request, flow, 404);
  const auto number =
      device ? config->number_of(*config->line(device->line)) : request.request_uri()->user_unescaped();
  const auto plan = model::routing::route(*config, Reachable(*this), {number, caller->line, line->context});
  if (plan.action == model::routing::Plan::Action::Feature) return respond(id, request, flow, 405, kAllow);
  if (plan.action == model::routing::Plan::Action::Refuse)
    return respond(id, request, flow, status_for(plan.cause));
  std::vector<MessageRelay::Target> targets;
  for (const auto called : plan.lines) {
    const auto* called_line = config->line(called);
    if (called_line == nullptr) continue;
    for (auto& target : targets_of(*called_line, number, device ? &*device : nullptr))
      targets.push_back(std::move(target));
  }
  if (targets.empty()) return respond(id, request, flow, 480);
  const auto tag = fmt::format("s{}-0-{}", options_.shard, scheduler_.rng.token(10));
  messages_.relay({id, ResponseTemplate(request, tag, flow), caller_of(request, *line, caller->by_address),
                   number, forwards - 1, options_.shard},
                  request, targets);
}

}  // namespace xivo::endpoint
