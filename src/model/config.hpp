#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.hpp"
#include "model/kinds.hpp"
#include "model/table.hpp"

namespace xivo::model {

struct LineIndex;  // config_index.hpp
struct ExtensionIndex;
namespace routing {
class ExtensionPatterns;  // routing/number_index.hpp
class OutgoingIndex;
class IncomingIndex;
}  // namespace routing
struct CallRules;  // call_rules.hpp

/// The whole configuration at one revision; immutable once published. Lookups that calls need are indexed. Tables and
/// indexes that a change did not touch are shared with the configuration before it.
/// Thread  any, without a lock.
class Config {
 public:
  Config();

  [[nodiscard]] RevisionNumber revision() const { return revision_; }

  [[nodiscard]] const User* user(UserId id) const { return find(id); }
  [[nodiscard]] const SipLine* line(SipLineId id) const { return find(id); }
  [[nodiscard]] Table<User> users() const { return objects<User>(); }
  [[nodiscard]] Table<SipLine> lines() const { return objects<SipLine>(); }

  /// The objects of any kind, and one of them by id.
  template <class Kind>
  [[nodiscard]] Table<Kind> objects() const {
    return Table<Kind>(objects(kind_slot<Kind>()));
  }
  template <class Kind>
  [[nodiscard]] const Kind* find(ObjectId<Kind> id) const;
  /// The revision that last changed an object; 0 when there is no such object.
  template <class Kind>
  [[nodiscard]] RevisionNumber revision_of(ObjectId<Kind> id) const;
  /// The table in a slot, its type erased; nullptr when the kind never had an object.
  [[nodiscard]] const AnyTable* table(KindSlot slot) const { return tables_.at(slot).get(); }

  [[nodiscard]] const SipLine* line_by_name(std::string_view name) const;
  /// By their position; the first is the main line.
  [[nodiscard]] std::vector<const SipLine*> lines_of(UserId user) const;
  [[nodiscard]] const Context* context(ContextId id) const { return find(id); }
  [[nodiscard]] const Context* context_by_name(std::string_view name) const;
  /// A number of the very context, includes apart; disabled ones, too. A pattern is found by its own text.
  [[nodiscard]] const Extension* extension(ContextId context, std::string_view exten) const;
  /// The ways to find what takes a number, for routing.
  [[nodiscard]] const routing::ExtensionPatterns& extension_patterns() const;
  [[nodiscard]] const routing::OutgoingIndex& outgoing() const { return *outgoing_; }
  [[nodiscard]] const routing::IncomingIndex& incoming() const { return *incoming_; }

  /// The number at which the line, else its user, is called: one of the line's own context is preferred, then one of an
  /// internal context, then the oldest. Empty: there is none.
  [[nodiscard]] std::string number_of(const SipLine& line) const;
  [[nodiscard]] std::string number_of(const User& user) const;
  /// The fixed peer (SipLine::host not "dynamic") with that source address, if any: the one that names the very port,
  /// else the one that names no port.
  [[nodiscard]] const SipLine* line_by_address(const SocketAddress& source) const;
  /// All fixed peers at an address, whatever their port; id order.
  [[nodiscard]] const std::vector<const SipLine*>& lines_at(const IpAddress& address) const;

  /// The feature that `dialled` asks for: the code itself, or a code that starts with '*' or '#' with an argument of
  /// digits, '*' and '#' behind it. The longest code wins; disabled ones are passed over.
  [[nodiscard]] const FeatureCode* feature_code(std::string_view dialled) const;

  /// Schedules, permissions and guards, read once.
  [[nodiscard]] const CallRules& call_rules() const { return *call_rules_; }

 private:
  friend class ConfigBuilder;
  [[nodiscard]] const PersistentTable& objects(KindSlot slot) const;
  [[nodiscard]] const void* find(KindSlot slot, std::int64_t id) const;
  [[nodiscard]] RevisionNumber revision_of(KindSlot slot, std::int64_t id) const;

