#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"

namespace xivo::console {
namespace {

std::string who(const TollAccount& account) {
  return fmt::format("{} {}", account.is_trunk ? "trunk" : "user", account.id);
}

std::string table(const std::vector<TollAccount>& all) {
  if (all.empty()) return "Nobody has called to the outside within the hour.\n";
  const auto row = [](std::string_view payer, std::string_view name, std::string_view now,
                      std::string_view hour, std::string_view abroad, std::string_view premium,
                      std::string_view blocked) {
    return fmt::format("{} {} {} {} {} {} {}\n", left(payer, 14), left(name, 24), left(now, 4), left(hour, 5),
                       left(abroad, 14), left(premium, 8), printable(blocked));
  };
  std::string text = row("Who", "Name", "Now", "Hour", "International", "Premium", "Blocked");
  std::size_t blocked = 0;
  for (const auto& each : all) {
    std::string why;
    if (!each.blocked.empty()) {
      why = fmt::format("since {}: {}", date_time(each.since), each.blocked);
      ++blocked;
    }
    text += row(who(each), printable(each.label), fmt::to_string(each.in_progress), fmt::to_string(each.hour),
                fmt::to_string(each.international_hour), fmt::to_string(each.premium_hour), why);
  }
  return text + fmt::format("{} blocked. 'toll release user|trunk NUMBER' ends a block.\n", blocked);
}

void show(const Invocation& invocation) { invocation.answer({table(invocation.view.toll_accounts())}); }

void release(const Invocation& invocation) {
  const auto& kind = invocation.arguments[0];
  const auto id = text::parse_decimal<std::int64_t>(invocation.arguments[1]);
  if ((kind != "user" && kind != "trunk") || !id || *id < 1) {
    invocation.answer({"Say whom: 'toll release user 3' or 'toll release trunk 1'.\n", true});
    return;
  }
  if (!invocation.view.release_toll(kind == "trunk", *id, invocation.settings.who)) {
    invocation.answer({fmt::format("{} {} is not blocked.\n", kind, *id), true});
    return;
  }
  invocation.answer({fmt::format("{} {} may call to the outside again.\n", kind, *id)});
}

}  // namespace

void add_toll_commands(CommandTree& tree) {
  tree.add({"toll",
            none("[release ...]"),
            {"List who calls how much to the outside, and whom the toll-fraud guards block",
             "Lister qui appelle combien vers l'extérieur, et qui est bloqué par les gardes anti-fraude"},
            show});
  tree.add({"toll release",
            between(2, 2, "user|trunk <number>"),
            {"Let somebody who is blocked call again", "Débloquer un utilisateur ou un trunk"},
            release});
}

}  // namespace xivo::console
