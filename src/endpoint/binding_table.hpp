#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/slot_map.hpp"
#include "endpoint/registrar.hpp"

namespace xivo::endpoint {

struct BindingTag;
using BindingId = Handle<BindingTag>;

/// A binding in the table.
struct HeldBinding {
  Binding binding;
  runtime::Instant due;     // when it is dropped, by the clock that nobody sets
  std::uint64_t order = 0;  // grows with each binding added
};

/// The bindings of a registrar, found by line, by stream connection and by which is due next. Only data: it sends and
/// stores nothing. Costs: O(log n) for a change, O(contacts of the line) for a look-up.
/// Thread  the shard's.
class BindingTable {
 public:
  BindingId add(Binding binding, runtime::Instant due);
  /// Puts a newer binding of the same line in the place of an older one.
  void replace(BindingId id, Binding binding, runtime::Instant due);
  /// The binding that was removed; nothing when the id is stale.
  std::optional<Binding> remove(BindingId id);

  [[nodiscard]] const HeldBinding* find(BindingId id) const { return held_.find(id); }
  /// In the order they were added.
  [[nodiscard]] const std::vector<BindingId>& of_line(model::SipLineId line) const;
  /// Those that came by one connection of a stream transport.
  [[nodiscard]] std::vector<BindingId> of_connection(const sip::Flow& flow) const;
  [[nodiscard]] std::optional<runtime::Instant> next_due() const;
  /// The binding that has been due longest at `now`; empty when none is.
  [[nodiscard]] BindingId first_due(runtime::Instant now) const;

  /// From now on lines are noted whose phones are reached otherwise than before; a refresh alone is none.
  void note_changes() { noting_ = true; }
  /// The lines noted since the last look, each once or more.
  std::vector<model::SipLineId> take_changes() { return std::exchange(changes_, {}); }

  [[nodiscard]] std::size_t size() const { return held_.size(); }
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    held_.for_each([&](BindingId, const HeldBinding& held) { visit(held.binding); });
  }
  template <class Visitor>
  void for_each_held(Visitor&& visit) const {
    held_.for_each([&](BindingId id, const HeldBinding& held) { visit(id, held.binding); });
  }

 private:
  using Due = std::pair<runtime::Instant, std::uint64_t>;  // when, bits of the id

  void note(model::SipLineId line) {
    if (noting_) changes_.push_back(line);
  }
  void index_connection(BindingId id, const sip::Flow& flow);
  void unindex_connection(BindingId id, const sip::Flow& flow);

  SlotMap<HeldBinding, BindingTag> held_;
  std::unordered_map<model::SipLineId, std::vector<BindingId>> by_line_;
  std::unordered_map<std::uint64_t, std::vector<BindingId>> by_connection_;
  std::set<Due> by_due_;
  std::uint64_t next_order_ = 1;
  bool noting_ = false;
  std::vector<model::SipLineId> changes_;
};

}  // namespace xivo::endpoint
