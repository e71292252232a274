#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "model/ids.hpp"
#include "model/persistent_table.hpp"

namespace xivo::model {

/// All objects of a kind at one revision: by id, ordered.
template <class Kind>
using Table = PersistentTable<Kind>;

/// Which of a Config's tables holds a kind.
using KindSlot = std::size_t;
constexpr KindSlot kKindsMax = 64;

/// For each object of a table the revision that last changed it. Flat, because a table is copied at each change.
class RevisionIndex {
 public:
  [[nodiscard]] RevisionNumber at(std::int64_t id) const;  // 0 when the table has no such object
  void set(std::int64_t id, RevisionNumber revision);
  void erase(std::int64_t id);

 private:
  std::vector<std::pair<std::int64_t, RevisionNumber>> entries_;  // by id
};

/// The objects of one kind with the type erased, their revisions, and the next id to give out.
/// Thread  any once it is part of a Config; before that its builder's.
class AnyTable {
 public:
  using Visitor = std::function<void(std::int64_t id, const void* object)>;

  virtual ~AnyTable() = default;
  [[nodiscard]] virtual std::shared_ptr<AnyTable> clone() const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual std::shared_ptr<const void> share(std::int64_t id) const = 0;
  [[nodiscard]] virtual const void* find(std::int64_t id) const = 0;  // nullptr: no such object
  virtual void for_each(const Visitor& visit) const = 0;  // id order

  [[nodiscard]] RevisionNumber revision_of(std::int64_t id) const { return revisions_.at(id); }
  [[nodiscard]] std::int64_t next_id() const { return next_id_; }

  void put(std::int64_t id, std::shared_ptr<const void> object, RevisionNumber revision);
  void erase(std::int64_t id);
  /// Gives out no id below `next` any more.
  void reserve_ids(std::int64_t next) { next_id_ = std::max(next_id_, next); }

 protected:
  virtual void store(std::int64_t id, std::shared_ptr<const void> object) = 0;
  virtual void remove(std::int64_t id) = 0;

 private:
  RevisionIndex revisions_;
  std::int64_t next_id_ = 1;
};

template <class Kind>
class TypedTable final : public AnyTable {
 public:
  [[nodiscard]] const Table<Kind>& objects() const { return objects_; }

  [[nodiscard]] std::shared_ptr<AnyTable> clone() const override {
    return std::make_shared<TypedTable>(*this);
  }
  [[nodiscard]] std::size_t size() const override { return objects_.size(); }
  [[nodiscard]] std::shared_ptr<const void> share(std::int64_t id) const override {
    const auto found = objects_.find(id);
    return found == objects_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const void* find(std::int64_t id) const override {
    const auto found = objects_.find(id);
    return found == objects_.end() ? nullptr : found->second.get();
  }
  void for_each(const Visitor& visit) const override {
    for (const auto& [id, object] : objects_) visit(id, object.get());
  }

 protected:
  void store(std::int64_t id, std::shared_ptr<const void> object) override {
    objects_.set(id, std::static_pointer_cast<const Kind>(std::move(object)));
  }
  void remove(std::int64_t id) override { objects_.erase(id); }

 private:
  Table<Kind> objects_;
};

/// The slot of the next kind that asks; process-wide.
KindSlot next_kind_slot();

template <class Kind>
KindSlot kind_slot() {
  static const KindSlot slot = next_kind_slot();
  return slot;
}

}  // namespace xivo::model
