#pragma once

#include <bitset>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/language.hpp"

/// Numbers as Asterisk writes them in a dial plan: "102", "_1XX", "_0ZXXXXXXXX", "_+33X.", "_[2-46]00!".
namespace xivo::model::numbering {

/// The characters that a number can have: digits, * # and +.
bool is_number_character(char c);

/// Longest number or pattern, the leading _ included.
constexpr std::size_t kPatternLengthMax = 40;

/// Why a text is neither a number nor a pattern.
enum class PatternFault : std::uint8_t {
  Empty,  // nothing, or nothing behind the _
  TooLong,
  Character,  // one that no number has; outside of a pattern also X Z N . ! [ ]
  SetOpen,  // a [ without its ]
  SetEmpty,
  SetBackwards,  // [5-2]
  NotLast,  // . or ! with something behind it
};
/// "un [ n'est pas fermé", "a [ is not closed"
Words words(PatternFault fault);

/// A number or a pattern, read once.
/// X 0-9, Z 1-9, N 2-9, [15-7] one of the set, . one or more characters of any kind, ! none or more; - between is for the
/// eye. What does not start with _ is one number, compared as text.
class Pattern {
 public:
  /// Nothing when there is a fault().
  static std::optional<Pattern> parse(std::string_view text);
  static std::optional<PatternFault> fault(std::string_view text);

  [[nodiscard]] bool matches(std::string_view number) const;
  /// One number and no pattern.
  [[nodiscard]] bool is_exact() const { return exact_; }
  /// Digits that lead every number it matches: "0" of _0Z., "" of _X.
  [[nodiscard]] std::string_view leading() const { return leading_; }
  [[nodiscard]] std::size_t length_min() const;
  /// Whether it ends in . or !
  [[nodiscard]] bool is_open() const { return tail_ != Tail::None; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// What stands for one character at a time, from the left; the tail excluded.
  using Set = std::bitset<128>;
  [[nodiscard]] const std::vector<Set>& sets() const { return sets_; }

  /// The order of two places.
  static std::weak_ordering order_of(const Set& a, const Set& b);
  enum class Tail : std::uint8_t { None, Dot, Bang };
  [[nodiscard]] Tail tail() const { return tail_; }

  /// Whether some number matches both.
  [[nodiscard]] bool overlaps(const Pattern& other) const;

  /// Asterisk's order: less = tried first. An exact number comes before every pattern. Of two patterns the first place in which
  /// they differ decides: a place that stands for fewer characters comes first; of as many, the one that has the lower first
  /// character, and of those the one that has the lowest that the other lacks. . comes after every such place, ! after that,
  /// the end of the pattern after all of them. Equal: the same numbers, however they are written.
  /// Source  Asterisk main/pbx.c, ext_cmp_pattern()
  [[nodiscard]] std::weak_ordering order(const Pattern& other) const;

 private:
  Pattern() = default;
  std::string text_;
  std::string leading_;  // of an exact number: all of it
  std::vector<Set> sets_;
  Tail tail_ = Tail::None;
  bool exact_ = false;
};

/// Whether a text is to be read as a pattern.
inline bool is_pattern(std::string_view text) { return text.starts_with('_'); }
/// For FieldSpec::accepts: a number or a pattern without a fault.
bool is_number_or_pattern(std::string_view text);

}  // namespace xivo::model::numbering
