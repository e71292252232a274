#include "model/persistent_table.hpp"

#include <algorithm>

namespace xivo::model {

void PersistentTable::set(std::int64_t id, std::shared_ptr<const void> object) {
  if (leaves_.empty()) {
    leaves_.push_back(std::make_shared<Leaf>());
    firsts_.push_back(id);
  }
  const auto [leaf, at] = place(id);
  Leaf& entries = own(leaf);
  if (at < entries.size() && entries[at].first == id) {
    entries[at].second = std::move(object);
    return;
  }
  entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at), Entry(id, std::move(object)));
  firsts_[leaf] = entries.front().first;
  ++size_;
  if (entries.size() > kLeafMax) split(leaf);
}

void PersistentTable::erase(std::int64_t id) {
  const auto [leaf, at] = place(id);
  if (!has(leaf, at, id)) return;
  Leaf& entries = own(leaf);
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
  --size_;
  if (!entries.empty()) {
    firsts_[leaf] = entries.front().first;
    return;
  }
  leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(leaf));
  firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(leaf));
}

/// Where the id is or would be: in the last leaf that does not start behind it.
std::pair<std::size_t, std::size_t> PersistentTable::place(std::int64_t id) const {
  if (leaves_.empty()) return {0, 0};
  const auto after = std::upper_bound(firsts_.begin(), firsts_.end(), id);
  const std::size_t leaf =
      after == firsts_.begin() ? 0 : static_cast<std::size_t>(after - firsts_.begin()) - 1;
  const Leaf& entries = *leaves_[leaf];
  // Mostly ids follow each other without a gap: the distance to the first tells the place.
  const std::uint64_t guess = static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(firsts_[leaf]);
  if (guess < entries.size() && entries[guess].first == id) return {leaf, guess};
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), id,
                       [](const Entry& entry, std::int64_t wanted) { return entry.first < wanted; });
  return {leaf, static_cast<std::size_t>(at - entries.begin())};
}

/// The leaf for writing; one that nobody shares is ours already.
PersistentTable::Leaf& PersistentTable::own(std::size_t at) {
  if (leaves_[at].use_count() > 1) leaves_[at] = std::make_shared<Leaf>(*leaves_[at]);
  return *leaves_[at];
}

void PersistentTable::split(std::size_t at) {
  Leaf& full = *leaves_[at];
  // Ids mostly grow: a full last leaf stays as it is, so that leaves are not left half empty.
  const std::size_t keep = at + 1 == leaves_.size() ? full.size() - 1 : full.size() / 2;
  const auto middle = full.begin() + static_cast<std::ptrdiff_t>(keep);
  auto rest = std::make_shared<Leaf>(std::make_move_iterator(middle), std::make_move_iterator(full.end()));
  full.erase(middle, full.end());
  const auto behind = static_cast<std::ptrdiff_t>(at) + 1;
  firsts_.insert(firsts_.begin() + behind, rest->front().first);
  leaves_.insert(leaves_.begin() + behind, std::move(rest));
}

}  // namespace xivo::model
