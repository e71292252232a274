#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/kinds.hpp"
#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/numbering/pattern_tree.hpp"
#include "model/numbering/rewrite.hpp"
#include "model/table.hpp"

/// What a Config looks numbers up in, beside ExtensionIndex. Points into the tables it was made for, and lives as long as those.
/// Thread  any; made once.
namespace xivo::model::routing {

/// Extensions that are patterns, disabled ones left out.
class ExtensionPatterns {
 public:
  ExtensionPatterns() = default;
  explicit ExtensionPatterns(const std::vector<const Extension*>& patterns);
  /// The first in Asterisk's order; nullptr when none takes the number.
  [[nodiscard]] const Extension* find(ContextId context, std::string_view number) const;
  /// The same with its order, to compare it with others.
  struct Found {
    const Extension* extension = nullptr;
    const numbering::Pattern* pattern = nullptr;
  };
  [[nodiscard]] Found first(ContextId context, std::string_view number) const;

 private:
  struct Entry {
    const Extension* extension;
    numbering::Pattern pattern;
  };
  std::vector<Entry> entries_;
  std::unordered_map<std::int64_t, numbering::PatternTree> by_context_;
};

/// One number or pattern of an outgoing route.
struct OutgoingEntry {
  const OutgoingRoute* route = nullptr;
  const OutgoingPattern* row = nullptr;
  numbering::Pattern pattern;  // with the outside digit in front
  std::optional<numbering::Rewrite> rewrite;
  bool broken = false;  // its expression cannot be read: nothing is sent by it
};

/// Outgoing routes, disabled ones left out.
class OutgoingIndex {
 public:
  OutgoingIndex() = default;
  explicit OutgoingIndex(const Table<OutgoingRoute>& routes);
  using Entries = std::vector<const OutgoingEntry*>;
  /// What takes a number in a context: by priority, then in Asterisk's order, then the oldest route; at most kFoundMax.
  void find(ContextId context, std::string_view number, Entries& found) const;
  /// The same of one route, or of all whatever their context when there is none.
  void find(OutgoingRouteId route, std::string_view number, Entries& found) const;
  /// All, by priority, then the oldest.
  [[nodiscard]] const std::vector<const OutgoingRoute*>& all() const { return all_; }

  /// The digits for the outside that routes have, each once, none empty; at most kPrefixesMax.
  [[nodiscard]] const std::vector<std::string>& prefixes() const { return prefixes_; }

  static constexpr std::size_t kFoundMax = 64;
  static constexpr std::size_t kPrefixesMax = 8;

 private:
  void add(const OutgoingRoute& route);
  std::vector<OutgoingEntry> entries_;
  std::unordered_map<std::int64_t, numbering::PatternTree> by_context_;
  numbering::PatternTree everywhere_;
  std::vector<std::string> prefixes_;
  std::vector<const OutgoingRoute*> all_;
};

/// Incoming routes, disabled ones left out.
class IncomingIndex {
 public:
  IncomingIndex() = default;
  explicit IncomingIndex(const Table<IncomingRoute>& routes);

  /// The route for a call: an exact number, before as many last digits, the longest first, before patterns in Asterisk's order,
  /// before any number. Of routes for the same numbers: those for the caller first, exact before pattern, then those for the trunk.
  [[nodiscard]] const IncomingRoute* find(ContextId context, std::string_view number, TrunkId trunk,
                                          std::string_view caller) const;

 private:
  struct Entry {
    const IncomingRoute* route;
    std::optional<numbering::Pattern> caller;
    int rank = 0;  // higher first
  };
  using Entries = std::vector<std::uint32_t>;  // by rank
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Group {  // of one did_length
    std::unordered_map<std::string, Entries, Hash, std::equal_to<>> exact;
    numbering::PatternTree patterns;
  };
  struct Place {  // of one context
    std::map<std::int64_t, Group, std::greater<>> by_length;  // 0: the whole number
    Entries any;
  };

  void add(const IncomingRoute& route);
  [[nodiscard]] bool takes(std::uint32_t entry, TrunkId trunk, std::string_view caller) const;
  [[nodiscard]] const IncomingRoute* first(const Entries& entries, TrunkId trunk,
                                           std::string_view caller) const;
  using LookUp = const IncomingRoute* (IncomingIndex::*)(const Group&, std::string_view, TrunkId,
                                                         std::string_view) const;
  [[nodiscard]] const IncomingRoute* in_exact(const Group& group, std::string_view digits, TrunkId trunk,
                                              std::string_view caller) const;
  [[nodiscard]] const IncomingRoute* in_patterns(const Group& group, std::string_view digits, TrunkId trunk,
                                                 std::string_view caller) const;
  [[nodiscard]] const IncomingRoute* search(const Place& place, std::string_view number, LookUp look_up,
                                            TrunkId trunk, std::string_view caller) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::int64_t, Place> by_context_;
};

}  // namespace xivo::model::routing
