// Our INVITE to a phone, from sending it to its answer, and how either side ends a leg.          RFC 3261 §13.2, §15
#include <fmt/format.h>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sdp/session.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {

SipLeg::SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, OutgoingInvite invite)
    : Leg(false, line, std::move(party)), agent_(agent), flow_(invite.flow) {
  channel_ = invite.channel;
  negotiated_ = invite.offer;
  outgoing_ = std::make_unique<OutgoingInvite>(std::move(invite));
}

bool SipLeg::prepare(media::SessionId beside) {
  auto opened = agent_.media().open(flow_.local.ip, *this, beside);
  if (!opened) return false;
  session_ = *opened;
  sdp_session_id_ = agent_.scheduler().rng.next() >> 2;
  return true;
}

void SipLeg::start() {
  if (state_ == call::LegState::Ended) return release();  // hung up before it began
  const auto& invite = *outgoing_;
  call_id_ = agent_.new_call_id();
  local_tag_ = agent_.new_tag(id());
  invite_cseq_ = 1;
  const auto host = flow_.local.ip.to_uri_host();
  const auto display = invite.caller.name.empty() ? std::string{} : sip::quote(invite.caller.name) + " ";
  auto branch = agent_.transactions().new_branch();

  auto writer = sip::Writer::request(sip::Method::Invite, invite.request_uri);
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow_, branch))
      .add(sip::HeaderId::MaxForwards, static_cast<std::uint64_t>(invite.max_forwards))
      .add(sip::HeaderId::From, fmt::format("{}<sip:{}@{}>;tag={}", display,
                                            sip::escape_user(invite.caller.number), host, local_tag_))
      .add(sip::HeaderId::To, fmt::format("<sip:{}@{}>", sip::escape_user(invite.exten), host))
      .add(sip::HeaderId::CallId, call_id_)
      .add(sip::HeaderId::CSeq, "1 INVITE")
      .add(sip::HeaderId::Contact, agent_.contact(flow_))
      .add(sip::HeaderId::Allow, "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO")
      .add(sip::HeaderId::UserAgent, agent_.options().server);
  trace_sent(fmt::format("INVITE {} (1, sdp)", invite.request_uri));
  client_ = agent_.transactions().start(flow_, sip::Method::Invite, std::move(branch),
                                        writer.finish("application/sdp", local_offer()), id().bits());
  outgoing_.reset();
  if (client_) return;
  end({call::Cause::Congestion, 0, false});
  release();
}

// ---------------------------------------------------------------------------------------------------- responses

void SipLeg::on_response(sip::ClientTransactionId transaction, const sip::Message& response,
                         const sip::Flow& flow) {
  trace_received(response);
  if (transaction != client_) {
    // Of our requests inside the dialog only one answer matters: the phone no longer knows the call.
    if (response.status() == 481 && state_ == call::LegState::Up) {
      end({call::Cause::NormalClearing, 481, true});
      release();
    }
    return;
  }
  const int status = response.status();
  if (status < 200) return on_provisional(response);
  if (status < 300) return on_success(response, flow);
  end({reason_cause(response).value_or(cause_for(status)), status, true});
  release();
}

void SipLeg::on_provisional(const sip::Message& response) {
  if (state_ == call::LegState::Ended || state_ == call::LegState::Up || response.status() == 100) return;
  if (response.status() == 180 && state_ == call::LegState::Dialing) {
    state_ = call::LegState::Ringing;
    agent_.calls().on_ringing(id());
  }
  if (response.body().empty() || early_answer_ || state_ == call::LegState::Ended) return;
  if (!take_answer(response.body())) return;
  early_answer_ = true;
  agent_.calls().on_progress(id(), remote_);
}

void SipLeg::on_success(const sip::Message& response, const sip::Flow&) {
  if (dialog_) {
    // A repeat wants its ACK again; another tag is a fork of a proxy on the way, and one answer is enough.
    if (response.to().tag() == dialog_->id().remote_tag) return send_ack(response);
    return end_fork(response);
  }
  auto dialog = sip::Dialog::from_response(response, invite_cseq_);
  if (!dialog) {
    end({call::Cause::Interworking, response.status(), false});
    return release();
  }
  dialog_ = std::move(*dialog);
  send_ack(response);
  if (state_ == call::LegState::Ended) return send_bye(call::Cause::NormalClearing);  // crossed our CANCEL
  const bool agreed = response.body().empty() ? early_answer_ : take_answer(response.body());
  if (!agreed) {
    end({call::Cause::IncompatibleDestination, response.status(), false});
    return send_bye(call::Cause::IncompatibleDestination);
  }
  state_ = call::LegState::Up;
  answered_ = agent_.scheduler().clock.wall();
  agent_.calls().on_answered(id(), remote_);
}

void SipLeg::end_fork(const sip::Message& response) {
  auto fork = sip::Dialog::from_response(response, invite_cseq_);
  if (!fork) return;
  const auto via = [&] {
    return sip::TransactionLayer::via_value(flow_, agent_.transactions().new_branch());
  };
  agent_.transactions().send_stateless(flow_, fork->request(sip::Method::Ack, via(), invite_cseq_).finish());
  auto branch = agent_.transactions().new_branch();
  auto bye = fork->request(sip::Method::Bye, sip::TransactionLayer::via_value(flow_, branch)).finish();
  const auto id = agent_.transactions().start(flow_, sip::Method::Bye, std::move(branch), std::move(bye), 0);
  agent_.transactions().forget(id);
}

void SipLeg::on_failure(sip::ClientTransactionId transaction, sip::ClientFailure failure) {
  const bool timeout = failure == sip::ClientFailure::Timeout;
  agent_.calls().trace(call(), TraceRing::Kind::State, channel(),
                       timeout ? "no answer from the network" : "cannot be reached");
  if (transaction != client_ && state_ != call::LegState::Up) return;
  end({timeout ? call::Cause::NoUserResponding : call::Cause::DestinationOutOfOrder, timeout ? 408 : 503,
       true});
  release();
}

// ---------------------------------------------------------------------------------------------------- hanging up

void SipLeg::hang_up(call::Cause cause, bool elsewhere) {
  const auto was = state_;
  if (was == call::LegState::Ended) return;
  end({cause, 0, false});
  if (was == call::LegState::Up) {
    // The ACK must come first, else the phone may still be waiting for its answer (RFC 3261 §15).
    if (awaiting_ack_) {
      bye_after_ack_ = cause;
    } else {
      send_bye(cause);
    }
  } else if (was == call::LegState::Ring) {
    const auto retry = status_for(cause) == 503
                           ? fmt::format("Retry-After: {}\r\n", agent_.options().retry_after_seconds)
                           : std::string{};
    send_final(status_for(cause), reason_line(cause) + retry);
    release();
  } else if (client_) {
    trace_sent("CANCEL");
    agent_.transactions().cancel(client_, elsewhere ? elsewhere_line() : reason_line(cause));
  }
}

}  // namespace xivo::endpoint
