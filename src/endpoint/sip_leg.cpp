// One INVITE dialog with one phone: what incoming and outgoing legs share.                     RFC 3261 §12-§15
#include "endpoint/sip_leg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/user_agent.hpp"
#include "model/kinds/trunk.hpp"

namespace xivo::endpoint {
namespace {

constexpr std::uint64_t kRetrySoonBelow = 11;  // seconds; RFC 3261 §14.2 and RFC 3311 §5.2: 0 to 10

std::string_view payload_note(std::string_view body) { return body.empty() ? "" : ", sdp"; }

std::string summary(const sip::Message& message) {
  if (message.is_request()) {
    return fmt::format("{} {} ({}{})", message.method_text(), message.request_uri_text(),
                       message.cseq().number, payload_note(message.body()));
  }
  return fmt::format("{} {} ({} {}{})", message.status(), message.reason(), message.cseq().number,
                     message.cseq().method_text, payload_note(message.body()));
}

}  // namespace

SipLeg::~SipLeg() { agent_.scheduler().timers.cancel(flow_timer_); }

bool SipLeg::matches(std::string_view our_tag, std::string_view call_id) const {
  return our_tag == local_tag_ && call_id == call_id_;
}

bool SipLeg::has_dialog(std::string_view remote_tag) const {
  if (dialog_) return dialog_->id().remote_tag == remote_tag;
  return std::any_of(early_.begin(), early_.end(),
                     [&](const auto& early) { return early.dialog.id().remote_tag == remote_tag; });
}

sip::Dialog* SipLeg::dialog_with(std::string_view remote_tag) {
  if (dialog_) return dialog_->id().remote_tag == remote_tag ? &*dialog_ : nullptr;
  for (auto& early : early_) {
    if (early.dialog.id().remote_tag == remote_tag) return &early.dialog;
  }
  return nullptr;
}

call::Allowance SipLeg::allowance() const {
  const auto& config = agent_.calls().config_of(call());
  if (const auto* trunk = config.find(trunk_)) return {trunk->codecs, trunk->dtmf_mode};
  const auto* config_line = config.line(line());
  return config_line == nullptr ? call::Allowance({}) : call::Allowance(*config_line);
}

// Key presses and SRTP as the configuration has it. Keys in a description are as private as the signalling that carries it.
void SipLeg::configure_media() {
  const auto& config = agent_.calls().config_of(call());
  const auto* config_line = config.line(line());
  const auto* trunk = config.find(trunk_);
  if (config_line == nullptr && trunk == nullptr) return;
  const auto keys = dtmf_mode();
  offers_.hear_tones(keys == DtmfMode::Auto || keys == DtmfMode::Inband);
  offers_.secure(trunk != nullptr ? encryption_of(trunk->encryption) : encryption_of(*config_line),
                 agent_.scheduler().rng, [this](std::string_view what) {
                   const bool tls =
                       flow_.transport == sip::Transport::Tls || flow_.transport == sip::Transport::Wss;
                   const bool exposed = what.starts_with("SRTP") && !tls;
                   if (exposed) return remark(Remark::KeysExposed, {{"what", what}}, TraceRing::Kind::Media);
                   agent_.calls().trace(call(), TraceRing::Kind::Media, channel(), what);
                 });
}

// ---------------------------------------------------------------------------------------------------- trace

void SipLeg::trace_sent(std::string_view text) {
  agent_.calls().trace(call(), TraceRing::Kind::Sent, channel(), text);
}

void SipLeg::trace_received(const sip::Message& message) {
  agent_.calls().trace(call(), TraceRing::Kind::Received, channel(), summary(message));
}

void SipLeg::remark(Remark what, model::routing::Facts facts, TraceRing::Kind kind) {
  agent_.calls().trace(call(), kind, channel(), model::routing::trace_text(what, facts));
}

// ---------------------------------------------------------------------------------------------------- sending

std::string SipLeg::dialog_lines() const {
  return fmt::format("Contact: {}\r\n{}{}", agent_.contact(flow_, sips_), kAllowInDialog, kSupported);
}

std::string SipLeg::warning(int code) const { return warning_line(code, flow_.local.ip.to_uri_host()); }

std::string SipLeg::retry_soon() const {
  return fmt::format("Retry-After: {}\r\n", agent_.scheduler().rng.below(kRetrySoonBelow));
}

// Where a request inside the dialog goes. Phones are reached by the path their INVITE took, which works through NAT; a
// proxy that recorded a route, and a fixed peer, are taken at their word.
sip::Flow SipLeg::flow_of(const sip::Dialog& dialog) const {
  const auto uri = sip::Uri::parse(dialog.next_hop());
  if (!uri) return flow_;
  const auto* config_line = agent_.calls().config_of(call()).line(line());
  const bool fixed = side_ || (config_line != nullptr && config_line->host != "dynamic");
  if (!fixed && dialog.route_set().empty()) return flow_;
  const auto ip = IpAddress::parse(uri->host);
  if (!ip) {
    const auto place = agent_.known_place({std::string(uri->host), uri->port, flow_.transport});
    if (!place || place->address == flow_.remote) return flow_;
    return agent_.wire().flow_to_host(place->transport, place->address, uri->host);
  }
  const SocketAddress hop{*ip, uri->port == 0 ? std::uint16_t{5060} : uri->port};
  return hop == flow_.remote ? flow_ : agent_.wire().flow_to(flow_.transport, hop);
}

sip::ClientTransactionId SipLeg::send_request(sip::Dialog& dialog, sip::Method method, std::string_view lines,
                                              std::string_view content_type, std::string_view body) {
  const auto flow = flow_of(dialog);
  auto branch = agent_.transactions().new_branch();
  auto writer = dialog.request(method, sip::TransactionLayer::via_value(flow, branch));
  writer.add(sip::HeaderId::UserAgent, agent_.options().server).raw(lines);
  writer.raw(credentials(method, dialog.remote_target()));
  trace_sent(fmt::format("{} {} ({}{})", sip::name(method), dialog.remote_target(), dialog.local_cseq(),
                         payload_note(body)));
  const auto type = body.empty() ? std::string_view{} : content_type;
  return agent_.transactions().start(flow, method, std::move(branch), writer.finish(type, body), id().bits());
}

void SipLeg::send_ack(const sip::Message& response) {
  if (!dialog_) return;
  const auto flow = flow_of(*dialog_);
  auto writer = dialog_->request(sip::Method::Ack,
                                 sip::TransactionLayer::via_value(flow, agent_.transactions().new_branch()),
                                 response.cseq().number);
  if (side_) writer.raw(side_->invite_credentials);  // RFC 3261 §13.2.2.4
  trace_sent(fmt::format("ACK {} ({})", dialog_->remote_target(), response.cseq().number));
  agent_.transactions().send_stateless(flow, writer.finish());
}

void SipLeg::send_bye(call::Cause cause) {
  if (dialog_ && side_) {
    trace_sent(fmt::format("BYE {}", dialog_->remote_target()));
    const auto agent = fmt::format("User-Agent: {}\r\n", agent_.options().server);
    agent_.parting().bye(*dialog_, flow_of(*dialog_), side_->digest, agent + reason_line(cause));
  } else if (dialog_) {
    send_request(*dialog_, sip::Method::Bye, reason_line(cause));
  }
  release();
}

void SipLeg::respond_in_dialog(sip::ServerTransactionId id, const sip::Message& request, int status,
                               std::string_view lines, std::string_view body) {
  trace_sent(fmt::format("{} {} ({} {}{})", status, sip::reason_phrase(status), request.cseq().number,
                         request.cseq().method_text, payload_note(body)));
  agent_.transactions().respond(
      id, status, ResponseTemplate(request, local_tag_, flow_).make(status, lines, "application/sdp", body));
}

// ---------------------------------------------------------------------------------------------------- media

void SipLeg::play(std::string_view sound, std::string_view language, bool loop) {
  media::Engine::Play what;
  what.file = sound;
  what.language = language;
  what.loop = loop;
  const auto codecs = call::playable(negotiated());
  if (const auto* codec = call::first_audio(codecs)) what.codec = *codec;
  agent_.media().play(offers_.session(), what);
}

void SipLeg::stop_playing() { agent_.media().stop_playing(offers_.session()); }
void SipLeg::echo(bool on) { agent_.media().echo(offers_.session(), on); }

void SipLeg::tell_held() {
  if (offers_.held() == held_) return;
  held_ = offers_.held();
  agent_.calls().on_held(id(), held_);
}

// The figures of a call are those of its sound.
void SipLeg::on_closed(media::SessionId session, const media::Statistics& statistics) {
  if (session == offers_.session()) {
    figures_ = statistics;
  } else {
    offers_.on_video_closed();
  }
  if (figures_ && offers_.videos_open() == 0) gone(*std::exchange(figures_, std::nullopt));
}

// A camera may be off for as long as it likes.
void SipLeg::on_silent(media::SessionId session, std::chrono::seconds silence) {
  if (session == offers_.session()) agent_.calls().on_silent(id(), silence);
}

void SipLeg::on_quality(media::SessionId session, const media::QualitySample& sample) {
  if (session == offers_.session()) quality_ = sample;
}

void SipLeg::on_keys_agreed(media::SessionId session, std::string_view suite) {
  if (session == offers_.session()) remark(Remark::KeysAgreed, {{"suite", suite}}, TraceRing::Kind::Media);
}

// Without its picture a call is still a call.
void SipLeg::on_key_exchange_failed(media::SessionId session, std::string_view reason) {
  if (session != offers_.session() && session != offers_.video()) return;
  remark(Remark::KeyExchangeFailed, {{"reason", reason}}, TraceRing::Kind::Media);
  if (session == offers_.session()) agent_.calls().on_media_lost(id());
}

// ---------------------------------------------------------------------------------------------------- the end

// The call's part of this leg is over; signalling may not be.
void SipLeg::end(const call::Ending& ending) {
  if (state_ == call::LegState::Ended) return;
  state_ = call::LegState::Ended;
  timer_.stop();
  change_.stop();
  leave_trunk(ending);
  agent_.calls().on_ended(id(), ending);
}

// Signalling is over: the media session closes, its figures come, the leg goes.
void SipLeg::release() {
  if (closing_) return;
  closing_ = true;
  agent_.scheduler().timers.cancel(target_timer_);
  if (asking_) refuse_change(487, {});  // §15.1.2
  if (invite_) agent_.forget_invite(invite_->transaction);
  if (unacknowledged_) agent_.forget_invite(unacknowledged_->transaction);
  offers_.drop_video();
  if (offers_.session()) {
    agent_.media().close(offers_.session());
  } else {
    agent_.scheduler().defer([&calls = agent_.calls(), leg = id()] { calls.on_gone(leg, {}); });
  }
}

void SipLeg::gone(const media::Statistics& statistics) { agent_.calls().on_gone(id(), statistics); }

// ---------------------------------------------------------------------------------------------------- dispatch

void SipLeg::on_request(sip::ServerTransactionId transaction, const sip::Message& request,
                        const sip::Flow& flow) {
  trace_received(request);
  sip::Dialog* dialog = dialog_with(request.from().tag());
  if (dialog == nullptr) return respond_in_dialog(transaction, request, 481);
  if (dialog->accept_cseq(request) == sip::Dialog::Order::Old)
    return respond_in_dialog(transaction, request, 500);
  if (const auto unsupported = unsupported_line(request); !unsupported.empty())
    return respond_in_dialog(transaction, request, 420, unsupported);
  switch (request.method()) {
    case sip::Method::Invite:
    case sip::Method::Update: follow(flow); return on_change(transaction, request);
    case sip::Method::Prack: return on_prack(transaction, request);
    case sip::Method::Bye: return on_bye(transaction, request);
    case sip::Method::Info: return on_info(transaction, request);
    case sip::Method::Refer: return on_refer(transaction, request);
    case sip::Method::Options:
      return respond_in_dialog(transaction, request, 200,
                               fmt::format("{}{}Accept: application/sdp\r\n", kAllowInDialog, kSupported));
    case sip::Method::Notify: return respond_in_dialog(transaction, request, 481);  // RFC 6665 §4.1.3
    case sip::Method::Subscribe: return respond_in_dialog(transaction, request, 489, kNoEvents);
    case sip::Method::Unknown: return respond_in_dialog(transaction, request, 501, kAllowInDialog);
    default: return respond_in_dialog(transaction, request, 405, kAllowInDialog);
  }
}

}  // namespace xivo::endpoint
