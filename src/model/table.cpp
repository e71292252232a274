#include "model/table.hpp"

#include <algorithm>
#include <atomic>

#include "base/assert.hpp"

namespace xivo::model {

namespace {

constexpr auto kBefore = [](const std::pair<std::int64_t, RevisionNumber>& entry, std::int64_t id) {
  return entry.first < id;
};

}  // namespace

RevisionNumber RevisionIndex::at(std::int64_t id) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), id, kBefore);
  return found == entries_.end() || found->first != id ? 0 : found->second;
}

void RevisionIndex::set(std::int64_t id, RevisionNumber revision) {
  const auto place = std::lower_bound(entries_.begin(), entries_.end(), id, kBefore);
  if (place != entries_.end() && place->first == id) {
    place->second = revision;
  } else {
    entries_.insert(place, {id, revision});
  }
}

void RevisionIndex::erase(std::int64_t id) {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), id, kBefore);
  if (found != entries_.end() && found->first == id) entries_.erase(found);
}

std::shared_ptr<const void> AnyTable::share(std::int64_t id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : found->second;
}

const void* AnyTable::find(std::int64_t id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : found->second.get();
}

void AnyTable::for_each(const Visitor& visit) const {
  for (const auto& [id, object] : objects_) visit(id, object.get());
}

void AnyTable::put(std::int64_t id, std::shared_ptr<const void> object, RevisionNumber revision) {
  objects_.set(id, std::move(object));
  revisions_.set(id, revision);
  reserve_ids(id + 1);
}

void AnyTable::erase(std::int64_t id) {
  objects_.erase(id);
  revisions_.erase(id);
}

KindSlot next_kind_slot() {
  static std::atomic<KindSlot> next{0};
  const KindSlot slot = next.fetch_add(1);
  XIVO_ASSERT(slot < kKindsMax);
  return slot;
}

}  // namespace xivo::model
