// An INVITE of a phone, from its arrival to its ACK.                                    RFC 3261 §13.3, RFC 3262 §3
#include <fmt/format.h>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/parse.hpp"

namespace xivo::endpoint {

SipLeg::SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, IncomingInvite invite)
    : Leg(true, line, std::move(party)),
      agent_(agent),
      flow_(invite.flow),
      call_id_(invite.request.call_id()),
      invite_cseq_(invite.request.cseq().number),
      invite_(std::make_unique<TheirInvite>()),
      offers_(agent.media()),
      timer_(agent.scheduler(), agent.options().session_timer,
             {[this] { change_.want({}); }, [this] { on_session_expired(); }}),
      change_(agent.scheduler(), *this, false) {
  state_ = call::LegState::Ring;
  channel_ = std::move(invite.channel);
  invite_->transaction = invite.transaction;
  invite_->cseq = invite_cseq_;
  invite_->session = std::move(invite.session);
  invite_->requires_100rel = invite.request.has_token(sip::HeaderId::Require, "100rel");
  invite_->supports_100rel =
      invite_->requires_100rel || invite.request.has_token(sip::HeaderId::Supported, "100rel");
  remote_updates_ = invite.request.has_token(sip::HeaderId::Allow, "UPDATE");
  const auto uri = invite.request.request_uri();
  sips_ = uri && uri->is_sips();
  take_side(invite.trunk);
}

Result<void> SipLeg::prepare(const sdp::Session* offer, const call::Allowance& allowance) {
  configure_media();
  if (offer != nullptr) {
    if (auto taken = offers_.take_offer(*offer, allowance); !taken) return taken;
  }
  offers_.set_signalling(flow_.remote.ip);
  return offers_.open(flow_.local.ip, *this, {}, agent_.scheduler().rng);
}

// The tag can only be made once the leg has its id, that is after it was adopted.
void SipLeg::bind_dialog(const sip::Message& request) {
  local_tag_ = agent_.new_tag(id());
  invite_->response = ResponseTemplate(request, local_tag_, flow_);
  if (auto dialog = sip::Dialog::from_request(request, local_tag_)) dialog_ = std::move(*dialog);
  agent_.remember_invite(invite_->transaction, id());
  trace_received(request);
}

// ---------------------------------------------------------------------------------------------------- provisionals

// Acknowledged where the caller insists, or where it can and a description is in it that must not be lost.
void SipLeg::send_provisional(int status, const std::string& body) {
  auto& invite = *invite_;
  const bool reliable = invite.requires_100rel || (invite.supports_100rel && !body.empty());
  trace_sent(fmt::format("{} {}{}", status, sip::reason_phrase(status), body.empty() ? "" : " (sdp)"));
  if (!body.empty()) invite.described = true;
  if (!reliable) {
    invite.said = body;
    agent_.transactions().respond(
        invite.transaction, status,
        invite.response.make(status, dialog_lines() + agent_.server_line(), "application/sdp", body));
    return;
  }
  if (!invite.reliable) {
    invite.reliable = std::make_unique<ReliableProvisionals>(
        agent_.scheduler(), agent_.options().timers,
        ReliableProvisionals::User{[this](int code, const std::string& bytes) {
                                     agent_.transactions().respond(invite_->transaction, code, bytes);
                                   },
                                   [this] { on_prack_missing(); }});
  }
  const auto lines = fmt::format("{}{}Require: 100rel\r\nRSeq: {}\r\n", dialog_lines(), agent_.server_line(),
                                 invite.reliable->next_rseq());
  invite.reliable->send(status, invite.response.make(status, lines, "application/sdp", body), !body.empty());
}

void SipLeg::ring() {
  if (state_ != call::LegState::Ring || invite_->described) return;
  std::string body;
  // The first reliable response to an INVITE without an offer must hold one (RFC 3262 §5).
  if (invite_->requires_100rel && offers_.pending() == OfferAnswer::Pending::Nothing)
    body = offers_.offer(call::offer_of(allowance()));
  send_provisional(180, body);
}

