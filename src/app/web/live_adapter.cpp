#include "app/web/live_adapter.hpp"

#include "app/engine_view.hpp"
#include "call/call_registry.hpp"
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

api::Registration registration_of(const endpoint::Binding& binding, const model::Config& config) {
  api::Registration registration;
  registration.line_id = binding.line.value;
  if (const auto* line = config.line(binding.line)) {
    registration.line = line->name;
    registration.exten = line->exten;
    registration.user_id = line->user.value;
    if (const auto* user = config.user(line->user)) registration.user = user->full_name();
  }
  registration.contact = binding.contact;
  registration.source = binding.flow.remote;
  registration.transport = sip::uri_parameter(binding.flow.transport);
  registration.user_agent = binding.user_agent;
  registration.registered = binding.registered;
  registration.expires = binding.expires;
  registration.q = binding.q;
  return registration;
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
  return live;
}

api::RegistrationFailure copy_of(endpoint::Failure failure) {
  api::RegistrationFailure copy;
  copy.first = failure.first;
  copy.last = failure.last;
  copy.account = std::move(failure.account);
  copy.source = failure.source;
  copy.transport = sip::uri_parameter(failure.transport);
  copy.method = std::move(failure.method);
  copy.reason = reason_of(failure.reason);
  copy.detail = std::move(failure.detail);
  copy.user_agent = std::move(failure.user_agent);
  copy.count = failure.count;
  return copy;
}

api::LiveCall call_of(const call::Call& call, const call::CallRegistry& calls) {
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

api::LiveBan::Reason reason_of(endpoint::BanReason reason) {
  using To = api::LiveBan::Reason;
  switch (reason) {
    case endpoint::BanReason::WrongSecrets: return To::WrongSecrets;
    case endpoint::BanReason::UnknownUsers: return To::UnknownUsers;
    case endpoint::BanReason::Scanning: return To::Scanning;
    case endpoint::BanReason::Malformed: return To::Malformed;
    case endpoint::BanReason::Manual: break;
  }
  return To::Manual;
}

api::LiveBan to_live(const endpoint::Ban& ban) {
  return {ban.id,   ban.network.to_string(), reason_of(ban.reason), ban.detail, ban.author, ban.since,
          ban.until};
}

}  // namespace

void LiveAdapter::registrations(std::function<void(std::vector<api::Registration>)> done) {
  shards_.post(0, [this, done = std::move(done)] {
    std::vector<api::Registration> all;
    const auto config = config_.current();
    shards_.shard(0).user_agent().registrar().for_each(
        [&](const endpoint::Binding& binding) { all.push_back(registration_of(binding, *config)); });
    done(std::move(all));
  });
}

void LiveAdapter::registration_failures(std::function<void(std::vector<api::RegistrationFailure>)> done) {
  auto all = std::make_shared<std::vector<endpoint::Failure>>();
  shards_.ask(
      [all](Shard& shard) {
        merge_failures(*all, shard.user_agent().failures().all());
        return true;
      },
      [all, done = std::move(done)] {
        std::vector<api::RegistrationFailure> copies;
        for (auto& failure : *all) copies.push_back(copy_of(std::move(failure)));
        done(std::move(copies));
      });
}

void LiveAdapter::calls(std::function<void(std::vector<api::LiveCall>)> done) {
  auto all = std::make_shared<std::vector<api::LiveCall>>();
  shards_.ask(
      [all](Shard& shard) {
        const auto& calls = shard.calls();
        calls.for_each([&](const call::Call& call) {
          if (call.state() != call::Call::State::Ending) all->push_back(call_of(call, calls));
        });
        return true;
      },
      [all, done = std::move(done)] { done(std::move(*all)); });
}

void LiveAdapter::hang_up(std::string call_id, std::function<void(bool found)> done) {
  auto found = std::make_shared<bool>(false);
  shards_.ask(
      [found, id = std::move(call_id)](Shard& shard) {
        *found = shard.calls().hang_up(id, call::Cause::NormalClearing);
        return !*found;
      },
      [found, done = std::move(done)] { done(*found); });
}

void LiveAdapter::bans(std::function<void(std::vector<api::LiveBan>)> done) {
  std::vector<api::LiveBan> all;
  const auto current = shards_.ban_board().current();
  for (const auto& ban : current->all()) all.push_back(to_live(ban));
  done(std::move(all));
}

void LiveAdapter::add_ban(api::BanWish wish, std::function<void(std::optional<api::LiveBan>)> done) {
  shards_.post(0, [this, wish = std::move(wish), done = std::move(done)] {
    const auto made =
        shards_.bans().add({wish.network, endpoint::BanReason::Manual, wish.detail, wish.author, wish.lasts});
    done(made ? std::optional(to_live(*made)) : std::nullopt);
  });
}

void LiveAdapter::release_ban(std::int64_t id, std::string author, std::function<void(bool found)> done) {
  shards_.post(0, [this, id, author = std::move(author), done = std::move(done)] {
    done(shards_.bans().release(id, author));
  });
}

}  // namespace xivo::app
