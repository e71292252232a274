#include "app/engine_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "call/call_registry.hpp"
#include "call/negotiation.hpp"
#include "endpoint/trunk/trunk_group.hpp"
#include "model/config_index.hpp"

namespace xivo::app {
namespace {

console::ChannelState state_of(call::LegState state) {
  switch (state) {
    case call::LegState::Ring: return console::ChannelState::Ring;
    case call::LegState::Ringing: return console::ChannelState::Ringing;
    case call::LegState::Up: return console::ChannelState::Up;
    case call::LegState::Dialing:
    case call::LegState::Ended: break;
  }
  return console::ChannelState::Down;
}

console::Contact contact_of(const endpoint::Binding& binding) {
  console::Contact contact;
  contact.uri = binding.contact;
  contact.hash =
      fmt::format("{:010x}", std::hash<std::string>{}(binding.contact + binding.call_id) & 0xffffffffffu);
  contact.address = binding.flow.remote;
  contact.transport = sip::label(binding.flow.transport);
  contact.user_agent = binding.user_agent;
  contact.registered = binding.registered;
  contact.expires = binding.expires;
  return contact;
}

void add_use_of_lines(const call::CallRegistry& calls, std::unordered_map<std::int64_t, LineUse>& use) {
  calls.for_each([&](const call::Call& call) {
    for (const auto id : call.legs()) {
      const auto* leg = calls.leg(id);
      if (leg == nullptr || leg->state() == call::LegState::Ended || !leg->line()) continue;
      auto& line = use[leg->line().value];
      ++line.calls;
      line.up |= leg->state() == call::LegState::Up || leg->incoming();
      line.ringing |= leg->state() == call::LegState::Ringing;
      line.held |= leg->held();
    }
  });
}

console::DeviceState device_state(const LineUse& use, bool reachable) {
  if (use.held) return console::DeviceState::OnHold;
  if (use.ringing && use.up) return console::DeviceState::RingInUse;
  if (use.ringing) return console::DeviceState::Ringing;
  if (use.up) return console::DeviceState::InUse;
  return reachable ? console::DeviceState::NotInUse : console::DeviceState::Unavailable;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : "|") + word;
  return all;
}

std::string context_name(const model::SipLine& line, const model::Config& config) {
  const auto* context = config.context(line.context);
  return context == nullptr ? std::string() : context->name;
}

console::Peer peer_of(const model::SipLine& line, const model::Config& config,
                      const endpoint::Registrar& registrar, const LineUse& use) {
  console::Peer peer;
  const auto* user = config.user(line.user);
  peer.name = line.name;
  peer.description = user == nullptr ? std::string{} : user->full_name();
  peer.caller_name = user == nullptr || user->caller_id.empty() ? peer.description : user->caller_id;
  peer.caller_number = config.number_of(line);
  peer.context = context_name(line, config);
  peer.dynamic = line.host == "dynamic";
  peer.contacts_max = static_cast<std::uint32_t>(line.max_contacts);
  peer.calls = use.calls;
  peer.calls_max = user == nullptr ? 0 : static_cast<std::uint32_t>(user->simultaneous_calls);
  for (const auto* binding : registrar.contacts(line.id)) peer.contacts.push_back(contact_of(*binding));
  if (!peer.dynamic) {
    console::Contact fixed;
    fixed.uri = "sip:" + line.host;
    fixed.hash = fmt::format("{:010x}", std::hash<std::string>{}(line.host) & 0xffffffffffu);
    fixed.transport = line.transport == "any" ? "udp" : line.transport;
    if (const auto address = SocketAddress::parse(line.host)) fixed.address = *address;
    if (const auto ip = IpAddress::parse(line.host))
      fixed.address = {*ip, static_cast<std::uint16_t>(line.transport == "tls" ? 5061 : 5060)};
    peer.contacts.push_back(std::move(fixed));
  }
  peer.state = device_state(use, !peer.contacts.empty());
  peer.parameters = {{"allow", "(" + joined(line.codecs) + ")"},
                     {"callerid", fmt::format("\"{}\" <{}>", peer.caller_name, peer.caller_number)},
                     {"context", peer.context},
                     {"device_state_busy_at", fmt::format("{}", peer.calls_max)},
                     {"direct_media", "false"},
                     {"dtmf_mode", line.dtmf_mode},
                     {"force_rport", "true"},
                     {"rtp_symmetric", "true"},
                     {"transport", line.transport},
                     {"identify_by", peer.dynamic ? "username" : "ip"}};
  return peer;
}

/// In the words of `sip show registry`. A renewal that waits for its answer changes nothing.
std::string registry_state(const endpoint::Registration& registration) {
  using State = endpoint::Registration::State;
  if (registration.is_registered()) return "Registered";
  switch (registration.state()) {
    case State::RequestSent: return "Request Sent";
    case State::Registered: return "Registered";
    case State::Rejected: {
      const auto& error = registration.last_error();
      const bool unanswerable = error && error->kind == endpoint::TrunkEvent::Kind::Unanswerable;
      return unanswerable ? "No Authentication" : "Rejected";
    }
    case State::Off:
    case State::Unregistered: break;
  }
  return registration.last_error() ? "Failed" : "Unregistered";
}

std::string with_port(const std::string& host) {
  if (const auto fixed = model::parse_fixed_host(host))
    return SocketAddress{fixed->ip, fixed->port == 0 ? std::uint16_t{5060} : fixed->port}.to_string();
  return host.find(':') == std::string::npos ? host + ":5060" : host;
}

console::OutgoingRegistration registration_of(const endpoint::TrunkClient& client) {
  const auto& registration = *client.registration();
  console::OutgoingRegistration made;
  made.name = client.trunk().name;
  made.host = with_port(client.trunk().registrar_host());
  made.username = client.trunk().username;
  made.refresh_seconds = static_cast<std::uint32_t>(
      registration.interval() != 0 ? registration.interval() : client.trunk().register_expires);
  made.state = registry_state(registration);
  made.registered = registration.registered_at();
  made.expires = registration.expires();
  return made;
}

console::Peer peer_of(const endpoint::TrunkClient& client, const model::Config& config,
                      const call::Census& census) {
  using Direction = model::routing::Direction;
  const auto& trunk = client.trunk();
  console::Peer peer;
  peer.name = trunk.name;
  peer.username = trunk.username;
  peer.description = trunk.label;
  peer.caller_number = trunk.outgoing_caller_id;
  if (const auto* context = config.context(trunk.context)) peer.context = context->name;
  peer.dynamic = false;
  peer.restricted = !trunk.match_addresses.empty();
  const int in = census.channels_of(trunk.id, Direction::In);
  const int out = census.channels_of(trunk.id, Direction::Out);
  peer.calls = static_cast<std::uint32_t>(std::max(in + out, 0));
  peer.calls_max = static_cast<std::uint32_t>(trunk.max_channels_in == 0 || trunk.max_channels_out == 0
                                                  ? 0
                                                  : trunk.max_channels_in + trunk.max_channels_out);
  console::Contact contact;
  contact.uri = "sip:" + trunk.host;
  contact.hash = fmt::format("{:010x}", std::hash<std::string>{}(trunk.host) & 0xffffffffffu);
  contact.transport = trunk.transport == "any" ? "udp" : trunk.transport;
  if (const auto fixed = model::parse_fixed_host(trunk.host))
    contact.address = {fixed->ip, fixed->port == 0 ? std::uint16_t{5060} : fixed->port};
  if (const auto* ping = client.ping()) {
    peer.monitored = true;
    using State = endpoint::OptionsPing::State;
    contact.status = ping->state() == State::Reachable     ? console::ContactStatus::Available
                     : ping->state() == State::Unreachable ? console::ContactStatus::Unavailable
                                                           : console::ContactStatus::Unknown;
    contact.round_trip = ping->latency();
    if (ping->state() == State::Reachable) contact.address = ping->flow().remote;
  }
  peer.state = peer.calls > 0       ? console::DeviceState::InUse
               : client.is_usable() ? console::DeviceState::NotInUse
                                    : console::DeviceState::Unavailable;
  peer.contacts.push_back(std::move(contact));
  peer.parameters = {{"allow", "(" + joined(trunk.codecs) + ")"},
                     {"context", peer.context},
                     {"dtmf_mode", trunk.dtmf_mode},
                     {"identify_by", trunk.registers ? "line,ip" : "ip"},
                     {"outbound_proxy", trunk.outbound_proxy},
                     {"transport", trunk.transport}};
  return peer;
}

/// Under Asterisk's name, in figures that people read.
std::string quality_words(const media::QualitySample& sample) {
  return fmt::format("loss={:.1f}%;jitter={}ms;rtt={}ms;theirloss={:.1f}%;mos={:.2f}",
                     sample.loss_permille / 10.0, sample.jitter_ms, sample.round_trip_ms,
                     sample.remote_loss_permille / 10.0, sample.mos_hundredths / 100.0);
}

console::Channel channel_of(const call::Leg& leg, const call::Call& call, const call::CallRegistry& calls) {
  console::Channel channel;
  channel.name = leg.channel();
  channel.unique_id = fmt::format("{}.{}", call.uuid(), leg.id().index);
  channel.call = call.uuid();
  const auto* line = call.config().line(leg.line());
  if (line != nullptr) channel.peer = line->name;
  const auto* trunk = call.config().find(leg.trunk());
  if (trunk != nullptr) channel.peer = trunk->name;
  channel.context = line == nullptr ? "default" : context_name(*line, call.config());
  channel.extension = leg.incoming() ? call.record().dialled
                                     : (line == nullptr ? std::string{} : call.config().number_of(*line));
  channel.state = state_of(leg.state());
  if (leg.incoming()) {
    const auto* feature = call.feature();
    channel.application = feature != nullptr ? std::string(feature->feature().name) : "Dial";
    channel.application_text = feature != nullptr ? feature->argument() : "SIP/" + call.record().dialled;
  } else {
    channel.application = "AppDial";
    channel.application_text = "(Outgoing Line)";
  }
  channel.caller_number = leg.party().number;
  channel.caller_name = leg.party().name;
  const auto* other = calls.leg(leg.incoming() ? call.called() : call.caller());
  if (other != nullptr) {
    channel.connected_number = other->party().number;
    channel.connected_name = other->party().name;
  }
  if (call.state() == call::Call::State::Up && leg.state() == call::LegState::Up)
    channel.bridge = call.uuid();
  if (const auto* codec = call::first_audio(leg.negotiated())) channel.codec = call::config_name(*codec);
  channel.on_hold = leg.held();
  if (const auto* quality = leg.quality())
    channel.variables.emplace_back("RTPAUDIOQOS", quality_words(*quality));
  if (const auto remote = SocketAddress::parse(leg.remote_address())) channel.remote = *remote;
  channel.language = calls.language_of(leg.id());
  channel.created = leg.created();
  return channel;
}

std::string_view words(endpoint::FailureReason reason) {
  using Reason = endpoint::FailureReason;
  switch (reason) {
    case Reason::UnknownUser: return "unknown user";
    case Reason::WrongSecret: return "wrong secret";
    case Reason::WrongRealm: return "wrong realm";
    case Reason::WrongTransport: return "wrong transport";
    case Reason::WrongPort: return "wrong port";
    case Reason::TooManyContacts: return "too many contacts";
    case Reason::Disabled: return "line is disabled";
    case Reason::FixedHost: return "line has a fixed address";
    case Reason::StaleNonce: return "stale nonce";
    case Reason::ReplayedNonce: return "replayed nonce";
    case Reason::Malformed: return "malformed request";
    case Reason::IntervalTooBrief: return "interval too brief";
    case Reason::LockedOut: return "locked out";
    default: return "refused";
  }
}

}  // namespace

