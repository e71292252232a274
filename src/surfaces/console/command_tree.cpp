#include "console/command_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace xivo::console {
namespace {

bool begins_with(std::string_view word, std::string_view beginning) {
  return word.size() >= beginning.size() &&
         text::equal_ignoring_case(word.substr(0, beginning.size()), beginning);
}

struct Candidate {
  const Command* command;
  std::vector<std::string_view> words;
};

/// Where two candidates differ in whether they have word `position` in full, the abbreviated ones go.
void prefer_exact(std::vector<Candidate>& candidates, std::span<const std::string> typed) {
  for (std::size_t position = 0; position < typed.size(); ++position) {
    const auto has_exact = [&](const Candidate& candidate) {
      return position < candidate.words.size() &&
             text::equal_ignoring_case(candidate.words[position], typed[position]);
    };
    if (std::none_of(candidates.begin(), candidates.end(), has_exact)) continue;
    std::erase_if(candidates, [&](const Candidate& candidate) {
      return position < candidate.words.size() && !has_exact(candidate);
    });
  }
}

/// Commands all of whose words are typed (`whole`), or that could still become what is typed.
std::vector<Candidate> candidates_for(const std::vector<Command>& commands,
                                      std::span<const std::string> typed, bool whole) {
  std::vector<Candidate> found;
  for (const auto& command : commands) {
    Candidate candidate{&command, text::split(command.words, ' ')};
    if (whole ? candidate.words.size() > typed.size() : candidate.words.size() < typed.size()) continue;
    const auto compared = std::min(candidate.words.size(), typed.size());
    bool fits = true;
    for (std::size_t i = 0; fits && i < compared; ++i) fits = begins_with(candidate.words[i], typed[i]);
    if (fits) found.push_back(std::move(candidate));
  }
  return found;
}

bool takes(const Candidate& candidate, std::size_t typed) {
  const auto arguments = typed - candidate.words.size();
  return arguments >= candidate.command->arguments.least && arguments <= candidate.command->arguments.most;
}

/// Keeps the candidates with the most fixed words: "core show channels count" beats "core show channel" + argument.
void keep_longest(std::vector<Candidate>& candidates) {
  std::size_t longest = 0;
  for (const auto& candidate : candidates) longest = std::max(longest, candidate.words.size());
  std::erase_if(candidates, [&](const Candidate& candidate) { return candidate.words.size() < longest; });
}

}  // namespace

Result<Words> split_words(std::string_view line, bool unfinished) {
  if (line.size() > CommandTree::kLineMax)
    return fail("line is too long", static_cast<std::int64_t>(line.size()));
  Words result;
  bool in_word = false;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (text::is_space(c) && !quoted) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      if (result.words.size() == CommandTree::kWordsMax) return fail("too many words");
      result.words.emplace_back();
      in_word = true;
    }
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (c == '\\' && i + 1 < line.size()) c = line[++i];
    result.words.back().push_back(c);
  }
  if (quoted && !unfinished) return fail("quote is not closed");
  result.trailing_blank = !in_word;
  return result;
}

void CommandTree::add(Command command) {
  XIVO_ASSERT(command.arguments.least <= command.arguments.most && !command.words.empty());
  const auto at =
      std::lower_bound(commands_.begin(), commands_.end(), command.words,
                       [](const Command& a, const std::string& words) { return a.words < words; });
  XIVO_ASSERT(at == commands_.end() || at->words != command.words);
  commands_.insert(at, std::move(command));
}

CommandTree::Resolution CommandTree::resolve(std::span<const std::string> words) const {
  auto candidates = candidates_for(commands_, words, true);
  prefer_exact(candidates, words);
  if (candidates.empty()) return Unknown{};
  auto acceptable = candidates;
  std::erase_if(acceptable, [&](const Candidate& candidate) { return !takes(candidate, words.size()); });
  if (acceptable.empty()) {
    keep_longest(candidates);
    if (candidates.size() == 1) return WrongArguments{candidates.front().command};
    acceptable = std::move(candidates);
  }
  keep_longest(acceptable);
  if (acceptable.size() > 1) {
    Ambiguous ambiguous;
    for (const auto& candidate : acceptable) ambiguous.candidates.push_back(candidate.command);
    return ambiguous;
  }
  const auto& chosen = acceptable.front();
  const auto first_argument = static_cast<std::ptrdiff_t>(chosen.words.size());
  return Found{chosen.command, {words.begin() + first_argument, words.end()}};
}

CommandTree::Completion CommandTree::complete(std::span<const std::string> words) const {
  XIVO_ASSERT(!words.empty());
  const auto before = words.first(words.size() - 1);
  Completion completion;
  auto partial = candidates_for(commands_, words, false);
  prefer_exact(partial, before);
  for (const auto& candidate : partial) completion.next_words.emplace_back(candidate.words[words.size() - 1]);
  std::sort(completion.next_words.begin(), completion.next_words.end());
  completion.next_words.erase(std::unique(completion.next_words.begin(), completion.next_words.end()),
                              completion.next_words.end());
  auto complete_commands = candidates_for(commands_, before, true);
  prefer_exact(complete_commands, before);
  std::erase_if(complete_commands, [&](const Candidate& candidate) {
    return before.size() - candidate.words.size() >= candidate.command->arguments.most;
  });
  if (!complete_commands.empty()) {
    keep_longest(complete_commands);
    completion.argument_of = complete_commands.front().command;
  }
  return completion;
}

std::vector<const Command*> CommandTree::beginning_with(std::span<const std::string> words) const {
  auto candidates = candidates_for(commands_, words, false);
  prefer_exact(candidates, words);
  std::vector<const Command*> found;
  for (const auto& candidate : candidates) found.push_back(candidate.command);
  return found;
}

std::string usage(const Command& command, Language language) {
  auto text = fmt::format("Usage: {}{}{}\n       {}.\n", command.words,
                          command.arguments.text.empty() ? "" : " ", command.arguments.text,
                          language == Language::French ? command.summary.french : command.summary.english);
  if (!command.details.empty()) text += command.details;
  return text;
}

}  // namespace xivo::console
