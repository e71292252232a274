#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/sip_tables.hpp"
#include "console/snapshot_command.hpp"

namespace xivo::console {
namespace {

constexpr std::string_view kPatternDetails =
    "       A pattern matches anywhere in the name; '.', '[a-z]', '*', '+', '?', '^' and '$' mean what they\n"
    "       mean in a regular expression, '\\' takes the next character as it is.\n";

Output show_peer(const EngineSnapshot& engine, const Arguments& arguments) {
  const auto* peer = find_peer(engine, arguments[0]);
  if (peer == nullptr) return {fmt::format("Peer {} not found.\n", printable(arguments[0])), true};
  return {sip_peer(engine, *peer)};
}

/// The failures of one account or one address, or all.
Output show_failures(const EngineSnapshot& engine, const Arguments& arguments) {
  if (arguments.empty()) return {sip_failures(engine)};
  EngineSnapshot chosen;
  for (const auto& failure : engine.failures) {
    if (failure.account == arguments[0] || failure.source.ip.to_string() == arguments[0]) {
      chosen.failures.push_back(failure);
    }
  }
  return {sip_failures(chosen)};
}

/// "192.0.2.7", "192.0.2.7:5060", "2001:db8::1" or "[2001:db8::1]:5060".
std::optional<SocketAddress> parse_host(std::string_view text) {
  if (const auto whole = SocketAddress::parse(text)) return whole;
  if (const auto ip = IpAddress::parse(text)) return SocketAddress{*ip, 0};
  return std::nullopt;
}

std::string host_words(const SocketAddress& host) {
  return host.port == 0 ? host.ip.to_string() : host.to_string();
}

void debug_peer(Invocation invocation) {
  auto& view = invocation.view;
  view.snapshot([&view, name = invocation.arguments[0],
                 answer = std::move(invocation.answer)](const EngineSnapshot& engine) {
    const auto* peer = find_peer(engine, name);
    if (peer == nullptr) {
      answer({fmt::format("No such peer '{}'\n", printable(name)), true});
    } else if (peer->contacts.empty()) {
      answer({fmt::format("Unable to get IP address of peer '{}'\n", printable(name)), true});
    } else {
      const auto& address = peer->contacts.front().address;
      view.set_sip_debug({SipDebug::Mode::Peer, address.ip, address.port, name});
      answer({fmt::format("SIP Debugging Enabled for IP: {}\n", address.to_string())});
    }
  });
}

Handler debug_all(std::string_view message, SipDebug::Mode mode) {
  return [message, mode](const Invocation& invocation) {
    invocation.view.set_sip_debug({mode, {}, 0, {}});
    invocation.answer({std::string(message)});
  };
}

Handler debug_address(std::string_view message) {
  return [message](const Invocation& invocation) {
    const auto host = parse_host(invocation.arguments[0]);
    if (!host) {
      invocation.answer(
          {fmt::format("'{}' is not an IP address.\n", printable(invocation.arguments[0])), true});
      return;
    }
    invocation.view.set_sip_debug({SipDebug::Mode::Address, host->ip, host->port, {}});
    invocation.answer({fmt::format("{}{}\n", message, host_words(*host))});
  };
}

void add_debug_commands(CommandTree& tree) {
  tree.add({"sip set debug on",
            none(),
            {"Show every SIP message on the consoles", "Afficher tous les messages SIP sur les consoles"},
            debug_all("SIP Debugging enabled\n", SipDebug::Mode::All)});
  tree.add({"sip set debug off",
            none(),
            {"Stop showing SIP messages", "Ne plus afficher les messages SIP"},
            debug_all("SIP Debugging Disabled\n", SipDebug::Mode::Off)});
  tree.add({"sip set debug ip",
            one("<address[:port]>"),
            {"Show the SIP messages of one address", "Afficher les messages SIP d'une adresse"},
            debug_address("SIP Debugging Enabled for IP: ")});
  tree.add({"sip set debug peer",
            one("<peer>", ArgumentKind::Peer),
            {"Show the SIP messages of one peer", "Afficher les messages SIP d'un poste"},
            debug_peer});
  tree.add({"pjsip set logger on",
            none(),
            {"Show every SIP message on the consoles", "Afficher tous les messages SIP sur les consoles"},
            debug_all("PJSIP Logging enabled\n", SipDebug::Mode::All)});
  tree.add({"pjsip set logger off",
            none(),
            {"Stop showing SIP messages", "Ne plus afficher les messages SIP"},
            debug_all("PJSIP Logging disabled\n", SipDebug::Mode::Off)});
  tree.add({"pjsip set logger host",
            one("<address[:port]>"),
            {"Show the SIP messages of one address", "Afficher les messages SIP d'une adresse"},
            debug_address("PJSIP Logging Enabled for host: ")});
}

}  // namespace

void add_sip_commands(CommandTree& tree) {
  tree.add({"sip show peers",
            none("[like <pattern>]"),
            {"List lines and where they are registered", "Lister les lignes et où elles sont enregistrées"},
            from_snapshot_like(sip_peers),
            kPatternDetails});
  tree.add({"sip show peers like",
            one("<pattern>"),
            {"List lines whose name matches", "Lister les lignes dont le nom correspond"},
            from_snapshot_like(sip_peers),
            kPatternDetails});
  tree.add({"sip show peer",
            one("<peer>", ArgumentKind::Peer),
            {"Show all there is to know of one line", "Montrer tout ce qu'on sait d'une ligne"},
            from_snapshot(show_peer)});
  tree.add({"sip show channels",
            none(),
            {"List SIP dialogs in progress", "Lister les dialogues SIP en cours"},
            from_snapshot_table(sip_channels)});
  tree.add(
      {"sip show registry",
       none(),
       {"List our registrations with other servers", "Lister nos enregistrements auprès d'autres serveurs"},
       from_snapshot_table(sip_registry)});
  tree.add({"sip show subscriptions",
            none(),
            {"List the lamps that phones watch", "Lister les voyants que les téléphones surveillent"},
            from_snapshot_table(sip_subscriptions)});
  const Summary failures = {"Show who failed to register or to call, and why",
                            "Montrer qui n'a pas pu s'enregistrer ou appeler, et pourquoi"};
  tree.add({"sip show failures", optional("[<account>|<address>]", ArgumentKind::Peer), failures,
            from_snapshot(show_failures)});
  tree.add({"registrations failures", optional("[<account>|<address>]", ArgumentKind::Peer), failures,
            from_snapshot(show_failures)});
  add_debug_commands(tree);
}

}  // namespace xivo::console