  RevisionNumber revision_ = 0;
  std::array<std::shared_ptr<const AnyTable>, kKindsMax> tables_;
  [[nodiscard]] const Extension* preferred(const std::vector<const Extension*>& all, ContextId home) const;
  std::shared_ptr<const LineIndex> line_index_;
  std::shared_ptr<const ExtensionIndex> extension_index_;
  std::shared_ptr<const routing::OutgoingIndex> outgoing_;
  std::shared_ptr<const routing::IncomingIndex> incoming_;
  std::shared_ptr<const std::vector<const FeatureCode*>> feature_codes_;  // enabled, longest code first
  std::shared_ptr<const CallRules> call_rules_;
};

using ConfigSnapshot = std::shared_ptr<const Config>;

/// Makes a Config: from nothing, or from another one with some objects changed. Checks nothing: validated changes go
/// through apply() (transaction.hpp); tests and the store use it directly.
/// Thread  its owner's.
class ConfigBuilder {
 public:
  ConfigBuilder() = default;
  explicit ConfigBuilder(const Config& base)
      : next_(base),
        indexed_rules_(rule_tables()),
        indexed_lines_(base.tables_[kind_slot<SipLine>()]),
        indexed_extensions_(base.tables_[kind_slot<Extension>()]),
        indexed_codes_(base.tables_[kind_slot<FeatureCode>()]),
        indexed_outgoing_(base.tables_[kind_slot<OutgoingRoute>()]),
        indexed_incoming_(base.tables_[kind_slot<IncomingRoute>()]) {}
  explicit ConfigBuilder(const std::vector<FeatureCode>& codes) {
    for (const FeatureCode& code : codes) put(code);
  }

  ConfigBuilder& revision(RevisionNumber revision);
  [[nodiscard]] RevisionNumber revision() const { return next_.revision(); }

  /// Adds or replaces an object; one without an id gets the next. Its last change is the builder's revision() then.
  /// Returns its id.
  template <class Kind>
  ObjectId<Kind> put(Kind object);
  UserId add(User user) { return put(std::move(user)); }
  SipLineId add(SipLine line) { return put(std::move(line)); }
  ContextId add(Context context) { return put(std::move(context)); }
  ExtensionId add(Extension extension) { return put(std::move(extension)); }
  template <class Kind>
  void erase(ObjectId<Kind> id) {
    edit(kind_slot<Kind>()).erase(id.value);
  }

  /// The table in a slot, opened for change; empty when there was none.
  AnyTable& edit(KindSlot slot);

  /// The table in a slot as it is so far; nullptr when there is none. No index is touched.
  [[nodiscard]] const AnyTable* table(KindSlot slot) const { return next_.table(slot); }

  /// Rebuilds the indexes of what changed. The builder can be used on: what follows does not show in what was built.
  ConfigSnapshot build();
  /// The configuration so far with its indexes; valid until the next change of the builder.
  const Config& preview();

 private:
  Config next_;
  std::array<std::shared_ptr<AnyTable>, kKindsMax> open_;  // clones that this builder may still write to
  template <class Kind, class Index>
  void index(std::shared_ptr<const AnyTable>& indexed, std::shared_ptr<const Index>& kept);
  void index_codes();
  /// Makes an index anew that is too small to be followed change by change.
  template <class Kind, class Index>
  void make_index(std::shared_ptr<const AnyTable>& indexed, std::shared_ptr<const Index>& kept);
  void index_rules();
  /// The tables that call_rules() speaks of.
  using RuleTables = std::array<std::shared_ptr<const AnyTable>, 4>;
  [[nodiscard]] RuleTables rule_tables() const;
  RuleTables indexed_rules_;
  std::shared_ptr<const AnyTable> indexed_lines_;  // the table that next_.line_index_ speaks of
  std::shared_ptr<const AnyTable> indexed_extensions_;
  std::shared_ptr<const AnyTable> indexed_codes_;  // the same of next_.feature_codes_
  std::shared_ptr<const AnyTable> indexed_outgoing_;
  std::shared_ptr<const AnyTable> indexed_incoming_;
};

/// Where everybody finds the configuration of now. Publishing swaps one pointer; the next call sees it, calls in progress
/// keep the one they started with.
/// Thread  any.
class ConfigSource {
 public:
  ConfigSource() = default;
  explicit ConfigSource(ConfigSnapshot first) : current_(std::move(first)) {}
  /// A configuration of nothing but feature codes.
  explicit ConfigSource(const std::vector<FeatureCode>& codes) : current_(ConfigBuilder(codes).build()) {}

  [[nodiscard]] ConfigSnapshot current() const { return std::atomic_load(&current_); }
  void publish(ConfigSnapshot next) { std::atomic_store(&current_, std::move(next)); }

 private:
  ConfigSnapshot current_ = std::make_shared<const Config>();
};

template <class Kind>
const Kind* Config::find(ObjectId<Kind> id) const {
  return static_cast<const Kind*>(find(kind_slot<Kind>(), id.value));
}

template <class Kind>
RevisionNumber Config::revision_of(ObjectId<Kind> id) const {
  return revision_of(kind_slot<Kind>(), id.value);
}

template <class Kind>
ObjectId<Kind> ConfigBuilder::put(Kind object) {
  AnyTable& table = edit(kind_slot<Kind>());
  if (!object.id) object.id.value = table.next_id();
  const ObjectId<Kind> id = object.id;
  table.put(id.value, std::make_shared<const Kind>(std::move(object)), next_.revision());
  return id;
}

}  // namespace xivo::model
