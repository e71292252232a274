#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace xivo::console {

/// What follows `like`: a small, safe part of a regular expression, matched anywhere in the text and without regard
/// to the case of ASCII letters.
/// Shape   literal characters; `.` any character; `[abc]`, `[a-z]`, `[^x]` one of a set; `x*`, `x+`, `x?` repeats of
///         the item before; `^` and `$` at the ends; `\x` the character x itself. Groups and `|` are refused.
///         Bytes, not UTF-8 characters: a letter with an accent is two items.
/// Matching takes time in proportion to text times pattern, whatever the pattern (a set of states is advanced, nothing
/// is tried twice).
class Pattern {
 public:
  static constexpr std::size_t kSizeMax = 128;

  /// Errors  "pattern is too long", "nothing to repeat", "set is not closed", "groups and | are not supported",
  ///         "pattern ends in a backslash"
  static Result<Pattern> compile(std::string_view source);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Repeat : unsigned char { Once, Any, OneOrMore, Optional };
  struct Item {
    std::bitset<256> accepts;
    Repeat repeat = Repeat::Once;
  };
  class Compiler;

  void follow(std::vector<char>& states, std::size_t from) const;

  std::vector<Item> items_;
  bool anchored_front_ = false;
  bool anchored_back_ = false;
};

}  // namespace xivo::console