// Never with a description, and never acknowledged: a caller that insists on PRACK is content with the 180 (RFC 3261 §21.1.3).
void SipLeg::being_forwarded() {
  if (state_ != call::LegState::Ring || invite_->described || invite_->requires_100rel) return;
  send_provisional(181, {});
}

void SipLeg::progress(const media::Description& ours) {
  if (state_ != call::LegState::Ring || invite_->described) return;
  // To a caller without an offer only an acknowledged response can bring ours; else it hears nothing before the answer.
  if (offers_.pending() != OfferAnswer::Pending::Theirs && !invite_->supports_100rel) return;
  if (const auto body = description_for(ours); !body.empty()) send_provisional(183, body);
}

// The answer to the phone's offer, or without one an offer of ours.
std::string SipLeg::description_for(const media::Description& ours) {
  const auto& codecs = ours.codecs;
  if (offers_.pending() == OfferAnswer::Pending::Theirs) return offers_.answer(codecs, ours.video);
  // A feature that answers has no idea what the phone can do: G.711, which every phone has.
  return offers_.offer(codecs.empty() ? call::offer_of({"alaw", "ulaw"}) : codecs);
}

void SipLeg::on_prack(sip::ServerTransactionId transaction, const sip::Message& request) {
  const auto value = request.header(sip::HeaderId::RAck);
  const auto rack = value ? RAck::parse(*value) : std::nullopt;
  if (!rack) return respond_in_dialog(transaction, request, 400);
  if (!invite_ || !invite_->reliable || !invite_->reliable->on_prack(*rack, invite_->cseq))
    return respond_in_dialog(transaction, request, 481);
  int status = 200;
  const auto body = take_prack_body(request, status);
  respond_in_dialog(transaction, request, status, status == 488 ? warning(305) : std::string{},
                    body.value_or(std::string{}));
  if (state_ != call::LegState::Ring) return;
  if (!body) return hang_up(call::Cause::IncompatibleDestination, false);
  if (invite_->described && !invite_->reliable->description_waits()) invite_->settled = true;
  tell_held();
  if (!invite_) return;
  invite_->reliable->proceed();
  if (invite_->answer_waits && !invite_->reliable->description_waits()) {
    const auto ours = *std::exchange(invite_->answer_waits, std::nullopt);
    answer(ours);
  }
}

// What a PRACK says of media: the answer to our offer, or a new offer (RFC 3262 §5). Nothing: the INVITE cannot go on.
std::optional<std::string> SipLeg::take_prack_body(const sip::Message& request, int& status) {
  const auto body = session_body(request);
  if (offers_.pending() == OfferAnswer::Pending::Ours) {
    const bool ours_acknowledged = invite_->described && !invite_->reliable->description_waits();
    if (!ours_acknowledged || state_ != call::LegState::Ring) return std::string{};
    if (offers_.take_answer(body.sdp)) return std::string{};
    offers_.withdraw();
    return std::nullopt;
  }
  if (body.refused != 0) status = body.refused;
  if (body.sdp.empty() || offers_.pending() != OfferAnswer::Pending::Nothing) return std::string{};
  status = 488;
  const auto session = sdp::parse(body.sdp);
  if (!session || !offers_.take_offer(*session, allowance())) return std::string{};
  const auto kept = call::common(offers_.offered().codecs, negotiated());
  const auto answered = call::has_audio(kept) ? offers_.answer(kept, offers_.video_said()) : std::string{};
  if (!answered.empty()) status = 200;
  offers_.withdraw();
  return answered;
}

// RFC 3262 §3: the INVITE is rejected with a 5xx.
void SipLeg::on_prack_missing() {
  remark(Remark::ResponseNotAcknowledged);
  if (state_ != call::LegState::Ring) return;
  send_final(504, reason_line(call::Cause::RecoveryOnTimerExpiry));
  end({call::Cause::RecoveryOnTimerExpiry, 504, false});
  release();
}

