#include "call/census.hpp"

namespace xivo::call {

Census::~Census() {
  for (auto& chunk : users_) std::unique_ptr<Chunk>(chunk.load()).reset();
}

Census::Counter* Census::find(model::UserId user) const {
  const auto index = static_cast<std::uint64_t>(user.value) % kUsersMax;
  Chunk* chunk = users_[index / kChunk].load(std::memory_order_acquire);
  return chunk == nullptr ? nullptr : &(*chunk)[index % kChunk];
}

Census::Counter& Census::at(model::UserId user) {
  if (Counter* known = find(user)) return *known;
  auto& slot = users_[static_cast<std::uint64_t>(user.value) % kUsersMax / kChunk];
  auto made = std::make_unique<Chunk>();
  Chunk* expected = nullptr;
  // Another shard may have made it meanwhile; then ours goes again.
  if (slot.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) (void)made.release();
  return *find(user);
}

int Census::calls_of(model::UserId user) const {
  const Counter* counter = find(user);
  return counter == nullptr ? 0 : counter->load(std::memory_order_relaxed);
}

bool Census::claim(model::UserId user, int seen) {
  return at(user).compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed);
}

void Census::release(model::UserId user) {
  if (Counter* counter = find(user)) counter->fetch_sub(1, std::memory_order_relaxed);
}

std::size_t Census::place(model::TrunkId trunk, Direction way) {
  return static_cast<std::uint64_t>(trunk.value) % kTrunksMax * 2 + (way == Direction::Out ? 1 : 0);
}

int Census::channels_of(model::TrunkId trunk, Direction way) const {
  return channels_.at(place(trunk, way)).load(std::memory_order_relaxed);
}

bool Census::claim(model::TrunkId trunk, Direction way, std::int64_t most) {
  auto& channels = channels_.at(place(trunk, way));
  int seen = channels.load(std::memory_order_relaxed);
  do {
    if (most > 0 && seen >= most) return false;
  } while (!channels.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed));
  return true;
}

void Census::release(model::TrunkId trunk, Direction way) {
  channels_.at(place(trunk, way)).fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace xivo::call
