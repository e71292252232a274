// Requests and responses from the network to registrar, legs and calls.                      RFC 3261 §8, §12.2.2
#include "endpoint/user_agent.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "endpoint/abilities.hpp"
#include "sip/stun_keepalive.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {
namespace {

std::optional<std::uint64_t> parse_hex(std::string_view s) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(s.data(), s.data() + s.size(), value, 16);
  if (s.empty() || code != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
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
      authenticator_(scheduler, failures_, options.realm, options.digest, options.attempts, parts.nonces),
      doorkeeper_(scheduler, authenticator_.ledger(), options.door),
      delayed_(scheduler, transactions_),
      registrar_(scheduler, transactions_, authenticator_, failures_, parts.config, parts.bindings),
      contacts_(parts.contacts != nullptr ? *parts.contacts : registrar_),
      nat_keeper_(
          scheduler, parts.wire, [this](const auto& visit) { registrar_.for_each(visit); },
          options.nat_interval),
      messages_(scheduler, transactions_, options.messages),
      notifier_({scheduler, transactions_, parts.config, options.shard, options.server}, options.notifier),
      parting_(scheduler, transactions_),
      trunk_board_(parts.trunks != nullptr ? *parts.trunks : own_board_) {
  if (parts.resolver != nullptr) {
    locator_.emplace(scheduler, *parts.resolver);
    hops_.emplace(scheduler, *locator_);
  }
  if (parts.contacts == nullptr) {
    const auto key = options.trunk_key.empty() ? scheduler.rng.token(24) : options.trunk_key;
    TrunkTools tools{scheduler, transactions_, parts.wire, locator(), options.shard, options.server};
    trunk_group_.emplace(std::move(tools), parts.config, trunk_board_, key);
    trunk_group_->start();
  }
  authenticator_.use_watch(doorkeeper_);
  registrar_.set_limits(options.registrar);
  if (options.gruu_key) registrar_.use_gruu_key(*options.gruu_key);
  calls_.use_dialer(*this);
}

UserAgent::~UserAgent() = default;

bool UserAgent::admit(const sip::Flow& flow, char* bytes, std::size_t size) {
  if (size != 0 && (bytes[0] == 0 || bytes[0] == 1)) {  // no SIP: STUN, perhaps
    if (doorkeeper_.is_banned(flow.remote.ip)) return false;
    if (const auto answer = sip::stun_answer({bytes, size}, flow.remote)) {
      wire_.send(flow, *answer);
      return false;
    }
  }
  const bool peer =
      !sip::is_websocket(flow.transport) &&
      (config_.current()->line_by_address(flow.remote) != nullptr || trunk_board_.current()->is_source(flow));
  switch (doorkeeper_.admit(flow, {bytes, size}, peer)) {
    case Doorkeeper::Verdict::Pass: return true;
    case Doorkeeper::Verdict::Drop: return false;
    case Doorkeeper::Verdict::Refuse: break;
  }
  sip::Flow back;
  const auto refusal = doorkeeper_.refusal(flow, bytes, size, back);
  if (!refusal.empty()) wire_.send(back, refusal);
  return false;
}

void UserAgent::on_flow_failed(const sip::Flow& flow) {
  transactions_.on_flow_failed(flow);
  registrar_.on_flow_failed(flow);
  if (trunk_group_) trunk_group_->on_flow_failed(flow);
  if (!sip::is_websocket(flow.transport)) return;
  calls_.for_each([&](const call::Call& call) {
    for (const auto id : call.legs()) {
      if (SipLeg* leg = leg_of(id)) leg->on_websocket_gone(flow);
    }
  });
}

void UserAgent::on_located(call::LegId id, const std::vector<sip::Target>& targets) {
  if (SipLeg* leg = leg_of(id)) leg->on_located(targets);
}

void UserAgent::on_target_silent(call::LegId id) {
  if (SipLeg* leg = leg_of(id)) leg->on_target_silent();
}

std::optional<sip::Target> UserAgent::known_place(const sip::Whereabouts& where) {
  return hops_ ? hops_->find(where) : std::nullopt;
}

// ---------------------------------------------------------------------------------------------------- names

std::string UserAgent::new_tag(call::LegId leg) {
  return fmt::format("s{}-{:x}-{}", options_.shard, leg.bits(), scheduler_.rng.token(10));
}

std::string UserAgent::new_call_id() {
  return fmt::format("s{}-{}", options_.shard, scheduler_.rng.token(24));
}

std::string UserAgent::contact(const sip::Flow& flow, bool sips) const {
  if (sips && flow.transport == sip::Transport::Tls) {
    return fmt::format("<sips:s{}@{}>", options_.shard, flow.local.to_string());
  }
  if (sips && flow.transport == sip::Transport::Wss) {
    return fmt::format("<sips:s{}@{};transport=ws>", options_.shard, flow.local.to_string());
  }
  const bool plain = flow.transport == sip::Transport::Udp;
  return fmt::format("<sip:s{}@{}{}{}>", options_.shard, flow.local.to_string(),
                     plain ? "" : ";transport=", plain ? "" : sip::uri_parameter(flow.transport));
}

std::string UserAgent::retry_after_line() const {
  return fmt::format("Retry-After: {}\r\n", options_.retry_after_seconds);
}

SipLeg* UserAgent::leg_of(call::LegId id) const { return static_cast<SipLeg*>(calls_.leg(id)); }

SipLeg* UserAgent::leg_of_tag(std::string_view our_tag, std::string_view call_id) const {
  const auto first = our_tag.find('-');
  const auto last = our_tag.rfind('-');
  if (first == last) return nullptr;
  const auto bits = parse_hex(our_tag.substr(first + 1, last - first - 1));
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
    if (notifier_.knows(request.to().tag(), request.call_id()))
      return notifier_.on_request(id, request, flow);
    SipLeg* leg = leg_of_tag(request.to().tag(), request.call_id());
    if (leg == nullptr) return respond(id, request, flow, 481);
    return leg->on_request(id, request, flow);
  }
  if (is_ours(request)) return respond(id, request, flow, 482);
  if (refuse_outside_dialog(id, request, flow)) return;
  switch (request.method()) {
    case sip::Method::Register: return registrar_.on_register(id, request, flow);
    case sip::Method::Options: return on_options(id, request, flow);
    case sip::Method::Invite: return on_new_call(id, request, flow);
    case sip::Method::Message: return on_text(id, request, flow);
    case sip::Method::Bye:
    case sip::Method::Info:
    case sip::Method::Prack:
    case sip::Method::Update:
    case sip::Method::Notify: return respond(id, request, flow, 481);  // RFC 6665 §4.1.3
    case sip::Method::Subscribe: return on_subscribe(id, request, flow);
    case sip::Method::Publish:
      doorkeeper_.on_unanswered(flow);
      return respond(id, request, flow, 489, Notifier::kEventLines);
    default:
      doorkeeper_.on_unanswered(flow);
      return respond(id, request, flow, request.method() == sip::Method::Unknown ? 501 : 405, kAllow);
  }
}

// A request of ours that comes back, through a proxy or a line that points at ourselves, still bears our tag: RFC 3261
// §16.3 step 4 without a look at Via fields, which a proxy may have hidden.
bool UserAgent::is_ours(const sip::Message& request) const {
  return leg_of_tag(request.from().tag(), request.call_id()) != nullptr ||
         messages_.is_ours(request.from().tag(), request.call_id());
}

// What RFC 3261 §8.2 asks before a method is looked at.
bool UserAgent::refuse_outside_dialog(sip::ServerTransactionId id, const sip::Message& request,
                                      const sip::Flow& flow) {
  const auto refuse = [&](int status, std::string_view lines = {}) {
    respond(id, request, flow, status, lines);
    return true;
  };
  const auto uri = request.request_uri();
  if (!uri) return refuse(400);
  if (!uri->is_sip() && !uri->is_tel()) return refuse(416);
  const auto forwards = request.number(sip::HeaderId::MaxForwards);
  if (!forwards) return refuse(400);
  // The registrar has its own list of extensions.
  if (request.method() == sip::Method::Register) return false;
  const auto unsupported = unsupported_line(request);
  return !unsupported.empty() && refuse(420, unsupported);
}

void UserAgent::on_ack(const sip::Message& ack, const sip::Flow&) {
  if (SipLeg* leg = leg_of_tag(ack.to().tag(), ack.call_id())) leg->on_ack(ack);
}

void UserAgent::on_cancel(sip::ServerTransactionId invite) {
  const auto found = invites_.find(invite);
  if (found == invites_.end()) return;
  if (SipLeg* leg = leg_of(found->second)) leg->on_cancel(invite);
}

void UserAgent::on_ack_timeout(sip::ServerTransactionId invite) {
  const auto found = invites_.find(invite);
  if (found == invites_.end()) return;
  if (SipLeg* leg = leg_of(found->second)) leg->on_ack_timeout(invite);
}

void UserAgent::on_response(sip::ClientTransactionId id, std::uint64_t token, const sip::Message& response,
                            const sip::Flow& flow) {
  if (MessageRelay::is_token(token)) return messages_.on_response(token, response);
  if (Parting::is_token(token)) return parting_.on_response(token, response);
  if (Notifier::is_token(token)) return notifier_.on_response(token, response);
  if (trunk_group_ && TrunkGroup::is_token(token))
    return trunk_group_->on_response(token, id, response, flow);
  if (SipLeg* leg = leg_of(call::LegId::from_bits(token))) return leg->on_response(id, response, flow);
  // The leg went while its INVITE was on the way; the phone must not believe in a call that is over.
  const bool answered = response.status() >= 200 && response.status() < 300;
  if (answered && response.method() == sip::Method::Invite) on_stray_response(response, flow);
}

void UserAgent::on_failure(sip::ClientTransactionId id, std::uint64_t token, sip::ClientFailure failure) {
  if (MessageRelay::is_token(token)) return messages_.on_failure(token);
  if (Parting::is_token(token)) return parting_.on_failure(token);
  if (Notifier::is_token(token)) return notifier_.on_failure(token);
  if (trunk_group_ && TrunkGroup::is_token(token)) return trunk_group_->on_failure(token, id, failure);
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

}  // namespace xivo::endpoint
