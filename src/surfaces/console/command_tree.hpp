#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "console/console_view.hpp"

namespace xivo::console {

/// A command's one-line help.
struct Summary {
  std::string_view english;
  std::string_view french;
};

/// What one console has set for itself.
struct Settings {
  int verbose = 0;  // 0 = off
  Language language = Language::English;
  std::string who = "somebody";  // for the log: "uid 1000, pid 4711"
};

/// What a command answers.
struct Output {
  std::string text;
  bool failed = false;  // `xivo console -x` then ends with code 1
};
using Answer = std::function<void(Output)>;

class Interpreter;

/// One execution of a command.
struct Invocation {
  Interpreter& interpreter;
  ConsoleView& view;
  Settings& settings;                  // valid during the handler's own call only
  std::vector<std::string> arguments;  // what follows the command's words
  Answer answer;                       // to be called once, now or later
};
using Handler = std::function<void(Invocation)>;

/// What an argument may be completed with.
enum class ArgumentKind : std::uint8_t { Free, Peer, Channel, ChannelOrAll, Call, Module, CommandWords };

/// How many arguments a command takes, what they are and how its usage line writes them.
struct Signature {
  std::string_view text;
  std::size_t least = 0;
  std::size_t most = 0;
  ArgumentKind kind = ArgumentKind::Free;
};
/// Shape   continued: what longer commands that begin with this one add, for the usage line
constexpr Signature none(std::string_view continued = {}) { return {continued, 0, 0, ArgumentKind::Free}; }
constexpr Signature one(std::string_view text, ArgumentKind kind = ArgumentKind::Free) {
  return {text, 1, 1, kind};
}
constexpr Signature optional(std::string_view text, ArgumentKind kind = ArgumentKind::Free) {
  return {text, 0, 1, kind};
}
constexpr Signature between(std::size_t least, std::size_t most, std::string_view text,
                            ArgumentKind kind = ArgumentKind::Free) {
  return {text, least, most, kind};
}

/// A command: fixed words, then arguments.
struct Command {
  std::string words;  // "core show channel"
  Signature arguments;
  Summary summary;
  Handler handler;
  std::string_view details = {};  // more lines of help
};

/// The words of one line: separated by blanks, "in quotes" one word, \ takes the next character as it is.
/// Shape   trailing_blank: the line ends in a blank, so that the next word has not begun
struct Words {
  std::vector<std::string> words;
  bool trailing_blank = false;
};

/// Errors  "line is too long", "too many words", "quote is not closed" (not with `unfinished`)
Result<Words> split_words(std::string_view line, bool unfinished = false);

/// All commands, and which one a line means. Every word may be abbreviated as long as one command remains; a word
/// typed in full is never taken for the beginning of a longer one.
class CommandTree {
 public:
  static constexpr std::size_t kLineMax = 4096;
  static constexpr std::size_t kWordsMax = 64;

  void add(Command command);

  struct Found {
    const Command* command;
    std::vector<std::string> arguments;
  };
  struct Unknown {};
  struct Ambiguous {
    std::vector<const Command*> candidates;
  };
  /// The words of a command were typed, but too few or too many arguments.
  struct WrongArguments {
    const Command* command;
  };
  using Resolution = std::variant<Unknown, Found, Ambiguous, WrongArguments>;
  [[nodiscard]] Resolution resolve(std::span<const std::string> words) const;

  struct Completion {
    std::vector<std::string> next_words;  // sorted, once each; fixed words only
    const Command* argument_of = nullptr;  // and this command's argument may stand here as well
  };
  /// What may stand in place of the last of `words`, which is a beginning and may be empty.
  [[nodiscard]] Completion complete(std::span<const std::string> words) const;

  /// Commands whose words begin with `words`, each of which may be abbreviated; sorted.
  [[nodiscard]] std::vector<const Command*> beginning_with(std::span<const std::string> words) const;
  [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }

 private:
  std::vector<Command> commands_;  // sorted by words
};

/// "Usage: core show channel <channel>", the summary and the details.
std::string usage(const Command& command, Language language);

}  // namespace xivo::console
