#include "model/numbering/pattern.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::model::numbering {

namespace {

using Set = Pattern::Set;

Set range(char first, char last) {
  Set set;
  for (char c = first; c <= last; ++c) set.set(static_cast<std::size_t>(c));
  return set;
}

/// The set of a letter, or of the character itself.
Set set_of(char c) {
  switch (c) {
    case 'X':
    case 'x': return range('0', '9');
    case 'Z':
    case 'z': return range('1', '9');
    case 'N':
    case 'n': return range('2', '9');
    default: return range(c, c);
  }
}

bool is_letter(char c) { return std::string_view("XxZzNn").find(c) != std::string_view::npos; }

/// What a [ ] holds.
struct SetOrFault {
  Set set;
  std::optional<PatternFault> fault;
};
SetOrFault read_set(std::string_view inside) {
  SetOrFault read;
  if (inside.empty()) return {{}, PatternFault::SetEmpty};
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const bool is_range = i + 2 < inside.size() && inside[i + 1] == '-';
    const char first = inside[i];
    const char last = is_range ? inside[i + 2] : first;
    if (!is_number_character(first) || !is_number_character(last)) return {{}, PatternFault::Character};
    if (last < first) return {{}, PatternFault::SetBackwards};
    for (char c = first; c <= last; ++c) {
      if (is_number_character(c)) read.set.set(static_cast<std::size_t>(c));
    }
    if (is_range) i += 2;
  }
  return read;
}

struct Parts {
  std::vector<Set> sets;
  char tail = 0;  // '.', '!' or none
  std::optional<PatternFault> fault;
};

Parts failed(PatternFault fault) { return {{}, 0, fault}; }

/// What stands behind the _.
Parts read_parts(std::string_view text) {
  Parts parts;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '-') continue;
    if (parts.tail != 0) return failed(PatternFault::NotLast);
    if (c == '.' || c == '!') {
      parts.tail = c;
    } else if (c == '[') {
      const std::size_t close = text.find(']');
      if (close == std::string_view::npos) return failed(PatternFault::SetOpen);
      SetOrFault read = read_set(text.substr(0, close));
      if (read.fault) return failed(*read.fault);
      parts.sets.push_back(read.set);
      text.remove_prefix(close + 1);
    } else if (is_number_character(c) || is_letter(c)) {
      parts.sets.push_back(set_of(c));
    } else {
      return failed(PatternFault::Character);
    }
  }
  if (parts.sets.empty() && parts.tail == 0) return failed(PatternFault::Empty);
  return parts;
}

Parts read(std::string_view text) {
  if (text.empty()) return failed(PatternFault::Empty);
  if (text.size() > kPatternLengthMax) return failed(PatternFault::TooLong);
  if (is_pattern(text)) return read_parts(text.substr(1));
  if (!std::all_of(text.begin(), text.end(), is_number_character)) return failed(PatternFault::Character);
  Parts parts;
  for (const char c : text) parts.sets.push_back(range(c, c));
  return parts;
}

std::size_t lowest(const Set& set) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i]) return i;
  }
  return set.size();
}

}  // namespace

bool is_number_character(char c) { return text::is_digit(c) || c == '*' || c == '#' || c == '+'; }

Words words(PatternFault fault) {
  switch (fault) {
    case PatternFault::Empty: return {"il n'y a rien", "there is nothing"};
    case PatternFault::TooLong: return {"plus de 40 caractères", "more than 40 characters"};
    case PatternFault::Character:
      return {"un caractère qu'aucun numéro n'a (un modèle commence par _ et connaît X Z N [ ] . ! en plus)",
              "a character that no number has (a pattern starts with _ and has X Z N [ ] . ! besides)"};
    case PatternFault::SetOpen: return {"un [ n'est pas fermé", "a [ is not closed"};
    case PatternFault::SetEmpty: return {"un [ ] est vide", "a [ ] is empty"};
    case PatternFault::SetBackwards:
      return {"un intervalle entre [ ] va à reculons", "a range within [ ] goes backwards"};
    case PatternFault::NotLast:
      return {"quelque chose suit le . ou le ! qui termine un modèle",
              "something follows the . or ! that ends a pattern"};
  }
  return {};
}

std::optional<PatternFault> Pattern::fault(std::string_view text) { return read(text).fault; }

bool is_number_or_pattern(std::string_view text) { return !Pattern::fault(text); }

std::optional<Pattern> Pattern::parse(std::string_view text) {
  Parts parts = read(text);
  if (parts.fault) return std::nullopt;
  Pattern pattern;
  pattern.text_ = text;
  pattern.exact_ = !is_pattern(text);
  pattern.tail_ = parts.tail == 0 ? Tail::None : parts.tail == '.' ? Tail::Dot : Tail::Bang;
  pattern.sets_ = std::move(parts.sets);
  for (const Set& set : pattern.sets_) {
    if (set.count() != 1) break;
    pattern.leading_ += static_cast<char>(lowest(set));
  }
  return pattern;
}

std::size_t Pattern::length_min() const { return sets_.size() + (tail_ == Tail::Dot ? 1 : 0); }

bool Pattern::matches(std::string_view number) const {
  if (exact_) return number == text_;
  if (number.size() < length_min() || (tail_ == Tail::None && number.size() != sets_.size())) return false;
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    const auto c = static_cast<unsigned char>(number[i]);
    if (c >= sets_[i].size() || !sets_[i][c]) return false;
  }
  return true;
}

bool Pattern::overlaps(const Pattern& other) const {
  const std::size_t shared = std::min(sets_.size(), other.sets_.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if ((sets_[i] & other.sets_[i]).none()) return false;
  }
  const std::size_t shortest = std::max(length_min(), other.length_min());
  return (is_open() || shortest <= sets_.size()) && (other.is_open() || shortest <= other.sets_.size());
}

/// Fewer characters first, then the lower first one, then the lowest that only one of them has.
std::weak_ordering Pattern::order_of(const Set& a, const Set& b) {
  if (a == b) return std::weak_ordering::equivalent;
  if (const auto by = a.count() <=> b.count(); by != 0) return by;
  if (const auto by = lowest(a) <=> lowest(b); by != 0) return by;
  return lowest(a & ~b) <=> lowest(b & ~a);
}

std::weak_ordering Pattern::order(const Pattern& other) const {
  if (exact_ != other.exact_) return exact_ ? std::weak_ordering::less : std::weak_ordering::greater;
  if (exact_) return text_ <=> other.text_;
  const std::size_t shared = std::min(sets_.size(), other.sets_.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const auto by = order_of(sets_[i], other.sets_[i]); by != 0) return by;
  }
  const auto rank = [&](const Pattern& of) {
    if (of.sets_.size() > shared) return 0;
    return of.tail_ == Tail::Dot ? 1 : of.tail_ == Tail::Bang ? 2 : 3;
  };
  return rank(*this) <=> rank(other);
}

}  // namespace xivo::model::numbering
