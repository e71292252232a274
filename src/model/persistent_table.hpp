#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace xivo::model {

/// Shared objects by id, ordered; their type is the business of Table (table.hpp). A copy shares everything; a change of one copies a leaf of at most kLeafMax entries, so
/// that changing one of 10,000 objects costs microseconds whoever still reads the state before.
/// Thread  any may read; changes belong to the one who made the copy.
class PersistentTable {
 public:
  using Entry = std::pair<std::int64_t, std::shared_ptr<const void>>;
  static constexpr std::size_t kLeafMax = 128;

 private:
  using Leaf = std::vector<Entry>;  // never empty once it is in the table

 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = const Entry*;
    using reference = const Entry&;

    Iterator() = default;
    Iterator(const PersistentTable* table, std::size_t leaf, std::size_t at)
        : table_(table), leaf_(leaf), at_(at) {}
    reference operator*() const { return (*table_->leaves_[leaf_])[at_]; }
    pointer operator->() const { return &**this; }
    Iterator& operator++() {
      if (++at_ == table_->leaves_[leaf_]->size()) ++leaf_, at_ = 0;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return leaf_ == other.leaf_ && at_ == other.at_; }

   private:
    const PersistentTable* table_ = nullptr;
    std::size_t leaf_ = 0;
    std::size_t at_ = 0;
  };

  [[nodiscard]] Iterator begin() const { return {this, 0, 0}; }
  [[nodiscard]] Iterator end() const { return {this, leaves_.size(), 0}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  [[nodiscard]] Iterator find(std::int64_t id) const {
    const auto [leaf, at] = place(id);
    return has(leaf, at, id) ? Iterator(this, leaf, at) : end();
  }

  void set(std::int64_t id, std::shared_ptr<const void> object);
  void erase(std::int64_t id);

 private:
  [[nodiscard]] std::pair<std::size_t, std::size_t> place(std::int64_t id) const;
  [[nodiscard]] bool has(std::size_t leaf, std::size_t at, std::int64_t id) const {
    return leaf < leaves_.size() && at < leaves_[leaf]->size() && (*leaves_[leaf])[at].first == id;
  }
  Leaf& own(std::size_t at);
  void split(std::size_t at);

  std::vector<std::shared_ptr<Leaf>> leaves_;  // by id
  std::vector<std::int64_t> firsts_;  // of each leaf its first id, so that a look-up touches one leaf
  std::size_t size_ = 0;
};

}  // namespace xivo::model
