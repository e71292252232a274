#include "media/convert/jitter_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace xivo::media {
namespace {

using runtime::Duration;

constexpr std::int64_t kJumpUs = 1'000'000;  // a transit that differs by so much belongs to another time line
constexpr std::int64_t kSequenceJump = 1'000;
constexpr int kLateMax = 25;  // half a second of packets in vain: the position is wrong
constexpr std::size_t kAimEvery = 8;  // packets
constexpr std::size_t kFew = 16;  // packets that say little about jitter
constexpr Duration kDecay = std::chrono::milliseconds(1);  // of the aim, each time that less would do
// Bounds of the delay around the aim. The play wheel's phase alone makes it differ by up to a frame.
constexpr std::int64_t kTooLittleUs = 10'000;
constexpr std::int64_t kFarTooLittleUs = 60'000;
constexpr std::int64_t kTooMuchUs = 30'000;
constexpr std::int64_t kFarTooMuchUs = 80'000;
constexpr std::int64_t kHopelessUs = 300'000;  // after a stall: leave it out at once
constexpr int kFrameMs = 20;

std::int64_t us_of(runtime::Instant at) { return at.time_since_epoch().count(); }

}  // namespace

JitterBuffer::JitterBuffer(const Options& options) : options_(options), target_(options.delay_start) {
  restart(options.clock_rate);
}

void JitterBuffer::restart(std::uint32_t clock_rate) {
  options_.clock_rate = clock_rate;
  for (auto& slot : slots_) slot = {};
  for (std::size_t i = 0; i < kBlocks; ++i) {
    next_block_[i] = i + 1 < kBlocks ? static_cast<std::uint8_t>(i + 1) : kNoBlock;
  }
  free_block_ = 0;
  free_blocks_ = kBlocks;
  count_ = 0;
  started_ = playing_ = false;
  transit_count_ = 0;
  late_in_a_row_ = 0;
}

// ------------------------------------------------------------------------------------------------ transit

void JitterBuffer::note_transit(std::int64_t transit_us) {
  transits_[transit_count_ % kTransits] = static_cast<std::int32_t>(transit_us - transit_origin_);
  ++transit_count_;
  base_us_ = std::min(base_us_, transit_us);
  if (transit_count_ % kAimEvery == 0) aim();
}

void JitterBuffer::aim() {
  const auto count = std::min(transit_count_, kTransits);
  auto sorted = transits_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
  const auto most = sorted.begin() + static_cast<std::ptrdiff_t>((count - 1) * 97 / 100);
  std::nth_element(sorted.begin(), most, end);
  const auto least = *std::min_element(sorted.begin(), end);
  base_us_ = transit_origin_ + least;
  Duration wanted(*most - least);
  if (count < kFew) wanted = std::max<Duration>(wanted, options_.delay_start);
  wanted = std::clamp<Duration>(wanted, options_.delay_min, options_.delay_max);
  target_ = std::max(wanted, target_ - kDecay);
}

bool JitterBuffer::jumped(std::int64_t sequence, std::int64_t transit_us) const {
  return std::abs(sequence - newest_) > kSequenceJump || std::abs(transit_us - base_us_) > kJumpUs;
}

// ------------------------------------------------------------------------------------------------ putting

void JitterBuffer::begin_stream(const rtp::Header& header, std::int64_t arrival_us) {
  const auto target = target_;
  restart(options_.clock_rate);
  started_ = true;
  ssrc_ = header.ssrc;
  lowest_ = newest_ = std::int64_t{header.sequence} + 0x10000;  // room below for what comes out of order
  newest_timestamp_ = std::int64_t{header.timestamp} + 0x1'0000'0000;
  first_arrival_us_ = arrival_us;
  transit_origin_ = base_us_ = arrival_us - to_us(newest_timestamp_);
  target_ = std::max<Duration>(target, options_.delay_start);
}

JitterBuffer::Put JitterBuffer::put(const rtp::Header& header, rtp::Bytes payload, runtime::Instant now) {
  if (payload.size() > kPayloadBytesMax) return Put::Refused;
  const auto arrival = us_of(now);
  bool restarted = !started_ || header.ssrc != ssrc_;
  if (restarted) begin_stream(header, arrival);
  const auto unwrap = [&] {
    return std::pair{
        newest_ + static_cast<std::int16_t>(header.sequence - static_cast<std::uint16_t>(newest_)),
        newest_timestamp_ +
            static_cast<std::int32_t>(header.timestamp - static_cast<std::uint32_t>(newest_timestamp_))};
  };
  auto [sequence, timestamp] = unwrap();
  if (jumped(sequence, arrival - to_us(timestamp)) || late_in_a_row_ >= kLateMax) {
    restarted = true;
    begin_stream(header, arrival);
    std::tie(sequence, timestamp) = unwrap();
  }
  note_transit(arrival - to_us(timestamp));
  const auto outcome = keep(sequence, timestamp, header, payload);
  if (!restarted || outcome != Put::Kept) return outcome;
  ++figures_.restarted;
  return Put::Restarted;
}

