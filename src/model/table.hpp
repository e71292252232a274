#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "model/ids.hpp"
#include "model/persistent_table.hpp"

namespace xivo::model {

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

/// The objects of one kind whatever its type, their revisions, and the next id to give out.
/// Thread  any once it is part of a Config; before that its builder's.
class AnyTable {
 public:
  using Visitor = std::function<void(std::int64_t id, const void* object)>;

  [[nodiscard]] const PersistentTable& objects() const { return objects_; }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }
  [[nodiscard]] std::shared_ptr<const void> share(std::int64_t id) const;  // null: no such object
  [[nodiscard]] const void* find(std::int64_t id) const;  // nullptr: no such object
  void for_each(const Visitor& visit) const;  // id order

  [[nodiscard]] RevisionNumber revision_of(std::int64_t id) const { return revisions_.at(id); }
  [[nodiscard]] std::int64_t next_id() const { return next_id_; }

  void put(std::int64_t id, std::shared_ptr<const void> object, RevisionNumber revision);
  void erase(std::int64_t id);
  /// Gives out no id below `next` any more.
  void reserve_ids(std::int64_t next) { next_id_ = std::max(next_id_, next); }

 private:
  PersistentTable objects_;
  RevisionIndex revisions_;
  std::int64_t next_id_ = 1;
};

/// All objects of a kind at one revision: by id, ordered. A view of what a Config or its builder holds, valid as long; one
/// code for all kinds, which every file that reads the configuration would compile otherwise.
template <class Kind>
class Table {
 public:
  /// One object; copies into a shared_ptr of its own.
  class Held {
   public:
    explicit Held(const std::shared_ptr<const void>& object) : object_(&object) {}
    [[nodiscard]] const Kind* get() const { return static_cast<const Kind*>(object_->get()); }
    const Kind* operator->() const { return get(); }
    const Kind& operator*() const { return *get(); }
    bool operator==(const Held& other) const { return *object_ == *other.object_; }
    operator std::shared_ptr<const Kind>() const { return std::static_pointer_cast<const Kind>(*object_); }

   private:
    const std::shared_ptr<const void>* object_;
  };
  struct Entry {
    std::int64_t first;  // the id
    Held second;
    const Entry* operator->() const { return this; }
  };
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = Entry;
    using reference = Entry;

    explicit Iterator(PersistentTable::Iterator at) : at_(at) {}
    Entry operator*() const { return {at_->first, Held(at_->second)}; }
    Entry operator->() const { return **this; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    PersistentTable::Iterator at_;
  };

  explicit Table(const PersistentTable& objects) : objects_(&objects) {}
  [[nodiscard]] Iterator begin() const { return Iterator(objects_->begin()); }
  [[nodiscard]] Iterator end() const { return Iterator(objects_->end()); }
  [[nodiscard]] Iterator find(std::int64_t id) const { return Iterator(objects_->find(id)); }
  [[nodiscard]] std::size_t size() const { return objects_->size(); }
  [[nodiscard]] bool empty() const { return objects_->empty(); }

 private:
  const PersistentTable* objects_;
};

/// The slot of the next kind that asks; process-wide.
KindSlot next_kind_slot();

template <class Kind>
KindSlot kind_slot() {
  static const KindSlot slot = next_kind_slot();
  return slot;
}

}  // namespace xivo::model
