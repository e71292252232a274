#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/numbering/pattern.hpp"

namespace xivo::model::numbering {

/// Many patterns, found by a number in Asterisk's order (Pattern::order) without looking at each.
/// Thread  any may read; add() is its maker's.
class PatternTree {
 public:
  /// `value` is what find() tells; several patterns may have the same.
  void add(const Pattern& pattern, std::uint32_t value);

  /// Calls `take(value)` for each pattern that matches, the first in order first, until it returns true. Of patterns that are
  /// equal in order the one added first. Returns whether it did.
  template <class Take>
  bool find(std::string_view number, Take&& take) const {
    return !nodes_.empty() && walk(0, number, 0, take);
  }

 private:
  struct Edge {
    Pattern::Set set;
    std::uint32_t to;
  };
  struct Node {
    std::vector<Edge> edges;  // in order
    std::vector<std::uint32_t> exact, end, dot, bang;  // what ends here, and how
  };

  template <class Take>
  static bool any(const std::vector<std::uint32_t>& values, Take& take) {
    for (const std::uint32_t value : values) {
      if (take(value)) return true;
    }
    return false;
  }

  /// At most as deep as the longest pattern.
  template <class Take>
  bool walk(std::uint32_t at, std::string_view number, std::size_t depth, Take& take) const {
    const Node& node = nodes_[at];
    if (depth == number.size()) return any(node.exact, take) || any(node.bang, take) || any(node.end, take);
    const auto c = static_cast<unsigned char>(number[depth]);
    if (c < Pattern::Set{}.size()) {
      for (const Edge& edge : node.edges) {
        if (edge.set[c] && walk(edge.to, number, depth + 1, take)) return true;
      }
    }
    return any(node.dot, take) || any(node.bang, take);
  }

  std::vector<Node> nodes_;
};

}  // namespace xivo::model::numbering
