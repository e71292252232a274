#include "app/web/live_copies.hpp"

#include "call/negotiation.hpp"

namespace xivo::app {
namespace {

api::RegistrationFailure::Reason reason_of(endpoint::FailureReason reason) {
  using From = endpoint::FailureReason;
  using To = api::RegistrationFailure::Reason;
  switch (reason) {
    case From::UnknownUser: return To::UnknownUser;
    case From::WrongSecret: return To::WrongSecret;
    case From::WrongRealm: return To::WrongRealm;
    case From::WrongTransport: return To::WrongTransport;
    case From::WrongPort: return To::WrongPort;
    case From::TooManyContacts: return To::TooManyContacts;
    case From::Disabled: return To::Disabled;
    case From::FixedHost: return To::FixedHost;
    case From::StaleNonce: return To::StaleNonce;
    case From::ReplayedNonce: return To::ReplayedNonce;
    case From::Malformed: return To::Malformed;
    case From::IntervalTooBrief: return To::IntervalTooBrief;
    case From::LockedOut: return To::LockedOut;
    default: return To::Other;
  }
}

std::string_view state_of(call::Call::State state) {
  switch (state) {
    case call::Call::State::Starting: return "starting";
    case call::Call::State::Ringing: return "ringing";
    case call::Call::State::Feature: return "feature";
    case call::Call::State::Up: return "up";
    case call::Call::State::Ending: break;
  }
  return "ending";
}

std::string_view state_of(const call::Leg& leg) {
  if (leg.held()) return "held";
  switch (leg.state()) {
    case call::LegState::Ring: return "calling";
    case call::LegState::Dialing: return "dialing";
    case call::LegState::Ringing: return "ringing";
    case call::LegState::Up: return "up";
    case call::LegState::Ended: break;
  }
  return "ending";
}

api::LiveLeg leg_of(const call::Leg& leg, const model::Config& config) {
  api::LiveLeg live;
  live.line_id = leg.line().value;
  const auto* line = config.line(leg.line());
  live.peer = line == nullptr ? leg.remote_address() : line->name;
  live.number = leg.party().number;
  live.name = leg.party().name;
  live.caller = leg.incoming();
  live.channel = leg.channel();
  live.state = state_of(leg);
  if (const auto* codec = call::first_audio(leg.negotiated())) live.codec = codec->name;
  if (const auto address = SocketAddress::parse(leg.remote_address())) live.address = *address;
  if (const auto* sample = leg.quality()) {
    live.quality = api::LiveQuality{sample->loss_permille, sample->jitter_ms, sample->round_trip_ms,
                                    sample->remote_loss_permille, sample->mos_hundredths};
  }
  return live;
}

}  // namespace

api::Registration copy_of(const endpoint::Binding& binding, const model::Config& config) {
  api::Registration registration;
  registration.line_id = binding.line.value;
  if (const auto* line = config.line(binding.line)) {
    registration.line = line->name;
    registration.exten = config.number_of(*line);
    registration.user_id = line->user.value;
    if (const auto* user = config.user(line->user)) registration.user = user->full_name();
  }
  registration.contact = binding.contact;
  registration.source = binding.flow.remote;
  registration.transport = sip::label(binding.flow.transport);
  registration.user_agent = binding.user_agent;
  registration.registered = binding.registered;
  registration.expires = binding.expires;
  registration.q = binding.q;
  return registration;
}

api::RegistrationFailure copy_of(endpoint::Failure failure) {
  api::RegistrationFailure copy;
  copy.first = failure.first;
  copy.last = failure.last;
  copy.account = std::move(failure.account);
  copy.source = failure.source;
  copy.transport = sip::label(failure.transport);
  copy.method = std::move(failure.method);
  copy.reason = reason_of(failure.reason);
  copy.detail = std::move(failure.detail);
  copy.user_agent = std::move(failure.user_agent);
  copy.count = failure.count;
  return copy;
}

api::LiveCall copy_of(const call::Call& call, const call::CallRegistry& calls) {
  api::LiveCall live;
  live.id = call.uuid();
  live.caller_number = call.record().caller.number;
  live.caller_name = call.record().caller.name;
  live.dialled = call.record().dialled;
  live.state = state_of(call.state());
  live.since = call.record().start;
  if (call.record().answer != runtime::WallTime{}) live.answered = call.record().answer;
  for (const auto id : call.legs()) {
    if (const auto* leg = calls.leg(id)) live.legs.push_back(leg_of(*leg, call.config()));
  }
  return live;
}

api::TollAccount copy_of(const call::TollMeter::Account& account) {
  api::TollAccount copy;
  copy.is_trunk = account.payer.kind == call::TollMeter::Payer::Kind::Trunk;
  copy.id = account.payer.id;
  copy.in_progress = account.in_progress;
  copy.hour = account.hour;
  copy.international_hour = account.international_hour;
  copy.premium_hour = account.premium_hour;
  if (const auto& block = account.block)
    copy.block =
        api::TollBlock{{false, block->reason, block->guard, block->limit, block->count}, block->since};
  return copy;
}

}  // namespace xivo::app
