#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xivo::cli {

/// The part of `line` that a completion replaces: its last word, from its first character or opening quote on.
std::string_view last_word(std::string_view line);
/// The longest beginning that all of `words` share, never ending inside a UTF-8 character.
std::string common_beginning(const std::vector<std::string>& words);
/// `words` in as many columns as fit into `width`, ordered downwards.
std::string in_columns(const std::vector<std::string>& words, std::size_t width);

/// Reads lines from the terminal with editing, history and completion, and lets others print meanwhile. The only
/// file that knows libedit.
/// Life    one at a time: it owns the terminal's mode from read_line()'s begin to its end
class LineEditor {
 public:
  struct Callbacks {
    /// Whole words that may stand in place of the last one of `beginning`.
    std::function<std::vector<std::string>(std::string_view beginning)> complete;
    /// Takes what the watched descriptor has, perhaps nothing, and returns what to print; no value = it has ended, and
    /// read_line() returns.
    std::function<std::optional<std::string>()> on_readable;
  };

  /// Shape   history_file: "" = none;  watched: a descriptor, -1 = none
  LineEditor(std::string prompt, std::string history_file, int watched, Callbacks callbacks);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// The next line without its line feed; nothing at the end of input or when the watched descriptor has ended.
  std::optional<std::string> read_line();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace xivo::cli
