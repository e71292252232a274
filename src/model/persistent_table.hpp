#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace xivo::model {

/// Shared objects by id, ordered. A copy shares everything; a change of one copies a leaf of at most kLeafMax entries, so
/// that changing one of 10,000 objects costs microseconds whoever still reads the state before.
/// Thread  any may read; changes belong to the one who made the copy.
template <class Object>
class PersistentTable {
 public:
  using Entry = std::pair<std::int64_t, std::shared_ptr<const Object>>;
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

  void set(std::int64_t id, std::shared_ptr<const Object> object) {
    if (leaves_.empty()) leaves_.push_back(std::make_shared<Leaf>());
    const auto [leaf, at] = place(id);
    Leaf& entries = own(leaf);
    if (at < entries.size() && entries[at].first == id) {
      entries[at].second = std::move(object);
      return;
    }
    entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at), Entry(id, std::move(object)));
    ++size_;
    if (entries.size() > kLeafMax) split(leaf);
  }

  void erase(std::int64_t id) {
    const auto [leaf, at] = place(id);
    if (!has(leaf, at, id)) return;
    Leaf& entries = own(leaf);
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
    --size_;
    if (entries.empty()) leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(leaf));
  }

 private:
  /// Where the id is or would be: in the last leaf that does not start behind it.
  [[nodiscard]] std::pair<std::size_t, std::size_t> place(std::int64_t id) const {
    const auto after = std::upper_bound(
        leaves_.begin(), leaves_.end(), id,
        [](std::int64_t wanted, const auto& leaf) { return !leaf->empty() && wanted < leaf->front().first; });
    const std::size_t leaf =
        after == leaves_.begin() ? 0 : static_cast<std::size_t>(after - leaves_.begin()) - 1;
    if (leaf >= leaves_.size()) return {0, 0};
    const Leaf& entries = *leaves_[leaf];
    const auto at =
        std::lower_bound(entries.begin(), entries.end(), id,
                         [](const Entry& entry, std::int64_t wanted) { return entry.first < wanted; });
    return {leaf, static_cast<std::size_t>(at - entries.begin())};
  }
  [[nodiscard]] bool has(std::size_t leaf, std::size_t at, std::int64_t id) const {
    return leaf < leaves_.size() && at < leaves_[leaf]->size() && (*leaves_[leaf])[at].first == id;
  }

  /// The leaf for writing; one that nobody shares is ours already.
  Leaf& own(std::size_t at) {
    if (leaves_[at].use_count() > 1) leaves_[at] = std::make_shared<Leaf>(*leaves_[at]);
    return *leaves_[at];
  }

  void split(std::size_t at) {
    Leaf& full = *leaves_[at];
    // Ids mostly grow: a full last leaf stays as it is, so that leaves are not left half empty.
    const std::size_t keep = at + 1 == leaves_.size() ? full.size() - 1 : full.size() / 2;
    const auto middle = full.begin() + static_cast<std::ptrdiff_t>(keep);
    auto rest = std::make_shared<Leaf>(std::make_move_iterator(middle), std::make_move_iterator(full.end()));
    full.erase(middle, full.end());
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(rest));
  }

  std::vector<std::shared_ptr<Leaf>> leaves_;  // by id
  std::size_t size_ = 0;
};

}  // namespace xivo::model
