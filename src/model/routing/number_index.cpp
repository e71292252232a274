#include "model/routing/number_index.hpp"

#include <algorithm>
#include <tuple>

namespace xivo::model::routing {

using numbering::Pattern;

namespace {

/// The last digits that are compared; nothing when there are not as many.
std::optional<std::string_view> compared(std::string_view number, std::int64_t length) {
  if (length == 0) return number;
  const auto wanted = static_cast<std::size_t>(length);
  if (number.size() < wanted) return std::nullopt;
  return number.substr(number.size() - wanted);
}

}  // namespace

// ---------------------------------------------------------------------------------------------------- extensions

ExtensionPatterns::ExtensionPatterns(const std::vector<const Extension*>& patterns) {
  for (const Extension* extension : patterns) {
    auto pattern = Pattern::parse(extension->exten);
    if (!pattern || !extension->enabled) continue;
    by_context_[extension->context.value].add(*pattern, static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back({extension, std::move(*pattern)});
  }
}

ExtensionPatterns::Found ExtensionPatterns::first(ContextId context, std::string_view number) const {
  Found found;
  const auto tree = by_context_.find(context.value);
  if (tree == by_context_.end()) return found;
  tree->second.find(number, [&](std::uint32_t value) {
    found = {entries_[value].extension, &entries_[value].pattern};
    return true;
  });
  return found;
}

const Extension* ExtensionPatterns::find(ContextId context, std::string_view number) const {
  return first(context, number).extension;
}

// ---------------------------------------------------------------------------------------------------- outgoing

OutgoingIndex::OutgoingIndex(const Table<OutgoingRoute>& routes) {
  for (const auto& [id, route] : routes) {
    if (route->enabled) all_.push_back(route.get());
  }
  std::sort(all_.begin(), all_.end(), [](const OutgoingRoute* a, const OutgoingRoute* b) {
    return std::tie(a->priority, a->id) < std::tie(b->priority, b->id);
  });
  for (const OutgoingRoute* route : all_) add(*route);
}

void OutgoingIndex::add(const OutgoingRoute& route) {
  for (const OutgoingPattern& row : route.patterns) {
    const bool pattern = numbering::is_pattern(row.pattern);
    auto read = Pattern::parse(pattern ? "_" + row.external_prefix + row.pattern.substr(1)
                                       : row.external_prefix + row.pattern);
    if (!read) continue;
    const bool known = row.external_prefix.empty() ||
                       std::find(prefixes_.begin(), prefixes_.end(), row.external_prefix) != prefixes_.end();
    if (!known && prefixes_.size() < kPrefixesMax) prefixes_.push_back(row.external_prefix);
    OutgoingEntry entry{&route, &row, std::move(*read), std::nullopt, false};
    if (!row.match_regex.empty()) {
      entry.rewrite = numbering::Rewrite::parse(row.match_regex, row.replace);
      entry.broken = !entry.rewrite;
    }
    const auto value = static_cast<std::uint32_t>(entries_.size());
    by_context_[route.context.value].add(entry.pattern, value);
    everywhere_.add(entry.pattern, value);
    entries_.push_back(std::move(entry));
  }
}

void OutgoingIndex::find(ContextId context, std::string_view number, Entries& found) const {
  const auto tree = by_context_.find(context.value);
  if (tree == by_context_.end()) return;
  tree->second.find(number, [&](std::uint32_t value) {
    const OutgoingEntry* entry = &entries_[value];
    const auto after = std::find_if(found.begin(), found.end(), [&](const OutgoingEntry* other) {
      return other->route->priority > entry->route->priority;
    });
    found.insert(after, entry);
    return found.size() >= kFoundMax;
  });
}

void OutgoingIndex::find(OutgoingRouteId route, std::string_view number, Entries& found) const {
  everywhere_.find(number, [&](std::uint32_t value) {
    const OutgoingEntry* entry = &entries_[value];
    if (route && entry->route->id != route) return false;
    const auto after = std::find_if(found.begin(), found.end(), [&](const OutgoingEntry* other) {
      return other->route->priority > entry->route->priority;
    });
    found.insert(after, entry);
    return found.size() >= kFoundMax;
  });
}

// ---------------------------------------------------------------------------------------------------- incoming

IncomingIndex::IncomingIndex(const Table<IncomingRoute>& routes) {
  for (const auto& [id, route] : routes) {
    if (route->enabled) add(*route);
  }
}

void IncomingIndex::add(const IncomingRoute& route) {
  Entry entry{&route, Pattern::parse(route.caller_number), 0};
  if (!entry.caller && !route.caller_number.empty()) return;  // nobody knows whose calls it means
  entry.rank = (entry.caller ? (entry.caller->is_exact() ? 4 : 2) : 0) + (route.trunk ? 1 : 0);
  const auto value = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back(std::move(entry));
  const auto insert = [&](Entries& into) {
    const auto after = std::find_if(into.begin(), into.end(), [&](std::uint32_t other) {
      return entries_[other].rank < entries_[value].rank;
    });
    into.insert(after, value);
  };
  Place& place = by_context_[route.context.value];
  if (route.exten.empty()) return insert(place.any);
  Group& group = place.by_length[route.did_length];
  if (!numbering::is_pattern(route.exten)) return insert(group.exact[route.exten]);
  if (const auto pattern = Pattern::parse(route.exten)) group.patterns.add(*pattern, value);
}

bool IncomingIndex::takes(std::uint32_t entry, TrunkId trunk, std::string_view caller) const {
  const Entry& of = entries_[entry];
  return (!of.route->trunk || of.route->trunk == trunk) && (!of.caller || of.caller->matches(caller));
}

const IncomingRoute* IncomingIndex::first(const Entries& entries, TrunkId trunk,
                                          std::string_view caller) const {
  for (const std::uint32_t entry : entries) {
    if (takes(entry, trunk, caller)) return entries_[entry].route;
  }
  return nullptr;
}

const IncomingRoute* IncomingIndex::in_exact(const Group& group, std::string_view digits, TrunkId trunk,
                                             std::string_view caller) const {
  const auto found = group.exact.find(digits);
  return found == group.exact.end() ? nullptr : first(found->second, trunk, caller);
}

const IncomingRoute* IncomingIndex::in_patterns(const Group& group, std::string_view digits, TrunkId trunk,
                                                std::string_view caller) const {
  const Entry* best = nullptr;
  group.patterns.find(digits, [&](std::uint32_t value) {
    if (!takes(value, trunk, caller)) return false;
    const Entry& entry = entries_[value];
    // Of the same pattern, who says more of the caller or the trunk; the tree tells equal ones in turn.
    if (best != nullptr && entry.route->exten != best->route->exten) return true;
    if (best == nullptr || entry.rank > best->rank) best = &entry;
    return false;
  });
  return best == nullptr ? nullptr : best->route;
}

/// The whole number first, then its last digits, the longest first.
const IncomingRoute* IncomingIndex::search(const Place& place, std::string_view number, LookUp look_up,
                                           TrunkId trunk, std::string_view caller) const {
  if (const auto whole = place.by_length.find(0); whole != place.by_length.end()) {
    if (const IncomingRoute* found = (this->*look_up)(whole->second, number, trunk, caller)) return found;
  }
  for (const auto& [length, group] : place.by_length) {
    const auto digits = compared(number, length);
    if (length == 0 || !digits) continue;
    if (const IncomingRoute* found = (this->*look_up)(group, *digits, trunk, caller)) return found;
  }
  return nullptr;
}

const IncomingRoute* IncomingIndex::find(ContextId context, std::string_view number, TrunkId trunk,
                                         std::string_view caller) const {
  const auto place = by_context_.find(context.value);
  if (place == by_context_.end()) return nullptr;
  for (const LookUp look_up : {&IncomingIndex::in_exact, &IncomingIndex::in_patterns}) {
    if (const IncomingRoute* found = search(place->second, number, look_up, trunk, caller)) return found;
  }
  return first(place->second.any, trunk, caller);
}

}  // namespace xivo::model::routing
