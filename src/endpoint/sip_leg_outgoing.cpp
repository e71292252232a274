// Our INVITE to a phone, from sending it to its answer, and how either side ends a leg.          RFC 3261 §13.2, §15
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/abilities.hpp"
#include "endpoint/sip_cause.hpp"
#include "endpoint/sip_leg.hpp"
#include "endpoint/user_agent.hpp"
#include "sip/writer.hpp"

namespace xivo::endpoint {

SipLeg::SipLeg(UserAgent& agent, model::SipLineId line, call::Party party, OutgoingInvite invite)
    : Leg(false, line, std::move(party)),
      agent_(agent),
      flow_(invite.flow),
      offers_(agent.media()),
      timer_(agent.scheduler(), agent.options().session_timer,
             {[this] { change_.want({}); }, [this] { on_session_expired(); }}),
      change_(agent.scheduler(), *this, true) {
  channel_ = invite.channel;
  const auto uri = sip::Uri::parse(invite.request_uri);
  sips_ = uri && uri->is_sips();
  take_side(invite.trunk);
  outgoing_ = std::make_unique<OutgoingInvite>(std::move(invite));
}

bool SipLeg::prepare(media::SessionId beside) {
  configure_media();
  offers_.set_signalling(flow_.remote.ip);
  return offers_.open(flow_.local.ip, *this, beside, agent_.scheduler().rng).has_value();
}

void SipLeg::start() {
  if (state_ == call::LegState::Ended) return release();  // hung up before it began
  call_id_ = agent_.new_call_id();
  local_tag_ = agent_.new_tag(id());
  if (outgoing_->where) return locate();
  send_invite();
}

// Once, and again with the next number when the phone wants more time between two signs of life.   RFC 4028 §7.3
void SipLeg::send_invite() {
  const auto& invite = *outgoing_;
  ++invite_cseq_;
  auto branch = agent_.transactions().new_branch();

  auto writer = sip::Writer::request(sip::Method::Invite, invite.request_uri);
  for (const auto& hop : invite.route) writer.add_untrusted(sip::HeaderId::Route, hop);
  writer.add(sip::HeaderId::Via, sip::TransactionLayer::via_value(flow_, branch))
      .add(sip::HeaderId::MaxForwards, static_cast<std::uint64_t>(std::max(invite.max_forwards, 0)))
      .add(sip::HeaderId::From, fmt::format("{};tag={}", from_value(), local_tag_))
      .add(sip::HeaderId::To, to_value())
      .add(sip::HeaderId::CallId, call_id_)
      .add(sip::HeaderId::CSeq, fmt::format("{} INVITE", invite_cseq_))
      .add(sip::HeaderId::UserAgent, agent_.options().server)
      .raw(dialog_lines())
      .raw(timer_.request_lines())
      .raw(side_ ? side_->identity.lines : diversion_line())
      .raw(credentials(sip::Method::Invite, invite.request_uri));
  trace_sent(fmt::format("INVITE {} ({}, sdp)", invite.request_uri, invite_cseq_));
  client_ = agent_.transactions().start(
      flow_, sip::Method::Invite, std::move(branch),
      writer.finish("application/sdp", offers_.offer(invite.offer, invite.video)), id().bits());
  expect_answer_by_flow();
  if (client_) return;
  end({call::Cause::Congestion, 0, false});
  release();
}

std::string SipLeg::from_value() const {
  if (side_) return side_->identity.from;
  const auto& caller = outgoing_->caller;
  const auto display = caller.name.empty() ? std::string{} : sip::quote(caller.name) + " ";
  return fmt::format("{}<sip:{}@{}>", display, sip::escape_user(caller.number), flow_.local.ip.to_uri_host());
}

/// Who of us sent the call on, for the display of the phone.                                              RFC 5806 §9.1
std::string SipLeg::diversion_line() const {
  const auto& number = outgoing_->diverted_by;
  if (number.empty()) return {};
  return fmt::format("Diversion: <sip:{}@{}>;reason=unknown\r\n", sip::escape_user(number),
                     flow_.local.ip.to_uri_host());
}

std::string SipLeg::to_value() const {
  if (side_) return side_->identity.to;
  return fmt::format("<sip:{}@{}>", sip::escape_user(outgoing_->exten), flow_.local.ip.to_uri_host());
}

// ---------------------------------------------------------------------------------------------------- responses

void SipLeg::on_response(sip::ClientTransactionId transaction, const sip::Message& response,
                         const sip::Flow&) {
  trace_received(response);
  if (transaction == change_client_) return on_change_response(response);
  const int status = response.status();
  if (transaction != client_) {
    if (response.method() == sip::Method::Invite && status >= 200 && status < 300) return send_ack(response);
    // Of our other requests inside the dialog only one answer matters: the phone no longer knows the call.
    if (status == 481 && state_ == call::LegState::Up) {
      end({call::Cause::NormalClearing, 481, true});
      release();
    }
    return;
  }
  if (status == 503 && try_next_target()) return;  // RFC 3263 §4.3
  agent_.scheduler().timers.cancel(target_timer_);
  agent_.scheduler().timers.cancel(flow_timer_);
  if (status == 430 && state_ == call::LegState::Dialing) {  // an edge proxy lost the flow  RFC 5626 §5.3.1
    agent_.on_flow_silent(line(), flow_);
    if (try_next_flow()) return;
  }
  if (status < 200) return on_provisional(response);
  if (status < 300) return on_success(response);
  on_refusal(response);
}

// RFC 3261 §12.1.2, RFC 3262 §4: each phone behind the INVITE has a dialog of its own.
SipLeg::EarlyDialog* SipLeg::early_dialog(const sip::Message& response) {
  const auto tag = response.to().tag();
  if (tag.empty()) return nullptr;
  for (auto& early : early_) {
    if (early.dialog.id().remote_tag == tag) return &early;
  }
  if (early_.size() >= kEarlyDialogsMax) return nullptr;
  auto dialog = sip::Dialog::from_response(response, invite_cseq_);
  if (!dialog) return nullptr;
  early_.push_back({std::move(*dialog), {}, {}, false});
  return &early_.back();
}

void SipLeg::on_provisional(const sip::Message& response) {
  if (state_ == call::LegState::Ended || state_ == call::LegState::Up || response.status() == 100) return;
  EarlyDialog* early = early_dialog(response);
  const bool reliable = response.has_token(sip::HeaderId::Require, "100rel");
  if (reliable) {
    const auto rseq = response.number(sip::HeaderId::RSeq);
    if (early == nullptr || !rseq || !*rseq || !early->order.take(**rseq)) return;
    send_request(early->dialog, sip::Method::Prack,
                 fmt::format("RAck: {} {} INVITE\r\n", **rseq, invite_cseq_));
  }
  if (response.has_token(sip::HeaderId::Allow, "UPDATE")) remote_updates_ = true;
  if (response.status() == 180 && state_ == call::LegState::Dialing) {
    state_ = call::LegState::Ringing;
    agent_.calls().on_ringing(id());
  }
  const auto body = session_body(response).sdp;
  if (body.empty() || state_ == call::LegState::Ended) return;
  if (early != nullptr && early->answer.empty()) {
    early->answer = body;
    early->settled = reliable;
  }
  // The first that sends sound is the one that is heard.
  if (offers_.pending() != OfferAnswer::Pending::Ours || !offers_.take_answer(body)) return;
  heard_tag_ = response.to().tag();
  agent_.calls().on_progress(id(), remote());
}

// The answer of the phone that won: what it said reliably before, else what its 2xx says, else what it said before.
bool SipLeg::agree(const EarlyDialog* early, const sip::Message& response) {
  const bool heard = offers_.agreed() && heard_tag_ == response.to().tag();
  const auto take = [&](std::string_view body) {
    return offers_.pending() == OfferAnswer::Pending::Ours ? offers_.take_answer(body)
                                                           : offers_.take_answer_again(body);
  };
  if (early != nullptr && early->settled) return heard || take(early->answer);
  if (const auto body = session_body(response).sdp; !body.empty()) return take(body);
  return heard || (early != nullptr && !early->answer.empty() && take(early->answer));
}

void SipLeg::on_success(const sip::Message& response) {
  if (dialog_) {
    // A repeat wants its ACK again; another tag is a fork of a proxy on the way, and one answer is enough.
    if (response.to().tag() == dialog_->id().remote_tag) return send_ack(response);
    return end_fork(response);
  }
  EarlyDialog* early = early_dialog(response);
  if (early != nullptr) {
    early->dialog.confirm(response);
    dialog_ = early->dialog;
  } else if (auto dialog = sip::Dialog::from_response(response, invite_cseq_)) {
    dialog_ = std::move(*dialog);
  } else {
    end({call::Cause::Interworking, response.status(), false});
    return release();
  }
  outgoing_.reset();
  if (side_) side_->digest.succeeded();
  send_ack(response);
  if (state_ == call::LegState::Ended) return send_bye(call::Cause::NormalClearing);  // crossed our CANCEL
  const bool agreed = agree(early, response);
  early_ = {};
  if (!agreed) {
    end({call::Cause::IncompatibleDestination, response.status(), false});
    return send_bye(call::Cause::IncompatibleDestination);
  }
  state_ = call::LegState::Up;
  answered_ = agent_.scheduler().clock.wall();
  remote_updates_ = response.has_token(sip::HeaderId::Allow, "UPDATE");
  timer_.start(timer_.agreed(response));
  held_ = offers_.held();
  agent_.calls().on_answered(id(), remote());
}

void SipLeg::on_refusal(const sip::Message& response) {
  const int status = response.status();
  const bool wanted = state_ == call::LegState::Dialing || state_ == call::LegState::Ringing;
  if (status == 422 && wanted && raises_ < kRaisesMax && timer_.raise(response)) {
    ++raises_;
    early_ = {};
    heard_tag_ = {};
    return send_invite();
  }
  if (wanted && answer_challenge(response)) {
    early_ = {};
    heard_tag_ = {};
    return send_invite();
  }
  call::Ending ending{reason_cause(response).value_or(cause_for(status)), status, true};
  // Our account is wrong, not the number: another trunk may do.
  if (side_ && (status == 401 || status == 407)) ending.cause = call::Cause::NetworkOutOfOrder;
  if (status < 400) ending.redirect = redirect_of(response);
  end(ending);
  release();
}

// A phone may send the call on to a number of ours; anybody else's address would let it spend our trunks' money, and a
// proxy (305) or another service (380) is not for a phone to choose.                                       §8.1.3.4
std::string SipLeg::redirect_of(const sip::Message& response) const {
  if (response.status() == 305 || response.status() == 380) return {};
  const auto contacts = response.contacts();
  if (!contacts || contacts->star) return {};
  for (const auto& contact : contacts->list) {
    const auto& uri = contact.uri;
    const bool ours = uri.is_sip() && (IpAddress::parse(uri.host) == flow_.local.ip ||
                                       text::equal_ignoring_case(uri.host, agent_.options().realm));
    if ((ours || uri.is_tel()) && !uri.user.empty()) return uri.user_unescaped();
  }
  return {};
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
  remark(timeout ? Remark::NoAnswerFromNetwork : Remark::CannotBeReached);
  if (transaction != client_ && state_ != call::LegState::Up) return;
  if (transaction == client_ && try_next_target()) return;
  if (transaction ==
      change_client_) {  // §12.2.1.2: no answer ends the dialog, and the phone may be there after all
    end({call::Cause::RecoveryOnTimerExpiry, 408, false});
    return send_bye(call::Cause::RecoveryOnTimerExpiry);
  }
  if (transaction == client_ && state_ == call::LegState::Dialing) {
    agent_.on_flow_silent(line(), flow_);
    if (try_next_flow()) return;
  }
  end({timeout ? call::Cause::NoUserResponding : call::Cause::DestinationOutOfOrder, timeout ? 408 : 503,
       true});
  release();
}

/// Only a phone with another flow is worth giving up on early.
void SipLeg::expect_answer_by_flow() {
  if (!outgoing_ || outgoing_->others.empty()) return;
  flow_timer_ = agent_.scheduler().timers.set(kFlowSilenceMax, [this] {
    if (state_ != call::LegState::Dialing) return;
    agent_.transactions().cancel(client_);
    agent_.transactions().forget(client_);
    remark(Remark::TriesNextFlow);
    agent_.on_flow_silent(line(), flow_);
    try_next_flow();
  });
}

/// The phone keeps several flows open and this one is dead: the INVITE goes by the next.              RFC 5626 §5.3.1
bool SipLeg::try_next_flow() {
  if (!outgoing_ || outgoing_->others.empty()) return false;
  auto& invite = *outgoing_;
  auto next = std::move(invite.others.front());
  invite.others.erase(invite.others.begin());
  flow_ = next.flow;
  invite.flow = next.flow;
  invite.request_uri = std::move(next.request_uri);
  invite.route = std::move(next.route);
  early_ = {};
  start();
  return true;
}

// ---------------------------------------------------------------------------------------------------- hanging up

void SipLeg::hang_up(call::Cause cause, bool elsewhere) {
  const auto was = state_;
  if (was == call::LegState::Ended) return;
  end({cause, 0, false});
  if (was == call::LegState::Up) {
    // The ACK must come first, else the phone may still be waiting for its answer (RFC 3261 §15).
    if (invite_) {
      invite_->bye_after_ack = cause;
    } else {
      send_bye(cause);
    }
  } else if (was == call::LegState::Ring) {
    auto lines = reason_line(cause);
    if (status_for(cause) == 503)
      lines += fmt::format("Retry-After: {}\r\n", agent_.options().retry_after_seconds);
    if (status_for(cause) == 488) lines += warning(305);
    send_final(status_for(cause), lines);
    release();
  } else if (search_) {
    agent_.locator()->cancel(search_);
    release();
  } else if (client_) {
    agent_.scheduler().timers.cancel(target_timer_);
    trace_sent("CANCEL");
    agent_.transactions().cancel(client_, elsewhere ? elsewhere_line() : reason_line(cause));
  }
}

}  // namespace xivo::endpoint
