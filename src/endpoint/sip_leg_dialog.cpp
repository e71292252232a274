// Requests of a phone inside a dialog: re-INVITE, UPDATE, BYE, REFER.     RFC 3261 §14, §15, RFC 3311
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/parse.hpp"

namespace xivo::endpoint {
// Whether another exchange is in the way: 491 when it is ours, 500 when the phone does not wait for its own; 0 = go on.
//                                                                              RFC 3261 §14.2, RFC 3311 §5.2
int SipLeg::too_early(const sip::Message& request, bool describes) const {
  const bool invite = request.method() == sip::Method::Invite;
  if (state_ == call::LegState::Ended) return 481;
  if (asking_ || (invite && (invite_ || unacknowledged_))) return 500;
  if (invite && state_ != call::LegState::Up) return 500;
  const bool our_invite = change_.state() == SessionChange::State::Requested && change_by_invite_;
  if (invite && our_invite) return 491;
  if (!describes) return 0;
  if (offers_.pending() == OfferAnswer::Pending::Ours) return 491;
  if (offers_.pending() == OfferAnswer::Pending::Theirs) return 500;
  if (invite_ && !invite_->awaiting_ack && !invite_->settled)
    return 500;  // answered in a 183 that may be lost
  if (!dialog_ && heard_tag_ != request.from().tag()) return 491;  // of a phone that is not the one heard
  return 0;
}

void SipLeg::on_change(sip::ServerTransactionId transaction, const sip::Message& request) {
  const bool invite = request.method() == sip::Method::Invite;
  const auto refuse = [&](int status, std::string_view lines) {
    respond_in_dialog(transaction, request, status, lines);
  };
  const auto body = session_body(request);
  if (const int status = too_early(request, invite || !body.sdp.empty()); status != 0)
    return refuse(status, status == 500 ? retry_soon() : std::string{});
  if (body.refused != 0) return refuse(body.refused, kAccept);
  auto session = timer_.judge(request);
  if (std::holds_alternative<SessionTimer::TooSmall>(session)) return refuse(422, timer_.min_se_line());
  if (std::holds_alternative<SessionTimer::Malformed>(session)) return refuse(400, {});
  if (request.header(sip::HeaderId::Allow))
    remote_updates_ = request.has_token(sip::HeaderId::Allow, "UPDATE");

  asking_ = std::make_unique<TheirChange>();
  asking_->transaction = transaction;
  asking_->cseq = request.cseq().number;
  asking_->invite = invite;
  asking_->remote_tag = request.from().tag();
  asking_->target = sip::Dialog::contact_of(request);
  asking_->response = ResponseTemplate(request, local_tag_, flow_);
  asking_->session = std::move(std::get<SessionTimer::Accepted>(session));
  if (invite) agent_.remember_invite(transaction, id());
  if (!body.sdp.empty()) return take_change_offer(body.sdp);
  accept_change(invite ? offers_.offer(negotiated(), offers_.video_said()) : std::string{}, invite);
}

void SipLeg::take_change_offer(std::string_view description) {
  const auto offered = sdp::parse(description);
  if (!offered) return refuse_change(400, {});
  if (!offers_.take_offer(*offered, allowance())) return refuse_change(488, warning(305));
  const auto& wanted = offers_.offered();
  const auto kept = call::common(wanted.codecs, negotiated());
  // Hold, resume and a new address change nothing for the other party; other codecs do, so the call is asked. Before the
  // answer there is nobody to ask.
  const bool same = call::covers(wanted.codecs, negotiated()) && offers_.keeps_video(wanted.video) &&
                    !offers_.switches_camera(wanted);
  if (call::has_audio(kept) && (same || state_ != call::LegState::Up)) {
    auto ours = call::of_codecs(kept);
    ours.video = offers_.video_said();
    return answer_offer(ours);
  }
  if (state_ != call::LegState::Up) return refuse_change(488, warning(305));
  agent_.calls().on_offer(id(), wanted);
}

void SipLeg::answer_offer(const media::Description& ours) {
  if (!asking_ || offers_.pending() != OfferAnswer::Pending::Theirs) return;
  const auto body = call::has_audio(ours.codecs) ? offers_.answer(ours.codecs, ours.video) : std::string{};
  if (body.empty()) return refuse_change(488, warning(305));
  accept_change(body, false);
}

void SipLeg::accept_change(const std::string& body, bool ack_answers) {
  const auto asking = std::move(asking_);
  if (auto* dialog = dialog_with(asking->remote_tag)) dialog->set_remote_target(asking->target);
  if (asking->invite) unacknowledged_ = Unacknowledged{asking->transaction, asking->cseq, ack_answers};
  trace_sent(fmt::format("200 OK ({} {}{})", asking->cseq, asking->invite ? "INVITE" : "UPDATE",
                         body.empty() ? "" : ", sdp"));
  agent_.transactions().respond(
      asking->transaction, 200,
      asking->response.make(200, dialog_lines() + agent_.server_line() + asking->session.lines,
                            "application/sdp", body));
  if (state_ == call::LegState::Up) timer_.start(asking->session.terms);
  tell_held();
  change_.resume();
}

void SipLeg::refuse_change(int status, std::string_view lines) {
  const auto asking = std::move(asking_);
  if (offers_.pending() == OfferAnswer::Pending::Theirs) offers_.withdraw();
  if (asking->invite) agent_.forget_invite(asking->transaction);
  trace_sent(fmt::format("{} {} ({} {})", status, sip::reason_phrase(status), asking->cseq,
                         asking->invite ? "INVITE" : "UPDATE"));
  agent_.transactions().respond(asking->transaction, status, asking->response.make(status, lines));
  change_.resume();
}

void SipLeg::on_bye(sip::ServerTransactionId transaction, const sip::Message& request) {
  // A phone that has not answered may not end the dialog so (§15); its early dialog is all that it can take back.
  if (!incoming() && !dialog_) {
    respond_in_dialog(transaction, request, 200);
    std::erase_if(early_,
                  [&](const auto& early) { return early.dialog.id().remote_tag == request.from().tag(); });
    return;
  }
  respond_in_dialog(transaction, request, 200);
  const auto cause = reason_cause(request).value_or(call::Cause::NormalClearing);
  // A caller may end an early dialog by BYE instead of CANCEL (§15): its INVITE is then answered by 487.
  if (state_ == call::LegState::Ring) send_final(487, {});
  end({cause, 0, true});
  if (invite_ && invite_->awaiting_ack) agent_.transactions().acknowledged(invite_->transaction);
  if (unacknowledged_) agent_.transactions().acknowledged(unacknowledged_->transaction);
  release();
}

// Transfers are not allowed to phones (RFC 3515 §2.4.2 leaves that to policy), and the Allow field says so; a request that
// is none is told apart, so that its sender looks for the fault at home.
void SipLeg::on_refer(sip::ServerTransactionId transaction, const sip::Message& request) {
  const auto count = std::count_if(request.headers().begin(), request.headers().end(),
                                   [](const auto& field) { return field.id == sip::HeaderId::ReferTo; });
  const auto value = request.header(sip::HeaderId::ReferTo);
  if (count != 1 || !sip::NameAddr::parse(*value)) return respond_in_dialog(transaction, request, 400);
  respond_in_dialog(transaction, request, 405, kAllowInDialog);
}

}  // namespace xivo::endpoint
