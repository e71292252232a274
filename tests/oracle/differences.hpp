#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reading.hpp"

namespace xivo::oracle {

/// One point on which our parser and another disagree about one message.
struct Difference {
  const Parser& theirs;
  std::string bytes;
  /// A field's name; "we refuse" or "they refuse".
  std::string point;
  std::string our_value;  // of the field; of "we refuse" our fault
  std::string their_value;
  std::string their_note;  // what the other parser says about itself
};

std::vector<Difference> differences(const std::string& bytes, const Parser& theirs);

/// A disagreement that is known, and why we are right.
struct Known {
  std::string_view name;
  std::string_view why;
  bool (*covers)(const Difference&);
};

/// Nothing for a disagreement that has not been judged yet.
const Known* judged(const Difference& difference);
std::span<const Known> all_known();

}  // namespace xivo::oracle
