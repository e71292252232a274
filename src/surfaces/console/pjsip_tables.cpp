#include "console/pjsip_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "console/channel_tables.hpp"
#include "console/columns.hpp"
#include "console/sip_tables.hpp"

namespace xivo::console {
namespace {

constexpr std::size_t kTabStop = 62;  // where the second column of most rows begins
constexpr std::size_t kLineWidth = 90;

std::size_t label_width(int depth) { return 9 + 2 * static_cast<std::size_t>(depth); }

std::string label(int depth, std::string_view text) { return right(text, label_width(depth)); }

/// "<Name....>": dots fill until the closing bracket stands in column `end`, counted from 0.
std::string title_row(int depth, std::string_view name, std::string_view first, std::size_t end,
                      std::string_view rest) {
  const auto begin = label_width(depth) + 3;
  auto field = "<" + std::string(first);
  field.append(end - begin - field.size(), '.');
  return fmt::format("{}:  {}>{}\n", label(depth, name), field, rest);
}

std::string rule() { return std::string(kLineWidth, '=') + "\n"; }

std::string contact_title(int depth) {
  return title_row(depth, "Contact", "Aor/ContactUri", 57, " <Hash....> <Status> <RTT(ms)..>");
}

std::string channel_titles(int depth) {
  return title_row(depth, "Channel", "ChannelId", kTabStop, "  <State.....>  <Time.....>") +
         fmt::format("{}: <DialedExten{}>  CLCID: <ConnectedLineCID.......>\n", label(depth + 1, "Exten"),
                     std::string(kTabStop - label_width(depth + 1) - 38, '.'));
}

std::string_view state_words(DeviceState state) {
  switch (state) {
    case DeviceState::Unknown: return "Unknown";
    case DeviceState::NotInUse: return "Not in use";
    case DeviceState::InUse: return "In use";
    case DeviceState::Busy: return "Busy";
    case DeviceState::Invalid: return "Invalid";
    case DeviceState::Unavailable: return "Unavailable";
    case DeviceState::Ringing: return "Ringing";
    case DeviceState::RingInUse: return "Ring+Inuse";
    case DeviceState::OnHold: return "On Hold";
  }
  return "Unknown";
}

std::string_view status_words(ContactStatus status) {
  switch (status) {
    case ContactStatus::Available: return "Avail";
    case ContactStatus::Unavailable: return "Unavail";
    case ContactStatus::NotQualified: return "NonQual";
    case ContactStatus::Unknown: return "Unknown";
  }
  return "Unknown";
}

std::string contact_row(int depth, const Peer& peer, const Contact& contact) {
  const auto name = printable(peer.name) + "/" + contact.uri;
  const bool timed = contact.status == ContactStatus::Available && contact.round_trip.has_value();
  const auto time =
      timed ? fmt::format("{:.3f}", static_cast<double>(contact.round_trip->count()) / 1000.0) : "nan";
  return fmt::format("{}:  {} {} {} {}\n", label(depth, "Contact"), left(name, 55 - label_width(depth)),
                     left(contact.hash, 10), left(status_words(contact.status), 7), right(time, 11));
}

std::string aor_row(int depth, const Peer& peer) {
  return fmt::format("{}:  {} {}\n", label(depth, "Aor"), left(peer.name, kTabStop - label_width(depth) - 12),
                     right(std::to_string(peer.contacts_max), 12));
}

std::string channel_rows(int depth, const Channel& channel, WallTime now) {
  const auto name = channel.application.empty() ? channel.name : channel.name + "/" + channel.application;
  return fmt::format("{}: {} {}  {}\n", label(depth, "Channel"), left(name, kTabStop - label_width(depth)),
                     left(channel_state_words(channel.state), 12),
                     left(hours_minutes_seconds(seconds_between(channel.created, now)), 11)) +
         fmt::format("{}: {}  CLCID: \"{}\" <{}>\n", label(depth + 1, "Exten"),
                     left(channel.extension, kTabStop - label_width(depth + 1) - 25),
                     printable(channel.connected_name), printable(channel.connected_number));
}

std::string endpoint_titles() {
  return title_row(0, "Endpoint", "Endpoint/CID", kTabStop, "  <State.....>  <Channels.>") +
         title_row(1, "I/OAuth", "AuthId/UserName", kLineWidth - 1, "") +
         title_row(1, "Aor", "Aor", kTabStop, "  <MaxContact>") + contact_title(2) +
         title_row(1, "Transport", "TransportId", 34,
                   "  <Type>  <cos>  <tos>  <BindAddress..................>") +
         title_row(1, "Identify", "Identify/Endpoint", kLineWidth - 1, "") +
         title_row(2, "Match", "criteria", 50, "") + channel_titles(1);
}

std::string endpoint_rows(const EngineSnapshot& engine, const Peer& peer) {
  const auto name = peer.caller_number.empty() ? peer.name : peer.name + "/" + peer.caller_number;
  const auto limit = peer.calls_max == 0 ? "inf" : std::to_string(peer.calls_max);
  auto text = fmt::format("{}:  {}  {}  {} of {}\n", label(0, "Endpoint"), left(name, kTabStop - 11),
                          left(state_words(peer.state), 12), peer.calls, limit);
  const auto& user = peer.username.empty() ? peer.name : peer.username;
  text += fmt::format("{}:  {}/{}\n", label(1, "InAuth"), printable(peer.name), printable(user));
  text += aor_row(1, peer);
  for (const auto& contact : peer.contacts) text += contact_row(2, peer, contact);
  for (const auto& channel : engine.channels) {
    if (channel.peer == peer.name) text += channel_rows(1, channel, engine.taken);
  }
  return text + "\n";
}

std::string parameter_rows(const Peer& peer) {
  auto parameters = peer.parameters;
  std::sort(parameters.begin(), parameters.end());
  std::size_t name_width = display_width("ParameterName");
  std::size_t value_width = display_width("ParameterValue");
  for (const auto& [name, value] : parameters) {
    name_width = std::max(name_width, display_width(printable(name)));
    value_width = std::max(value_width, display_width(printable(value)));
  }
  const auto row = [&](std::string_view name, std::string_view value) {
    return fmt::format(" {} : {}\n", pad(name, name_width), printable(value));
  };
  auto text =
      row("ParameterName", "ParameterValue") + " " + std::string(name_width + 3 + value_width, '=') + "\n";
  for (const auto& [name, value] : parameters) text += row(name, value);
  return text;
}

std::string listing(std::string_view titles, std::string_view rows, std::size_t count) {
  if (count == 0) return "No objects found.\n\n";
  return fmt::format("\n{}{}\n{}\nObjects found: {}\n\n", titles, rule(), rows, count);
}

template <class Object>
std::vector<const Object*> chosen(const std::vector<Object>& all, const Pattern* like) {
  std::vector<const Object*> order;
  for (const auto& object : all) {
    if (like == nullptr || like->matches(object.name)) order.push_back(&object);
  }
  std::sort(order.begin(), order.end(), [](const Object* a, const Object* b) { return a->name < b->name; });
  return order;
}

}  // namespace

std::string pjsip_endpoints(const EngineSnapshot& engine, const Pattern* like) {
  std::string rows;
  const auto peers = chosen(engine.peers, like);
  for (const auto* peer : peers) rows += endpoint_rows(engine, *peer);
  return listing(endpoint_titles(), rows, peers.size());
}

std::string pjsip_endpoint(const EngineSnapshot& engine, std::string_view name) {
  const auto* peer = find_peer(engine, name);
  if (peer == nullptr) return fmt::format("Unable to find object {}.\n\n", printable(name));
  return fmt::format("\n{}{}\n{}\n{}\n", endpoint_titles(), rule(), endpoint_rows(engine, *peer),
                     parameter_rows(*peer));
}

std::string pjsip_aors(const EngineSnapshot& engine, const Pattern* like) {
  std::string rows;
  const auto peers = chosen(engine.peers, like);
  for (const auto* peer : peers) {
    rows += aor_row(0, *peer);
    for (const auto& contact : peer->contacts) rows += contact_row(1, *peer, contact);
    rows += "\n";
  }
  return listing(title_row(0, "Aor", "Aor", kTabStop, "  <MaxContact>") + contact_title(1), rows,
                 peers.size());
}

std::string pjsip_contacts(const EngineSnapshot& engine, const Pattern* like) {
  std::string rows;
  std::size_t count = 0;
  for (const auto* peer : chosen(engine.peers, like)) {
    for (const auto& contact : peer->contacts) {
      rows += contact_row(0, *peer, contact);
      ++count;
    }
  }
  return listing(contact_title(0), rows, count);
}

std::string pjsip_registrations(const EngineSnapshot& engine, const Pattern* like) {
  constexpr std::size_t kName = 53;
  constexpr std::size_t kAuth = 26;
  constexpr std::size_t kStatus = 16;
  const auto dotted = [](std::string text, std::size_t width) {
    text.append(width - 1 - text.size(), '.');
    return text + ">";
  };
  std::string rows;
  const auto registrations = chosen(engine.registrations, like);
  for (const auto* registration : registrations) {
    std::string_view status = registration->state;
    if (status != "Registered" && status != "Rejected") status = "Unregistered";
    std::string expiry;
    if (registration->expires) {
      const bool over = *registration->expires < engine.taken;
      const auto seconds = over ? seconds_between(*registration->expires, engine.taken)
                                : seconds_between(engine.taken, *registration->expires);
      expiry = fmt::format("(exp. {}s{})", seconds, over ? " ago" : "");
    }
    rows += fmt::format(" {}  {}  {} {}\n", left(registration->name + "/sip:" + registration->host, kName),
                        left(registration->username, kAuth), left(status, kStatus), expiry);
  }
  const auto titles = fmt::format(" {}  {}  {}\n", dotted("<Registration/ServerURI", kName),
                                  dotted("<Auth", kAuth), dotted("<Status", kStatus));
  return listing(titles, rows, registrations.size());
}

std::string pjsip_channels(const EngineSnapshot& engine, const Pattern* like) {
  std::string rows;
  const auto channels = chosen(engine.channels, like);
  for (const auto* channel : channels) rows += channel_rows(0, *channel, engine.taken) + "\n";
  return listing(channel_titles(0), rows, channels.size());
}

}  // namespace xivo::console
