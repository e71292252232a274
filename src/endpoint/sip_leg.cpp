// One INVITE dialog with one phone: what incoming and outgoing legs share.                     RFC 3261 §12-§15
#include "endpoint/sip_leg.hpp"

#include <fmt/format.h>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sdp_mapping.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {
namespace {

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

SipLeg::~SipLeg() = default;

bool SipLeg::matches(std::string_view our_tag, std::string_view call_id) const {
  return our_tag == local_tag_ && call_id == call_id_;
}

// ---------------------------------------------------------------------------------------------------- trace

void SipLeg::trace_sent(std::string_view text) {
  agent_.calls().trace(call(), TraceRing::Kind::Sent, channel(), text);
}

void SipLeg::trace_received(const sip::Message& message) {
  agent_.calls().trace(call(), TraceRing::Kind::Received, channel(), summary(message));
}

// ---------------------------------------------------------------------------------------------------- sending

// Where a request inside the dialog goes. Phones are reached by the path their INVITE took, which works through NAT; a
// proxy that recorded a route, and a fixed peer, are taken at their word.
sip::Flow SipLeg::next_flow() const {
  const auto uri = sip::Uri::parse(dialog_->next_hop());
  if (!uri) return flow_;
  const auto* config_line = agent_.calls().config_of(call()).line(line());
  const bool fixed = config_line != nullptr && config_line->host != "dynamic";
  if (!fixed && dialog_->route_set().empty()) return flow_;
  const auto ip = IpAddress::parse(uri->host);
  if (!ip) return flow_;
  const SocketAddress hop{*ip, uri->port == 0 ? std::uint16_t{5060} : uri->port};
  return hop == flow_.remote ? flow_ : agent_.wire().flow_to(flow_.transport, hop);
}

void SipLeg::send_request(sip::Method method, std::string_view lines, std::string_view content_type,
                          std::string_view body) {
  if (!dialog_) return;
  const auto flow = next_flow();
  auto branch = agent_.transactions().new_branch();
  auto writer = dialog_->request(method, sip::TransactionLayer::via_value(flow, branch));
  writer.add(sip::HeaderId::UserAgent, agent_.options().server).raw(lines);
  trace_sent(fmt::format("{} {} ({}{})", sip::name(method), dialog_->remote_target(), dialog_->local_cseq(),
                         payload_note(body)));
  agent_.transactions().start(flow, method, std::move(branch), writer.finish(content_type, body),
                              id().bits());
}

void SipLeg::send_ack(const sip::Message& response) {
  const auto flow = next_flow();
  auto writer = dialog_->request(sip::Method::Ack,
                                 sip::TransactionLayer::via_value(flow, agent_.transactions().new_branch()),
                                 response.cseq().number);
  trace_sent(fmt::format("ACK {} ({})", dialog_->remote_target(), response.cseq().number));
  agent_.transactions().send_stateless(flow, writer.finish());
}

void SipLeg::send_bye(call::Cause cause) {
  send_request(sip::Method::Bye, reason_line(cause));
  release();
}

void SipLeg::respond_in_dialog(sip::ServerTransactionId id, const sip::Message& request, int status,
                               std::string_view lines) {
  trace_sent(fmt::format("{} {} ({} {})", status, sip::reason_phrase(status), request.cseq().number,
                         request.cseq().method_text));
  agent_.transactions().respond(id, status, ResponseTemplate(request, local_tag_, flow_).make(status, lines));
}

void SipLeg::send_info(std::string_view content_type, std::string_view body) {
  if (state_ == call::LegState::Up) send_request(sip::Method::Info, {}, content_type, body);
}

// ---------------------------------------------------------------------------------------------------- media

void SipLeg::update_remote() {
  agent_.media().set_remote(session_.id, remote_of(remote_, negotiated_, flow_.remote.ip));
  agent_.media().set_direction(session_.id, direction_);
}

std::string SipLeg::local_offer() {
  sdp::Origin origin;
  origin.session_id = sdp_session_id_;
  origin.version = ++sdp_version_;
  return sdp::write(
      sdp::offer(capabilities(negotiated_, session_.rtp, session_.rtcp, media::Direction::SendRecv), origin));
}

// Reads the answer to what local_offer() last said.
bool SipLeg::take_answer(std::string_view body) {
  const auto session = sdp::parse(body);
  if (!session) return false;
  sdp::Origin origin;
  const auto offered =
      sdp::offer(capabilities(negotiated_, session_.rtp, session_.rtcp, media::Direction::SendRecv), origin);
  const auto agreed = sdp::accept_answer(offered, *session);
  if (!agreed) return false;
  remote_ = describe(*agreed);
  if (!call::has_audio(remote_.codecs)) return false;
  negotiated_ = remote_.codecs;
  direction_ = call::answer_to(remote_.direction);
  held_ = remote_.direction == media::Direction::SendOnly || remote_.direction == media::Direction::Inactive;
  update_remote();
  return true;
}

void SipLeg::play(std::string_view sound, std::string_view language, bool loop) {
  media::Engine::Play what;
  what.file = sound;
  what.language = language;
  what.loop = loop;
  const auto codecs = call::playable(negotiated_);
  if (const auto* codec = call::first_audio(codecs)) what.codec = *codec;
  agent_.media().play(session_.id, what);
}

void SipLeg::stop_playing() { agent_.media().stop_playing(session_.id); }
void SipLeg::echo(bool on) { agent_.media().echo(session_.id, on); }

void SipLeg::on_play_ended(media::SessionId, bool reached_end) {
  agent_.calls().on_play_ended(id(), reached_end);
}
void SipLeg::on_digit(media::SessionId, char digit, std::chrono::milliseconds held) {
  agent_.calls().on_digit(id(), digit, held);
}
void SipLeg::on_closed(media::SessionId, const media::Statistics& statistics) { gone(statistics); }

// ---------------------------------------------------------------------------------------------------- the end

// The call's part of this leg is over; signalling may not be.
void SipLeg::end(const call::Ending& ending) {
  if (state_ == call::LegState::Ended) return;
  state_ = call::LegState::Ended;
  agent_.calls().on_ended(id(), ending);
}

// Signalling is over: the media session closes, its figures come, the leg goes.
void SipLeg::release() {
  if (closing_) return;
  closing_ = true;
  agent_.forget_invite(invite_);
  agent_.forget_invite(reinvite_);
  if (session_.id) {
    agent_.media().close(session_.id);
  } else {
    agent_.scheduler().defer([&calls = agent_.calls(), leg = id()] { calls.on_gone(leg, {}); });
  }
}

void SipLeg::gone(const media::Statistics& statistics) { agent_.calls().on_gone(id(), statistics); }

// ---------------------------------------------------------------------------------------------------- dispatch

void SipLeg::on_request(sip::ServerTransactionId transaction, const sip::Message& request, const sip::Flow&) {
  trace_received(request);
  if (!dialog_) return respond_in_dialog(transaction, request, 481);
  if (dialog_->accept_cseq(request) == sip::Dialog::Order::Old)
    return respond_in_dialog(transaction, request, 500);
  switch (request.method()) {
    case sip::Method::Invite: return on_reinvite(transaction, request);
    case sip::Method::Bye: return on_bye(transaction, request);
    case sip::Method::Info: return on_info(transaction, request);
    case sip::Method::Options:
      return respond_in_dialog(transaction, request, 200,
                               "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO\r\n");
    default:
      return respond_in_dialog(transaction, request, 405,
                               "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO\r\n");
  }
}

}  // namespace xivo::endpoint