void SnapshotMaker::visit(Shard& shard) {
  const auto& calls = shard.calls();
  snapshot_.active_calls += calls.active_calls();
  snapshot_.processed_calls += calls.processed();
  add_use_of_lines(calls, use_);
  calls.for_each([&](const call::Call& call) {
    for (const auto id : call.legs()) {
      const auto* leg = calls.leg(id);
      if (leg == nullptr || leg->state() == call::LegState::Ended) continue;
      snapshot_.channels.push_back(channel_of(*leg, call, calls));
    }
  });
  merge_failures(failures_, shard.user_agent().failures().all());
  shard.user_agent().notifier().for_each([&](const endpoint::Notifier::Seen& seen) {
    console::Subscription copy;
    copy.address = seen.phone;
    copy.sip_call_id = seen.call_id;
    copy.exten = seen.number;
    copy.lit = seen.lit;
    copy.expires_seconds = static_cast<std::uint32_t>(std::max<std::int64_t>(seen.left.count(), 0));
    lamps_.emplace_back(seen.line, std::move(copy));
  });
}

console::EngineSnapshot SnapshotMaker::finish(Shard& registrations, const model::Config& config) {
  snapshot_.revision.number = config.revision();
  for (const auto& [id, line] : config.lines()) {
    const auto found = use_.find(id);
    snapshot_.peers.push_back(peer_of(*line, config, registrations.user_agent().registrar(),
                                      found == use_.end() ? LineUse{} : found->second));
  }
  if (auto* trunks = registrations.user_agent().trunks()) {
    trunks->for_each([&](const endpoint::TrunkClient& client) {
      snapshot_.peers.push_back(peer_of(client, config, registrations.calls().census()));
      if (client.registration() != nullptr) snapshot_.registrations.push_back(registration_of(client));
    });
  }
  for (auto& [watcher, subscription] : lamps_) {
    if (const auto* line = config.line(watcher)) {
      const auto* context = config.find(line->context);
      subscription.user = line->name;
      subscription.context = context == nullptr ? std::string{} : context->name;
    }
    snapshot_.subscriptions.push_back(std::move(subscription));
  }
  for (const auto& failure : failures_) {
    console::Failure copy;
    copy.account = failure.account;
    copy.source = failure.source;
    copy.transport = sip::label(failure.transport);
    copy.method = failure.method;
    copy.reason = words(failure.reason);
    copy.user_agent = failure.user_agent;
    copy.detail = failure.detail;
    copy.first = failure.first;
    copy.last = failure.last;
    copy.count = failure.count;
    snapshot_.failures.push_back(std::move(copy));
  }
  return std::move(snapshot_);
}

