#include "console/interpreter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "console/columns.hpp"
#include "console/commands.hpp"

namespace xivo::console {
namespace {

std::string no_such_command(std::string_view line) {
  const auto shown = printable(text::trim(line));
  return fmt::format("No such command '{}' (type 'core show help {}' for other possible commands)\n", shown,
                     shown);
}

std::string ambiguous_command(std::string_view line, const std::vector<const Command*>& candidates) {
  auto text = fmt::format("Ambiguous command '{}': it may mean\n", printable(text::trim(line)));
  for (const auto* candidate : candidates)
    text += fmt::format("  {} {}\n", candidate->words, candidate->arguments.text);
  return text;
}

Output bounded(Output output) {
  if (output.text.size() <= Interpreter::kOutputMax) return output;
  output.text.resize(output.text.rfind('\n', Interpreter::kOutputMax) + 1);
  output.text += "... output cut here: it is longer than 3 MiB\n";
  return output;
}

bool begins_with(std::string_view word, std::string_view beginning) {
  return word.substr(0, beginning.size()) == beginning;
}

/// A word that holds blanks, or what quoting uses, is completed in quotes.
std::string quoted(std::string word) {
  if (word.find_first_of(" \t\"\\") == std::string::npos) return word;
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

void finish(std::vector<std::string> found, const Interpreter::Candidates& done) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > Interpreter::kCompletionsMax) found.resize(Interpreter::kCompletionsMax);
  done(std::move(found));
}

}  // namespace

Interpreter::Interpreter(ConsoleView& view) : view_(view) {
  add_sip_commands(tree_);
  add_pjsip_commands(tree_);
  add_core_commands(tree_);
  add_channel_commands(tree_);
  add_reload_commands(tree_);
  add_help_commands(tree_);
  add_trace_commands(tree_);
  add_ban_commands(tree_);
  add_toll_commands(tree_);
}

void Interpreter::execute(std::string_view line, Settings& settings, Answer done) {
  const auto words = split_words(line);
  if (!words) {
    done({fmt::format("Cannot read this command: {}.\n", words.error().what), true});
    return;
  }
  if (words->words.empty()) {
    done({});
    return;
  }
  const auto resolution = tree_.resolve(words->words);
  if (const auto* found = std::get_if<CommandTree::Found>(&resolution)) {
    found->command->handler({*this, view_, settings, found->arguments,
                             [done = std::move(done)](Output output) { done(bounded(std::move(output))); }});
  } else if (const auto* wrong = std::get_if<CommandTree::WrongArguments>(&resolution)) {
    done({usage(*wrong->command, settings.language), true});
  } else if (const auto* ambiguous = std::get_if<CommandTree::Ambiguous>(&resolution)) {
    done({ambiguous_command(line, ambiguous->candidates), true});
  } else {
    done({no_such_command(line), true});
  }
}

void Interpreter::complete(std::string_view line, Candidates done) {
  auto split = split_words(line, true);
  if (!split) {
    done({});
    return;
  }
  auto& words = split->words;
  if (split->trailing_blank || words.empty()) words.emplace_back();
  const auto completion = tree_.complete(words);
  std::vector<std::string> found = completion.next_words;
  if (completion.argument_of == nullptr) {
    finish(std::move(found), done);
    return;
  }
  complete_argument(*completion.argument_of, std::move(words), std::move(found), std::move(done));
}

void Interpreter::complete_argument(const Command& command, std::vector<std::string> words,
                                    std::vector<std::string> found, Candidates done) {
  const auto beginning = words.back();
  const auto offer = [&](std::string_view word) {
    if (begins_with(word, beginning)) found.push_back(quoted(printable(word)));
  };
  switch (command.arguments.kind) {
    case ArgumentKind::Free: break;
    case ArgumentKind::Module:
      for (const auto& module : known_modules()) offer(module);
      break;
    case ArgumentKind::CommandWords: {
      const auto own = text::split(command.words, ' ').size();
      const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(own), words.end());
      for (const auto& word : tree_.complete(rest).next_words) offer(word);
      break;
    }
    case ArgumentKind::Call:
      view_.last_calls(kCompletionsMax,
                       [beginning, found, done](const std::vector<CallSummary>& calls) mutable {
                         if (begins_with("last", beginning)) found.emplace_back("last");
                         for (const auto& call : calls) {
                           if (begins_with(call.id, beginning)) found.push_back(quoted(printable(call.id)));
                         }
                         finish(std::move(found), done);
                       });
      return;
    case ArgumentKind::Peer:
    case ArgumentKind::Channel:
    case ArgumentKind::ChannelOrAll:
      view_.snapshot(
          [kind = command.arguments.kind, beginning, found, done](const EngineSnapshot& engine) mutable {
            const auto add = [&](std::string_view name) {
              if (begins_with(name, beginning)) found.push_back(quoted(printable(name)));
            };
            if (kind == ArgumentKind::ChannelOrAll) add("all");
            if (kind == ArgumentKind::Peer) {
              for (const auto& peer : engine.peers) add(peer.name);
            } else {
              for (const auto& channel : engine.channels) add(channel.name);
            }
            finish(std::move(found), done);
          });
      return;
  }
  finish(std::move(found), done);
}

}  // namespace xivo::console
