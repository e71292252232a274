#include "media/play_wheel.hpp"

#include <algorithm>

namespace xivo::media {

std::uint32_t PlayWheel::create(Stream stream) {
  std::uint32_t index;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(streams_.size());
    streams_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  streams_[index] = std::move(stream);
  streams_[index].turning = false;
  return index;
}

void PlayWheel::destroy(std::uint32_t index) {
  halt(index);
  streams_[index] = {};
  free_.push_back(index);
}

void PlayWheel::start(std::uint32_t index, runtime::Instant now) {
  Stream& stream = streams_[index];
  if (stream.turning) return;
  if (turning_ == 0) next_tick_ = tick_of(now) + 1;  // it stood still
  const auto slot = emptiest_slot();
  stream.wheel_slot = static_cast<std::uint8_t>(slot);
  stream.wheel_index = static_cast<std::uint32_t>(slots_[slot].size());
  stream.skips_seen = skips_;
  stream.turning = true;
  slots_[slot].push_back(index);
  ++turning_;
}

void PlayWheel::halt(std::uint32_t index) {
  Stream& stream = streams_[index];
  if (!stream.turning) return;
  auto& slot = slots_[stream.wheel_slot];
  slot[stream.wheel_index] = slot.back();
  streams_[slot[stream.wheel_index]].wheel_index = stream.wheel_index;
  slot.pop_back();
  stream.turning = false;
  --turning_;
}

// Among equals the one whose turn comes first, so that a prompt starts early.
std::uint32_t PlayWheel::emptiest_slot() const {
  std::uint32_t best = kSlots;
  for (std::uint32_t ahead = 0; ahead < kSlots; ++ahead) {
    const auto slot = static_cast<std::uint32_t>((next_tick_ + ahead) % kSlots);
    if (slot % step() != 0) continue;
    if (best == kSlots || slots_[slot].size() < slots_[best].size()) best = slot;
  }
  return best;
}

void PlayWheel::skip_missed(std::uint64_t last) {
  if (last < next_tick_) return;
  const auto whole_turns = (last - next_tick_) / kSlots;
  if (whole_turns == 0) return;
  next_tick_ += whole_turns * kSlots;
  skips_ += whole_turns;
}

std::optional<runtime::Instant> PlayWheel::next_deadline() const {
  if (turning_ == 0) return std::nullopt;
  auto tick = next_tick_;
  while (slots_[tick % kSlots].empty()) ++tick;
  const std::uint64_t granularity = step();
  tick = (tick + granularity - 1) / granularity * granularity;
  return runtime::Instant(std::chrono::milliseconds(tick));
}

}  // namespace xivo::media
