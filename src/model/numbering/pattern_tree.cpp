#include "model/numbering/pattern_tree.hpp"

#include <algorithm>

namespace xivo::model::numbering {

void PatternTree::add(const Pattern& pattern, std::uint32_t value) {
  if (nodes_.empty()) nodes_.emplace_back();
  std::uint32_t at = 0;
  for (const Pattern::Set& set : pattern.sets()) {
    auto& edges = nodes_[at].edges;
    const auto place = std::find_if(edges.begin(), edges.end(),
                                    [&](const Edge& e) { return Pattern::order_of(e.set, set) >= 0; });
    if (place != edges.end() && place->set == set) {
      at = place->to;
      continue;
    }
    const auto made = static_cast<std::uint32_t>(nodes_.size());
    edges.insert(place, Edge{set, made});
    nodes_.emplace_back();
    at = made;
  }
  Node& last = nodes_[at];
  auto& values = pattern.is_exact()                      ? last.exact
                 : pattern.tail() == Pattern::Tail::Dot  ? last.dot
                 : pattern.tail() == Pattern::Tail::Bang ? last.bang
                                                         : last.end;
  values.push_back(value);
}

}  // namespace xivo::model::numbering
