#include "app/web/trunk_copies.hpp"

#include "endpoint/trunk/trunk_group.hpp"

namespace xivo::app {
namespace {

using Direction = model::routing::Direction;

api::TrunkEventLine copy_of(const endpoint::TrunkEvent& event) {
  return {event.at,
          std::string(endpoint::name(event.kind)),
          {endpoint::describe(event, model::Language::French),
           endpoint::describe(event, model::Language::English)},
          endpoint::is_failure(event.kind)};
}

api::TrunkState::Registering registering_of(const endpoint::Registration& registration) {
  using From = endpoint::Registration::State;
  using To = api::TrunkState::Registering;
  switch (registration.state()) {
    case From::RequestSent: return To::RequestSent;
    case From::Registered: return To::Registered;
    case From::Rejected: return To::Rejected;
    case From::Off:
    case From::Unregistered: break;
  }
  return To::Unregistered;
}

api::TrunkState::Answering answering_of(const endpoint::OptionsPing& ping) {
  using From = endpoint::OptionsPing::State;
  using To = api::TrunkState::Answering;
  switch (ping.state()) {
    case From::Off: return To::Unwatched;
    case From::Unknown: return To::Unknown;
    case From::Reachable: return To::Reachable;
    case From::Unreachable: break;
  }
  return To::Unreachable;
}

api::TrunkState copy_of(const endpoint::TrunkClient& client) {
  api::TrunkState state;
  state.id = client.trunk().id.value;
  state.usable = client.is_usable();
  state.since = client.started();
  if (const auto* registration = client.registration()) {
    state.registering = registering_of(*registration);
    state.since = registration->since();
    state.registered_at = registration->registered_at();
    state.expires = registration->expires();
    state.next_try = registration->next_try();
    state.interval = registration->interval();
    if (registration->last_error()) state.last_error = copy_of(*registration->last_error());
  }
  if (const auto* ping = client.ping()) {
    state.answering = answering_of(*ping);
    state.latency = ping->latency();
    if (ping->at() != runtime::WallTime{}) state.answered_at = ping->at();
  }
  const auto& events = client.history().events();
  for (auto event = events.rbegin(); event != events.rend(); ++event)
    state.history.push_back(copy_of(*event));
  return state;
}

void add_counts(const endpoint::TrunkCounts& counts, api::TrunkState& state) {
  state.in_calls = counts.in_calls;
  state.in_answered = counts.in_answered;
  state.out_calls = counts.out_calls;
  state.out_answered = counts.out_answered;
  for (const auto& failure : counts.failures)
    state.failures.push_back({failure.at, failure.number, static_cast<int>(failure.cause), failure.status});
}

}  // namespace

void TrunkStates::visit(Shard& shard) {
  for (const auto& [id, counts] : shard.user_agent().trunk_ledger().all()) counts_[id].add(counts);
}

std::vector<api::TrunkState> TrunkStates::finish(Shard& keeper) {
  std::vector<api::TrunkState> all;
  auto& census = keeper.calls().census();
  if (keeper.user_agent().trunks() == nullptr) return all;
  keeper.user_agent().trunks()->for_each([&](const endpoint::TrunkClient& client) {
    auto& state = all.emplace_back(copy_of(client));
    const auto id = client.trunk().id;
    add_counts(counts_[id], state);
    state.channels_in = census.channels_of(id, Direction::In);
    state.channels_out = census.channels_of(id, Direction::Out);
  });
  return all;
}

}  // namespace xivo::app