// ---------------------------------------------------------------------------------------------------- the answer

void SipLeg::answer(const media::Description& ours) {
  if (state_ != call::LegState::Ring) return;
  auto& invite = *invite_;
  if (invite.reliable && invite.reliable->description_waits()) {  // RFC 3262 §3: not before its PRACK
    invite.answer_waits = ours;
    return;
  }
  std::string body = invite.said;
  if (body.empty() && !invite.settled) {
    invite.ack_answers = offers_.pending() != OfferAnswer::Pending::Theirs;
    body = description_for(ours);
    if (body.empty()) return hang_up(call::Cause::IncompatibleDestination, false);
  }
  if (invite.reliable) invite.reliable->stop();
  state_ = call::LegState::Up;
  answered_ = agent_.scheduler().clock.wall();
  invite.awaiting_ack = true;
  trace_sent(fmt::format("200 OK (INVITE{})", body.empty() ? "" : ", sdp"));
  agent_.transactions().respond(
      invite.transaction, 200,
      invite.response.make(200, dialog_lines() + agent_.server_line() + invite.session.lines,
                           "application/sdp", body));
  timer_.start(invite.session.terms);
  invite.response = {};
  invite.said = {};
  held_ = offers_.held();
}

void SipLeg::send_final(int status, std::string_view lines) {
  if (invite_->reliable) invite_->reliable->stop();
  trace_sent(fmt::format("{} {}", status, sip::reason_phrase(status)));
  agent_.transactions().respond(invite_->transaction, status, invite_->response.make(status, lines));
  invite_->response = {};
}

void SipLeg::on_cancel(sip::ServerTransactionId transaction) {
  agent_.calls().trace(call(), TraceRing::Kind::Received, channel(), "CANCEL");
  if (asking_ && asking_->transaction == transaction) return refuse_change(487, {});
  if (state_ != call::LegState::Ring) return;
  send_final(487, {});
  end({call::Cause::NormalClearing, 487, true});
  release();
}

void SipLeg::on_ack(const sip::Message& ack) {
  trace_received(ack);
  const auto number = ack.cseq().number;
  bool answers = false;
  if (unacknowledged_ && number == unacknowledged_->cseq) {
    agent_.transactions().acknowledged(unacknowledged_->transaction);
    agent_.forget_invite(unacknowledged_->transaction);
    answers = unacknowledged_->ack_answers;
    unacknowledged_.reset();
  } else if (invite_ && invite_->awaiting_ack && number == invite_->cseq) {
    agent_.transactions().acknowledged(invite_->transaction);
    agent_.forget_invite(invite_->transaction);
    answers = invite_->ack_answers;
    const auto bye = invite_->bye_after_ack;
    invite_.reset();
    if (bye) return send_bye(*bye);
  } else {
    return;  // a repeat
  }
  if (state_ != call::LegState::Up) return;
  if (answers && !offers_.take_answer(session_body(ack).sdp)) {
    end({call::Cause::IncompatibleDestination, 0, false});
    return send_bye(call::Cause::IncompatibleDestination);
  }
  tell_held();
  if (state_ == call::LegState::Up && incoming() && number == invite_cseq_)
    agent_.calls().on_established(id());
  change_.resume();
}

// RFC 3261 §13.3.1.4 and §14.2: the session is ended by BYE.
void SipLeg::on_ack_timeout(sip::ServerTransactionId) {
  remark(Remark::AnswerNotAcknowledged);
  const auto cause =
      invite_ && invite_->bye_after_ack ? *invite_->bye_after_ack : call::Cause::RecoveryOnTimerExpiry;
  end({call::Cause::RecoveryOnTimerExpiry, 0, false});
  send_bye(cause);
}

}  // namespace xivo::endpoint
