#include <fmt/format.h>

#include "base/ip_network.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"

namespace xivo::console {
namespace {

constexpr std::size_t kReasonWordsMax = 40;
constexpr unsigned kPrefixMinV4 = 96 + 8;  // nobody bans half the world by a slip of a digit
constexpr unsigned kPrefixMinV6 = 16;

/// "4 min", "2 h 05": how long something lasts still.
std::string left_of(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", (seconds + 59) / 60);
  if (seconds < 2 * 86'400) return fmt::format("{} h {:02}", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} days", seconds / 86'400);
}

std::string table(const BanListing& listing) {
  if (listing.bans.empty()) return "Nobody is banned.\n";
  const auto row = [](std::string_view network, std::string_view since, std::string_view until,
                      std::string_view by, std::string_view reason) {
    return fmt::format("{} {} {} {} {}\n", left(network, 24), left(since, 19), left(until, 14), left(by, 18),
                       printable(reason));
  };
  std::string text = row("Address", "Since", "Ends in", "By", "Reason");
  for (const auto& ban : listing.bans) {
    auto reason = ban.reason;
    if (!ban.detail.empty()) reason += ": " + ban.detail;
    text += row(ban.network, date_time(ban.since),
                ban.until ? left_of(seconds_between(listing.taken, *ban.until)) : "when released",
                ban.author.empty() ? "the system" : ban.author, reason);
  }
  return text + fmt::format("{}. 'bans release ADDRESS' ends one.\n", counted(listing.bans.size(), "ban"));
}

void show(const Invocation& invocation) {
  invocation.view.bans([answer = invocation.answer](const BanListing& listing) { answer({table(listing)}); });
}

std::optional<IpNetwork> network_of(const Invocation& invocation) {
  const auto network = IpNetwork::parse(invocation.arguments[0]);
  if (!network) {
    invocation.answer({fmt::format("'{}' is no address and no network (203.0.113.9, 203.0.113.0/24).\n",
                                   printable(invocation.arguments[0])),
                       true});
  }
  return network;
}

void add(const Invocation& invocation) {
  const auto network = network_of(invocation);
  if (!network) return;
  if (network->prefix < (network->address.is_v4() && network->prefix >= 96 ? kPrefixMinV4 : kPrefixMinV6)) {
    invocation.answer({"This network is too large: at least /8 with IPv4, /16 with IPv6.\n", true});
    return;
  }
  std::string reason;
  for (std::size_t i = 1; i < invocation.arguments.size(); ++i)
    reason += (i == 1 ? "" : " ") + invocation.arguments[i];
  invocation.view.add_ban(*network, reason, invocation.settings.who,
                          [answer = invocation.answer](const std::optional<Ban>& ban) {
                            if (!ban) return answer({"The list of bans is full.\n", true});
                            answer({fmt::format("{} is banned until it is released.\n", ban->network)});
                          });
}

void release(const Invocation& invocation) {
  const auto network = network_of(invocation);
  if (!network) return;
  invocation.view.release_bans(
      *network, invocation.settings.who,
      [asked = network->to_string(), answer = invocation.answer](const std::vector<Ban>& released) {
        if (released.empty()) return answer({fmt::format("{} is not banned.\n", asked), true});
        std::string text;
        for (const auto& ban : released) text += fmt::format("{} is listened to again.\n", ban.network);
        answer({text});
      });
}

}  // namespace

void add_ban_commands(CommandTree& tree) {
  tree.add({"bans",
            none("[add|release ...]"),
            {"List the addresses that are not listened to, and why",
             "Lister les adresses qui ne sont pas écoutées, et pourquoi"},
            show});
  tree.add({"bans add",
            between(1, kReasonWordsMax, "<address>|<network> [<reason>]"),
            {"Stop listening to an address", "Ne plus écouter une adresse"},
            add});
  tree.add({"bans release",
            one("<address>|<network>"),
            {"Listen to an address again", "Écouter de nouveau une adresse"},
            release});
}

}  // namespace xivo::console
