#include <fmt/format.h>

#include "base/text.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"
#include "console/interpreter.hpp"

namespace xivo::console {
namespace {

std::string list(const std::vector<const Command*>& commands, Language language) {
  std::string text;
  for (const auto* command : commands) {
    text += fmt::format("{:>30}  {}\n", command->words,
                        language == Language::French ? command->summary.french : command->summary.english);
  }
  return text;
}

void help(const Invocation& invocation) {
  const auto& tree = invocation.interpreter.tree();
  const auto& words = invocation.arguments;
  const auto language = invocation.settings.language;
  const auto resolution = tree.resolve(words);
  const auto* found = std::get_if<CommandTree::Found>(&resolution);
  const auto* wrong = std::get_if<CommandTree::WrongArguments>(&resolution);
  const auto commands = tree.beginning_with(words);
  std::string text;
  if (found != nullptr && !words.empty()) text = usage(*found->command, language);
  if (wrong != nullptr && !words.empty()) text = usage(*wrong->command, language);
  if (text.empty() || commands.size() > 1) text += list(commands, language);
  if (text.empty()) {
    std::string asked;
    for (const auto& word : words) asked += (asked.empty() ? "" : " ") + printable(word);
    invocation.answer({fmt::format("No such command '{}'.\n", asked), true});
    return;
  }
  invocation.answer({text});
}

}  // namespace

void add_help_commands(CommandTree& tree) {
  for (const char* words : {"help", "?", "core show help"}) {
    tree.add({words,
              between(0, 8, "[<command>]", ArgumentKind::CommandWords),
              {"List commands, or explain one", "Lister les commandes, ou en expliquer une"},
              help});
  }
}

}  // namespace xivo::console
