// Our re-INVITE and UPDATE: signs of life and other codecs.               RFC 3261 §14.1, RFC 3311 §5.1, RFC 4028 §10
#include "call/call_registry.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"

namespace xivo::endpoint {

void SipLeg::renegotiate(const media::Description& ours) {
  if (state_ == call::LegState::Up) change_.want({SessionWish::Kind::Codecs, ours.codecs, ours.video});
}

// One exchange at a time, in either direction (RFC 3261 §14.1, RFC 3264 §4).
bool SipLeg::may_change() const {
  return state_ == call::LegState::Up && dialog_ && !invite_ && !asking_ && !unacknowledged_ &&
         offers_.pending() == OfferAnswer::Pending::Nothing;
}

bool SipLeg::send_change(const SessionWish& wish) {
  const bool codecs = wish.kind == SessionWish::Kind::Codecs;
  change_by_invite_ = codecs || !remote_updates_;
  std::string body;
  if (change_by_invite_) body = codecs ? offers_.offer(wish.codecs, wish.video) : offers_.offer_again();
  auto lines = dialog_lines();
  if (timer_.terms().interval != 0) lines += timer_.request_lines();
  change_client_ = send_request(*dialog_, change_by_invite_ ? sip::Method::Invite : sip::Method::Update,
                                lines, "application/sdp", body);
  if (!change_client_ && offers_.pending() == OfferAnswer::Pending::Ours) offers_.withdraw();
  return static_cast<bool>(change_client_);
}

void SipLeg::on_change_response(const sip::Message& response) {
  const int status = response.status();
  if (status < 200) return;
  const bool success = status < 300;
  if (success && change_by_invite_) send_ack(response);
  if (change_.state() != SessionChange::State::Requested || state_ != call::LegState::Up) return;
  bool agreed = success;
  if (success) {
    dialog_->refresh_target(response);
    timer_.start(timer_.agreed(response));
    if (offers_.pending() == OfferAnswer::Pending::Ours)
      agreed = offers_.take_answer(session_body(response).sdp);
  }
  if (offers_.pending() == OfferAnswer::Pending::Ours) offers_.withdraw();
  if (status == 422 && timer_.raise(response)) return change_.again();
  if (answer_challenge(response)) return change_.again();
  if (success && side_) side_->digest.succeeded();
  if (!change_by_invite_ && (status == 405 || status == 501)) {  // it said that it could
    remote_updates_ = false;
    return change_.again();
  }
  const auto outcome = change_.on_response(response);
  if (outcome == SessionChange::Outcome::Again) return;
  change_client_ = {};
  if (outcome == SessionChange::Outcome::Gone) {
    end({call::Cause::NormalClearing, status, true});
    return status == 481 ? release() : send_bye(call::Cause::NormalClearing);
  }
  tell_held();
  if (change_.finished().kind == SessionWish::Kind::Codecs)
    agent_.calls().on_renegotiated(id(), agreed && outcome == SessionChange::Outcome::Agreed);
}

void SipLeg::on_change_failed(const SessionWish& wish, SessionChange::Outcome) {
  if (wish.kind == SessionWish::Kind::Codecs) agent_.calls().on_renegotiated(id(), false);
}

// Whose page was left never says BYE, and nobody can reach it. An INVITE of ours that waits for its answer fails with its
// transaction.
void SipLeg::on_websocket_gone(const sip::Flow& flow) {
  if (flow_.transport != flow.transport || flow_.connection != flow.connection) return;
  if (state_ == call::LegState::Dialing || state_ == call::LegState::Ended) return;
  auto& timers = agent_.scheduler().timers;
  timers.cancel(flow_timer_);
  flow_timer_ = timers.set(kReturnMax, [this] {
    remark(Remark::NoSignOfLife);
    hang_up(call::Cause::RecoveryOnTimerExpiry, false);
  });
}

// A browser that changes its network goes on with its dialogs by a WebSocket of its own making; nothing else leads to it.
void SipLeg::follow(const sip::Flow& flow) {
  if (!sip::is_websocket(flow_.transport) || !sip::is_websocket(flow.transport)) return;
  if (flow.connection == flow_.connection) return;
  agent_.scheduler().timers.cancel(flow_timer_);
  flow_ = flow;
}

void SipLeg::on_session_expired() {
  remark(Remark::NoSignOfLife);
  end({call::Cause::RecoveryOnTimerExpiry, 0, false});
  send_bye(call::Cause::RecoveryOnTimerExpiry);
}

}  // namespace xivo::endpoint