void merge_failures(std::vector<endpoint::Failure>& all, std::vector<endpoint::Failure> more) {
  if (all.empty()) return all.swap(more);
  for (auto& failure : more) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const auto& known) {
      return known.reason == failure.reason && known.source.ip == failure.source.ip &&
             known.account == failure.account;
    });
    if (same == all.end()) {
      all.push_back(std::move(failure));
      continue;
    }
    failure.first = std::min(failure.first, same->first);
    const auto count = failure.count + same->count;
    if (failure.last > same->last) std::swap(failure, *same);
    same->first = std::min(failure.first, same->first);
    same->count = count;
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.last > b.last; });
}

void add_live_calls(Shard& shard, std::vector<console::CallSummary>& all) {
  shard.calls().for_each([&](const call::Call& call) {
    if (call.state() == call::Call::State::Ending) return;
    console::CallSummary summary;
    summary.id = call.uuid();
    summary.started = call.record().start;
    if (call.record().answer != runtime::WallTime{}) summary.answered = call.record().answer;
    summary.from_name = call.record().caller.name;
    summary.from_number = call.record().caller.number;
    summary.dialled = call.record().dialled;
    if (summary.answered) summary.reached = call.record().called.name;
    summary.outcome = summary.answered ? "talking" : "ringing";
    all.push_back(std::move(summary));
  });
}

std::optional<console::TraceListing> live_trace(Shard& shard, const std::string& wanted) {
  const auto& calls = shard.calls();
  const call::Call* found = calls.find(wanted);
  if (found == nullptr) {
    calls.for_each([&](const call::Call& call) {
      for (const auto id : call.legs()) {
        const auto* leg = calls.leg(id);
        if (leg != nullptr && leg->channel() == wanted) found = &call;
      }
    });
  }
  if (found == nullptr) return std::nullopt;
  console::TraceListing listing;
  listing.call = found->uuid();
  listing.title =
      fmt::format("{} -> {}, in progress", found->record().caller.number, found->record().dialled);
  listing.entries = found->trace().entries();
  listing.dropped = found->trace().dropped();
  return listing;
}

}  // namespace xivo::app
