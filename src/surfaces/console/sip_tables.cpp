#include "console/sip_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "console/columns.hpp"

namespace xivo::console {
namespace {

enum class Monitoring { MonitoredOnline, MonitoredOffline, UnmonitoredOnline, UnmonitoredOffline };

struct PeerStatus {
  std::string text;
  Monitoring monitoring;
};

std::int64_t milliseconds(std::chrono::microseconds time) {
  return std::chrono::round<std::chrono::milliseconds>(time).count();
}

PeerStatus status_of(const Peer& peer) {
  const bool registered = !peer.contacts.empty();
  if (!peer.monitored) {
    return {"Unmonitored", registered ? Monitoring::UnmonitoredOnline : Monitoring::UnmonitoredOffline};
  }
  if (!registered) return {"UNKNOWN", Monitoring::MonitoredOffline};
  const auto& contact = peer.contacts.front();
  if (contact.status == ContactStatus::Unavailable) return {"UNREACHABLE", Monitoring::MonitoredOffline};
  if (contact.status != ContactStatus::Available || !contact.round_trip) {
    return {"UNKNOWN", Monitoring::MonitoredOffline};
  }
  const bool lagged = *contact.round_trip > peer.lagged_after;
  return {fmt::format("{} ({} ms)", lagged ? "LAGGED" : "OK", milliseconds(*contact.round_trip)),
          Monitoring::MonitoredOnline};
}

std::string_view nat_words(NatTreatment treatment) {
  switch (treatment) {
    case NatTreatment::No: return "No";
    case NatTreatment::Yes: return "Yes";
    case NatTreatment::AutoNo: return "Auto (No)";
    case NatTreatment::AutoYes: return "Auto (Yes)";
  }
  return "No";
}

std::string peer_row(const Peer& peer, std::string_view status) {
  const auto* contact = peer.contacts.empty() ? nullptr : &peer.contacts.front();
  const auto name = peer.username.empty() ? peer.name : peer.name + "/" + peer.username;
  return fmt::format("{} {} {} {} {} {} {} {} {} \n", left(name, 25),
                     left(contact == nullptr ? "(Unspecified)" : contact->address.ip.to_string(), 39),
                     peer.dynamic ? " D " : "   ", left(nat_words(peer.force_rport), 10),
                     left(nat_words(peer.symmetric_rtp), 10), peer.restricted ? " A " : "   ",
                     pad(std::to_string(contact == nullptr ? 0 : contact->address.port), 8), pad(status, 11),
                     left(peer.description, 32));
}

std::vector<const Peer*> sorted(const std::vector<Peer>& peers) {
  std::vector<const Peer*> order;
  order.reserve(peers.size());
  for (const auto& peer : peers) order.push_back(&peer);
  std::sort(order.begin(), order.end(), [](const Peer* a, const Peer* b) { return a->name < b->name; });
  return order;
}

void add_line(std::string& text, std::string_view label, std::string_view value) {
  text += fmt::format("  {}: {}\n", left(label, 13), printable(value));
}

void add_contact(std::string& text, const Contact& contact, WallTime now) {
  add_line(text, "Reg. Contact", contact.uri);
  add_line(text, "  Addr->IP", contact.address.to_string());
  add_line(text, "  Transport", contact.transport);
  add_line(text, "  Useragent", contact.user_agent);
  add_line(text, "  Registered", date_time(contact.registered));
  if (contact.expires) {
    add_line(text, "  Expire", fmt::format("{} s", seconds_between(now, *contact.expires)));
  }
}

std::string quoted_number(std::string_view name, std::string_view number) {
  return fmt::format("\"{}\" <{}>", name, number);
}

}  // namespace

const Peer* find_peer(const EngineSnapshot& engine, std::string_view name) {
  const auto found = std::find_if(engine.peers.begin(), engine.peers.end(),
                                  [&](const Peer& peer) { return peer.name == name; });
  return found == engine.peers.end() ? nullptr : &*found;
}

std::string sip_peers(const EngineSnapshot& engine, const Pattern* like) {
  std::string text = fmt::format("{} {} {} {} {} {} {} {} {} \n", left("Name/username", 25), left("Host", 39),
                                 left("Dyn", 3), left("Forcerport", 10), left("Comedia", 10), left("ACL", 3),
                                 left("Port", 8), left("Status", 11), left("Description", 32));
  std::size_t shown = 0;
  std::size_t counts[4] = {};
  for (const auto* peer : sorted(engine.peers)) {
    if (like != nullptr && !like->matches(peer->name)) continue;
    const auto status = status_of(*peer);
    text += peer_row(*peer, status.text);
    ++counts[static_cast<std::size_t>(status.monitoring)];
    ++shown;
  }
  text += fmt::format("{} sip peers [Monitored: {} online, {} offline Unmonitored: {} online, {} offline]\n",
                      shown, counts[0], counts[1], counts[2], counts[3]);
  return text;
}

std::string sip_peer(const EngineSnapshot& engine, const Peer& peer) {
  std::string text = fmt::format("\n  * {}: {}\n", left("Name", 11), printable(peer.name));
  add_line(text, "Description", peer.description);
  add_line(text, "Secret", "<hidden>");
  add_line(text, "Context", peer.context);
  add_line(text, "Callerid", quoted_number(peer.caller_name, peer.caller_number));
  add_line(text, "Call limit", std::to_string(peer.calls_max));
  add_line(text, "Calls", std::to_string(peer.calls));
  add_line(text, "Dynamic", peer.dynamic ? "Yes" : "No");
  add_line(text, "ACL", peer.restricted ? "Yes" : "No");
  add_line(text, "Force rport", nat_words(peer.force_rport));
  add_line(text, "Symmetric RTP", nat_words(peer.symmetric_rtp));
  add_line(text, "Def. Username", peer.username.empty() ? peer.name : peer.username);
  add_line(text, "Max contacts", std::to_string(peer.contacts_max));
  add_line(text, "Status", status_of(peer).text);
  for (const auto& contact : peer.contacts) add_contact(text, contact, engine.taken);
  if (peer.contacts.empty()) {
    add_line(text, "Addr->IP", "(Unspecified)");
    const auto failed = std::find_if(engine.failures.begin(), engine.failures.end(),
                                     [&](const Failure& failure) { return failure.account == peer.name; });
    if (failed != engine.failures.end()) {
      add_line(text, "Last failure",
               fmt::format("{} from {}: {} (see sip show failures {})", failed->method,
                           failed->source.to_string(), failed->reason, peer.name));
    }
  }
  return text + "\n";
}

std::string sip_channels(const EngineSnapshot& engine) {
  const auto row = [](std::string_view peer, std::string_view user, std::string_view call,
                      std::string_view format, std::string_view hold, std::string_view message) {
    return fmt::format("{}  {}  {}  {}  {}  {}", left(peer, 15), left(user, 15), left(call, 15),
                       left(format, 15), left(hold, 7), left(message, 15));
  };
  std::string text =
      fmt::format("{} {} {}\n", row("Peer", "User/ANR", "Call ID", "Format", "Hold", "Last Message"),
                  left("Expiry", 10), left("Peer", 10));
  for (const auto& channel : engine.channels) {
    const auto format = channel.codec.empty() ? "(nothing)" : "(" + channel.codec + ")";
    text += fmt::format("{} {} {}\n",
                        row(channel.remote.ip.to_string(), channel.caller_number, channel.sip_call_id, format,
                            channel.on_hold ? "Yes" : "No", channel.last_message),
                        left("", 10), left(channel.peer.empty() ? "<guest>" : channel.peer, 10));
  }
  const auto count = engine.channels.size();
  return text + fmt::format("{} active SIP dialog{}\n", count, count == 1 ? "" : "s");
}

std::string sip_registry(const EngineSnapshot& engine) {
  std::string text =
      fmt::format("{} {} {}  {} {} {}\n", left("Host", 39), left("dnsmgr", 6), left("Username", 12),
                  right("Refresh", 8), left("State", 20), left("Reg.Time", 25));
  for (const auto& registration : engine.registrations) {
    text += fmt::format("{} {} {}  {} {} {}\n", left(registration.host, 39), left("N", 6),
                        left(registration.username, 12),
                        right(std::to_string(registration.refresh_seconds), 8), left(registration.state, 20),
                        left(registration.registered ? date_time_long(*registration.registered) : "", 25));
  }
  return text + fmt::format("{} SIP registrations.\n", engine.registrations.size());
}

std::string sip_subscriptions(const EngineSnapshot& engine) {
  const auto row = [](std::string_view peer, std::string_view user, std::string_view call,
                      std::string_view exten, std::string_view state, std::string_view type,
                      std::string_view expiry) {
    return fmt::format("{}  {}  {}  {}  {}  {} {} {}\n", left(peer, 15), left(user, 15), left(call, 15),
                       left(exten, 15), left(state, 13), left(type, 15),
                       left(type == "Type" ? "Mailbox" : "<none>", 10), expiry);
  };
  auto text = row("Peer", "User", "Call ID", "Extension", "Last state", "Type", left("Expiry", 10));
  for (const auto& each : engine.subscriptions) {
    const auto exten = each.context.empty() ? each.exten : each.exten + "@" + each.context;
    text += row(each.address.to_string(), each.user, each.sip_call_id, exten, each.lit ? "InUse" : "Idle",
                "dialog-info+xml", fmt::format("{:06}", each.expires_seconds));
  }
  const auto count = engine.subscriptions.size();
  return text + fmt::format("{} active SIP subscription{}\n", count, count == 1 ? "" : "s");
}

std::string sip_failures(const EngineSnapshot& engine) {
  if (engine.failures.empty()) return "No failed attempts.\n";
  const auto row = [](std::string_view last, std::string_view account, std::string_view source,
                      std::string_view method, std::string_view times, std::string_view reason) {
    return fmt::format("{} {} {} {} {} {}\n", left(last, 19), left(account, 20), left(source, 28),
                       left(method, 8), right(times, 5), printable(reason));
  };
  std::string text = row("Last attempt", "Account", "From", "Request", "Times", "Reason");
  std::uint64_t attempts = 0;
  for (const auto& failure : engine.failures) {
    attempts += failure.count;
    text +=
        row(date_time(failure.last), failure.account, failure.transport + ":" + failure.source.to_string(),
            failure.method, std::to_string(failure.count), failure.reason);
    if (!failure.detail.empty()) text += fmt::format("{:20}{}\n", "", printable(failure.detail));
    if (!failure.user_agent.empty())
      text += fmt::format("{:20}sent by {}\n", "", printable(failure.user_agent));
  }
  return text + fmt::format("{} for {}.\n", counted(attempts, "failed attempt"),
                            counted(engine.failures.size(), "reason"));
}

}  // namespace xivo::console
