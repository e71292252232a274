#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "console/command_tree.hpp"
#include "console/console_view.hpp"

namespace xivo::console {

/// Runs command lines: the words of Asterisk's console, answered from a ConsoleView. Knows nothing of sockets, so
/// that the console server, AMI's Command action and tests share it.
/// Thread  the view's loop only. Must outlive every answer it has promised.
class Interpreter {
 public:
  static constexpr std::size_t kOutputMax = 3u << 20;  // bytes of one answer; more is cut, with a notice
  static constexpr std::size_t kCompletionsMax = 200;

  explicit Interpreter(ConsoleView& view);

  /// Shape   line: one line without its line feed;  done: called once, now or later, or never if the view never
  ///         answers;  settings: what the command may change, used before execute() returns only
  void execute(std::string_view line, Settings& settings, Answer done);

  using Candidates = std::function<void(std::vector<std::string>)>;
  /// What may stand in place of the last, unfinished word of `line`: whole words, sorted, at most kCompletionsMax.
  void complete(std::string_view line, Candidates done);

  [[nodiscard]] const CommandTree& tree() const { return tree_; }
  [[nodiscard]] ConsoleView& view() { return view_; }

  /// One for the process, as in Asterisk; verbosity is each console's own.
  int core_debug = 0;

 private:
  void complete_argument(const Command& command, std::vector<std::string> words,
                         std::vector<std::string> found, Candidates done);

  ConsoleView& view_;
  CommandTree tree_;
};

}  // namespace xivo::console
