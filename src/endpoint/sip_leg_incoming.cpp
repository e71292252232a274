// An INVITE of a phone, from its arrival to its ACK.                                            RFC 3261 §13.3
#include <fmt/format.h>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sdp_mapping.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/parse.hpp"
#include "sdp/write.hpp"

namespace xivo::endpoint {

SipLeg::SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, IncomingInvite invite)
    : Leg(true, line, std::move(party)),
      agent_(agent),
      flow_(invite.flow),
      call_id_(invite.request.call_id()),
      invite_(invite.transaction),
      invite_cseq_(invite.request.cseq().number) {
  state_ = call::LegState::Ring;
  channel_ = std::move(invite.channel);
}

Result<void> SipLeg::prepare(const sdp::Session* offer, const std::vector<std::string>& line_codecs) {
  if (offer != nullptr) {
    remote_ = describe(*offer);
    remote_.codecs = call::allowed(remote_.codecs, line_codecs);
    if (!call::has_audio(remote_.codecs)) return fail("no codec in common");
    offer_ = std::make_unique<sdp::Session>(*offer);
  }
  auto opened = agent_.media().open(flow_.local.ip, *this, {});
  if (!opened) return Unexpected{opened.error()};
  session_ = *opened;
  sdp_session_id_ = agent_.scheduler().rng.next() >> 2;
  return {};
}

// The tag can only be made once the leg has its id, that is after it was adopted.
void SipLeg::bind_dialog(const sip::Message& request) {
  local_tag_ = agent_.new_tag(id());
  response_ = ResponseTemplate(request, local_tag_, flow_);
  if (auto dialog = sip::Dialog::from_request(request, local_tag_)) dialog_ = std::move(*dialog);
  agent_.remember_invite(invite_, id());
  trace_received(request);
}

std::string SipLeg::dialog_lines() const {
  return fmt::format("Contact: {}\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO\r\nServer: {}\r\n",
                     agent_.contact(flow_), agent_.options().server);
}

void SipLeg::ring() {
  if (state_ != call::LegState::Ring || !progress_body_.empty()) return;
  trace_sent("180 Ringing");
  agent_.transactions().respond(invite_, 180, response_.make(180, dialog_lines()));
}

// The answer to the phone's offer; made once, so that 183 and 200 say the same (RFC 3261 §13.2.1).
std::string SipLeg::answer_body(const std::vector<media::Codec>& codecs) {
  if (!offer_) {
    // A feature that answers has no idea what the phone can do: G.711, which every phone has.
    negotiated_ = codecs.empty() ? call::offer_of({"alaw", "ulaw"}) : codecs;
    offered_in_response_ = true;
    return local_offer();
  }
  sdp::Origin origin;
  origin.session_id = sdp_session_id_;
  origin.version = ++sdp_version_;
  const auto ours = capabilities(codecs, session_.rtp, session_.rtcp, media::Direction::SendRecv);
  const auto answered = sdp::answer(*offer_, ours, origin);
  if (!answered) return {};
  negotiated_ = call::common(remote_.codecs, codecs);
  direction_ = call::answer_to(remote_.direction);
  held_ = remote_.direction == media::Direction::SendOnly || remote_.direction == media::Direction::Inactive;
  update_remote();
  return sdp::write(*answered);
}

void SipLeg::progress(const media::Description& ours) {
  // Without an offer there is nothing to answer yet: the caller hears nothing before the call is answered.
  if (state_ != call::LegState::Ring || !offer_ || !progress_body_.empty()) return;
  progress_body_ = answer_body(ours.codecs);
  if (progress_body_.empty()) return;
  trace_sent("183 Session Progress (sdp)");
  agent_.transactions().respond(invite_, 183,
                                response_.make(183, dialog_lines(), "application/sdp", progress_body_));
}

void SipLeg::answer(const media::Description& ours) {
  if (state_ != call::LegState::Ring) return;
  const auto body = progress_body_.empty() ? answer_body(ours.codecs) : progress_body_;
  if (body.empty()) return hang_up(call::Cause::IncompatibleDestination, false);
  state_ = call::LegState::Up;
  answered_ = agent_.scheduler().clock.wall();
  awaiting_ack_ = true;
  trace_sent("200 OK (INVITE, sdp)");
  agent_.transactions().respond(invite_, 200, response_.make(200, dialog_lines(), "application/sdp", body));
  response_ = {};
  offer_.reset();
  progress_body_ = {};
}

void SipLeg::send_final(int status, std::string_view lines) {
  trace_sent(fmt::format("{} {}", status, sip::reason_phrase(status)));
  agent_.transactions().respond(invite_, status, response_.make(status, lines));
  response_ = {};
  offer_.reset();
}

void SipLeg::on_cancel() {
  agent_.calls().trace(call(), TraceRing::Kind::Received, channel(), "CANCEL");
  if (state_ != call::LegState::Ring) return;
  send_final(487, {});
  end({call::Cause::NormalClearing, 487, true});
  release();
}

void SipLeg::on_ack(const sip::Message& ack) {
  trace_received(ack);
  const auto number = ack.cseq().number;
  if (reinvite_ && number == reinvite_cseq_) {
    agent_.transactions().acknowledged(reinvite_);
    agent_.forget_invite(reinvite_);
    reinvite_ = {};
  } else if (awaiting_ack_ && number == invite_cseq_) {
    agent_.transactions().acknowledged(invite_);
    agent_.forget_invite(invite_);
    awaiting_ack_ = false;
  } else {
    return;  // a repeat
  }
  if (bye_after_ack_) return send_bye(*bye_after_ack_);
  const bool was_held = held_;
  if (std::exchange(offered_in_response_, false) && !take_answer(ack.body())) {
    end({call::Cause::IncompatibleDestination, 0, false});
    return send_bye(call::Cause::IncompatibleDestination);
  }
  if (held_ != was_held) agent_.calls().on_held(id(), held_);
  if (state_ == call::LegState::Up && number == invite_cseq_) agent_.calls().on_established(id());
}

void SipLeg::on_ack_timeout(sip::ServerTransactionId) {
  agent_.calls().trace(call(), TraceRing::Kind::State, channel(), "the answer was never acknowledged");
  awaiting_ack_ = false;
  end({call::Cause::RecoveryOnTimerExpiry, 0, false});
  send_bye(bye_after_ack_.value_or(call::Cause::RecoveryOnTimerExpiry));
}

}  // namespace xivo::endpoint
