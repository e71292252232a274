#include "media/port_pool.hpp"

#include <algorithm>
#include <cerrno>

#include "base/assert.hpp"

namespace xivo::media {
namespace {
constexpr auto kRetryTaken = std::chrono::seconds(30);  // a port that another program has
}

PortPool::PortPool(const Slice& slice, PortOpener& opener, runtime::Rng& rng)
    : slice_(slice), opener_(opener), rng_(rng), next_slot_(slice.first_slot) {
  free_numbers_.reserve(slice.pairs);
  for (std::uint32_t i = 0; i < slice.pairs; ++i) {
    free_numbers_.push_back(static_cast<std::uint16_t>(slice.first + 2 * i));
  }
}

PortPool::Shelf* PortPool::shelf_of(const IpAddress& local) {
  const auto found =
      std::find_if(shelves_.begin(), shelves_.end(), [&](const Shelf& s) { return s.local == local; });
  if (found != shelves_.end()) return &*found;
  if (shelves_.size() == kAddressesMax) return nullptr;
  shelves_.push_back({local, local, {}, {}, {}});
  return &shelves_.back();
}

Result<PortPair> PortPool::take(const IpAddress& local, runtime::Instant now) {
  Shelf* shelf = shelf_of(local);
  if (shelf == nullptr) return fail("no free media port", static_cast<std::int64_t>(kAddressesMax));
  free_rested(now);
  if (auto pair = take_open(*shelf, now)) return *pair;
  auto opened = open_new(*shelf, now);
  if (opened) return opened;
  if (auto pair = take_resting(shelf->silent, {}, now)) return *pair;
  if (auto pair = take_resting(shelf->used, kRestLeast, now)) return *pair;
  return opened;
}

// Without opening anything: what has rested, then the store, so that a steady stream of calls opens no sockets at all.
// Where many silent pairs are at rest they are used again early: calls without media come faster then than sockets
// should be opened and closed.
std::optional<PortPair> PortPool::take_open(Shelf& shelf, runtime::Instant now) {
  if (auto pair = take_resting(shelf.used, kRest, now)) return pair;
  if (auto pair = take_resting(shelf.silent, kRestSilent, now)) return pair;
  if (!shelf.store.empty()) {
    const auto pair = shelf.store.back();
    shelf.store.pop_back();
    --spare_open_;
    return pair;
  }
  if (spare_open_ < slice_.spare_open_max / 2) return std::nullopt;
  return take_resting(shelf.silent, {}, now);
}

std::optional<PortPair> PortPool::take_resting(std::deque<Resting>& resting, runtime::Duration least,
                                               runtime::Instant now) {
  if (resting.empty() || now - resting.front().since < least) return std::nullopt;
  const auto pair = resting.front().pair;
  resting.pop_front();
  --spare_open_;
  return pair;
}

std::optional<Slot> PortPool::take_slot() {
  if (!free_slots_.empty()) {
    const auto slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
  }
  if (next_slot_ - slice_.first_slot >= slots_of(slice_)) return std::nullopt;
  return next_slot_++;
}

Result<PortPair> PortPool::open_new(Shelf& shelf, runtime::Instant now) {
  if (free_numbers_.empty() && !close_one_elsewhere(shelf, now)) return fail("no free media port");
  const auto slot = take_slot();
  if (!slot) return fail("no free media port");
  int error = 0;
  for (std::size_t attempt = 0; attempt < kOpenAttempts && !free_numbers_.empty(); ++attempt) {
    auto& chosen = free_numbers_[rng_.below(free_numbers_.size())];
    const PortPair pair{*slot, chosen, shelf.local};
    const auto opened = open_at(shelf, pair);
    if (opened) {
      chosen = free_numbers_.back();
      free_numbers_.pop_back();
      return pair;
    }
    error = static_cast<int>(opened.error().detail);
    if (error != EADDRINUSE) break;
    resting_numbers_.push_back({chosen, now + kRetryTaken});
    chosen = free_numbers_.back();
    free_numbers_.pop_back();
  }
  free_slots_.push_back(*slot);
  return fail("no free media port", error);
}

Result<void> PortPool::open_at(Shelf& shelf, const PortPair& pair) {
  auto opened = opener_.open(pair.slot, {shelf.bound, pair.rtp});
  if (opened || opened.error().detail != EADDRNOTAVAIL || shelf.bound.is_unspecified()) return opened;
  shelf.bound = shelf.local.is_v4() ? IpAddress::v4(0) : IpAddress();
  return opener_.open(pair.slot, {shelf.bound, pair.rtp});
}

void PortPool::free_rested(runtime::Instant now) {
  while (!resting_numbers_.empty() && resting_numbers_.front().until <= now) {
    free_numbers_.push_back(resting_numbers_.front().rtp);
    resting_numbers_.pop_front();
  }
}

void PortPool::give_back(const PortPair& pair, bool carried_packets, runtime::Instant now) {
  Shelf* shelf = shelf_of(pair.local);
  XIVO_ASSERT(shelf != nullptr);  // take() has made it
  (carried_packets ? shelf->used : shelf->silent).push_back({pair, now});
  ++spare_open_;
  close_excess();
}

void PortPool::give_back_port(std::uint16_t rtp, runtime::Instant now) {
  resting_numbers_.push_back({rtp, now + kRest});
}

void PortPool::close_pair(const PortPair& pair, runtime::Instant rests_until) {
  opener_.close(pair.slot);
  free_slots_.push_back(pair.slot);
  resting_numbers_.push_back({pair.rtp, rests_until});
  --spare_open_;
}

// Those that rest longest are of the least use to the next session.
void PortPool::close_excess() {
  while (spare_open_ > slice_.spare_open_max) {
    const auto fullest =
        std::max_element(shelves_.begin(), shelves_.end(), [](const Shelf& a, const Shelf& b) {
          return a.store.size() + a.silent.size() + a.used.size() <
                 b.store.size() + b.silent.size() + b.used.size();
        });
    auto& resting = !fullest->used.empty() ? fullest->used : fullest->silent;
    if (!resting.empty()) {
      const auto last = resting.back();
      resting.pop_back();
      close_pair(last.pair, last.since + kRest);
    } else {
      const auto pair = fullest->store.back();
      fullest->store.pop_back();
      close_pair(pair, {});
    }
  }
}

// An address that has come into use takes numbers from the store of one that has them to spare.
bool PortPool::close_one_elsewhere(const Shelf& but, runtime::Instant now) {
  for (auto& shelf : shelves_) {
    if (&shelf == &but || shelf.store.empty()) continue;
    const auto pair = shelf.store.back();
    shelf.store.pop_back();
    opener_.close(pair.slot);
    free_slots_.push_back(pair.slot);
    free_numbers_.push_back(pair.rtp);
    --spare_open_;
    free_rested(now);
    return true;
  }
  return false;
}

bool PortPool::wants_refill(const IpAddress& local) const {
  const auto found =
      std::find_if(shelves_.begin(), shelves_.end(), [&](const Shelf& s) { return s.local == local; });
  return found != shelves_.end() && found->store.size() < kInStore / 2 && !free_numbers_.empty() &&
         spare_open_ < slice_.spare_open_max / 2;
}

void PortPool::refill(const IpAddress& local, runtime::Instant now) {
  Shelf* shelf = shelf_of(local);
  if (shelf == nullptr) return;
  free_rested(now);
  while (shelf->store.size() < kInStore && !free_numbers_.empty() &&
         spare_open_ < slice_.spare_open_max / 2) {
    const auto opened = open_new(*shelf, now);
    if (!opened) return;
    shelf->store.push_back(*opened);
    ++spare_open_;
  }
}

}  // namespace xivo::media