JitterBuffer::Put JitterBuffer::keep(std::int64_t sequence, std::int64_t timestamp, const rtp::Header& header,
                                     rtp::Bytes payload) {
  if (sequence <= newest_ - static_cast<std::int64_t>(kPacketsMax) ||
      (playing_ && timestamp < position_ - ms(kFrameMs / 2))) {
    ++figures_.late;
    ++late_in_a_row_;
    return Put::Late;
  }
  late_in_a_row_ = 0;
  Slot& place = slot(sequence);
  if (sequence <= newest_ && place.used) {
    ++figures_.duplicate;
    return Put::Duplicate;
  }
  while (count_ > 0 && sequence - lowest_ >= static_cast<std::int64_t>(kPacketsMax)) drop_oldest();
  if (count_ == 0) lowest_ = sequence;
  const auto needed = (payload.size() + kBlockSize - 1) / kBlockSize;
  while (free_blocks_ < needed && count_ > 0) drop_oldest();
  if (!store(place, payload)) return Put::Refused;
  place.timestamp = timestamp;
  place.payload_type = header.payload_type;
  place.used = true;
  ++count_;
  ++figures_.kept;
  lowest_ = count_ == 1 ? sequence : std::min(lowest_, sequence);
  if (sequence > newest_) {
    newest_ = sequence;
    newest_timestamp_ = timestamp;
  }
  return Put::Kept;
}

bool JitterBuffer::store(Slot& place, rtp::Bytes payload) {
  if ((payload.size() + kBlockSize - 1) / kBlockSize > free_blocks_) return false;
  place.size = static_cast<std::uint16_t>(payload.size());
  place.first_block = kNoBlock;
  std::uint8_t* link = &place.first_block;
  for (std::size_t at = 0; at < payload.size(); at += kBlockSize) {
    const auto block = free_block_;
    free_block_ = next_block_[block];
    --free_blocks_;
    const auto length = std::min(kBlockSize, payload.size() - at);
    std::memcpy(blocks_[block].data(), payload.data() + at, length);
    next_block_[block] = kNoBlock;
    *link = block;
    link = &next_block_[block];
  }
  return true;
}

rtp::Bytes JitterBuffer::load(const Slot& place) {
  std::size_t at = 0;
  for (auto block = place.first_block; block != kNoBlock; block = next_block_[block]) {
    const auto length = std::min<std::size_t>(kBlockSize, place.size - at);
    std::memcpy(scratch_.data() + at, blocks_[block].data(), length);
    at += length;
  }
  return {scratch_.data(), at};
}

void JitterBuffer::drop(Slot& place) {
  for (auto block = place.first_block; block != kNoBlock;) {
    const auto after = next_block_[block];
    next_block_[block] = free_block_;
    free_block_ = block;
    ++free_blocks_;
    block = after;
  }
  place = {};
  --count_;
}

void JitterBuffer::drop_oldest() {
  while (!slot(lowest_).used) ++lowest_;
  drop(slot(lowest_++));
  ++figures_.overflowed;
}

// ------------------------------------------------------------------------------------------------ taking

JitterBuffer::Slot* JitterBuffer::head() {
  while (count_ > 0) {
    while (!slot(lowest_).used) ++lowest_;
    Slot& first = slot(lowest_);
    if (first.timestamp >= position_ - ms(kFrameMs / 2)) return &first;
    drop(first);
    ++lowest_;
    ++figures_.late;
  }
  return nullptr;
}

void JitterBuffer::begin_playing() {
  playing_ = true;
  while (!slot(lowest_).used) ++lowest_;
  position_ = slot(lowest_).timestamp;
}

void JitterBuffer::skip_hopeless(std::int64_t lag_us) {
  const auto too_much = lag_us - target_.count();
  if (too_much > kHopelessUs) position_ += too_much * options_.clock_rate / 1'000'000;
}

JitterBuffer::Next JitterBuffer::next(runtime::Instant now, Duration queued, bool quiet) {
  const auto now_us = us_of(now);
  if (!playing_) {
    if (count_ == 0 || now_us - first_arrival_us_ < target_.count()) return {};
    begin_playing();
  }
  skip_hopeless(now_us + queued.count() - to_us(position_) - base_us_);
  const auto lag = now_us + queued.count() - to_us(position_) - base_us_;
  Slot* first = head();
  Next next;
  const auto gap = first != nullptr ? first->timestamp - position_ : 0;
  if (first != nullptr && gap <= ms(1)) return take(*first, lag, quiet);
  if (lag < target_.count() - kTooLittleUs) {
    ++figures_.stretched;
    next.kind = Next::Kind::Stretch;
    return next;
  }
  if (first != nullptr) return lose(*first, gap);
  next.kind = Next::Kind::Empty;
  return next;
}

JitterBuffer::Next JitterBuffer::take(Slot& first, std::int64_t lag_us, bool quiet) {
  Next next;
  const auto too_little = target_.count() - lag_us;
  if (too_little > kFarTooLittleUs || (quiet && too_little > kTooLittleUs)) {
    ++figures_.stretched;
    next.kind = Next::Kind::Stretch;
    return next;
  }
  if (-too_little > kFarTooMuchUs || (quiet && -too_little > kTooMuchUs)) {
    ++figures_.shrunk;
    next.shrink = true;
  }
  next.kind = Next::Kind::Packet;
  next.payload = load(first);
  next.payload_type = first.payload_type;
  position_ = first.timestamp;
  drop(first);
  ++lowest_;
  return next;
}

JitterBuffer::Next JitterBuffer::lose(Slot& first, std::int64_t gap) {
  Next next;
  next.kind = Next::Kind::Lost;
  next.missing = static_cast<std::uint32_t>(std::min<std::int64_t>(gap, ms(kFrameMs)));
  if (gap <= ms(kFrameMs) + ms(1)) {
    next.payload = load(first);
    next.payload_type = first.payload_type;
  }
  ++figures_.lost;
  return next;
}

}  // namespace xivo::media
