// RFC 3550 §A.1, §A.3, §A.8: sequence numbers, loss and interarrival jitter of one source.
#include "rtp/reception.hpp"

#include <algorithm>

namespace xivo::rtp {
namespace {

constexpr std::uint16_t kDropoutMax = 3000;   // RFC 3550 §A.1 MAX_DROPOUT
constexpr std::uint16_t kMisorderMax = 100;   // RFC 3550 §A.1 MAX_MISORDER
constexpr std::uint32_t kSequenceMod = 1u << 16;
constexpr std::int64_t kCumulativeMax = 0x7fffff;  // 24 bits, signed

}  // namespace

void Reception::start(std::uint16_t sequence) noexcept {
  lost_before_ += lost_now();
  started_ = true;
  base_ = sequence;
  max_ = sequence;
  bad_ = kNoBad;
  cycles_ = 0;
  received_ = 1;
  received_prior_ = 0;
  expected_prior_ = 0;
}

void Reception::pause() noexcept {
  lost_before_ += lost_now();
  started_ = false;
  timed_ = false;
}

Reception::Outcome Reception::on_sequence(std::uint16_t sequence) noexcept {
  if (!started_) {
    start(sequence);
    return Outcome::First;
  }
  const auto ahead = static_cast<std::uint16_t>(sequence - max_);
  if (ahead != 0 && ahead < kDropoutMax) {
    if (sequence < max_) cycles_ += kSequenceMod;
    max_ = sequence;
    ++received_;
    return Outcome::InOrder;
  }
  if (ahead != 0 && ahead <= kSequenceMod - kMisorderMax) {
    if (sequence == bad_) {
      start(sequence);
      timed_ = false;
      return Outcome::Restart;
    }
    bad_ = static_cast<std::uint16_t>(sequence + 1);
    return Outcome::Jump;
  }
  ++received_;
  return Outcome::Late;
}

void Reception::on_timing(std::uint32_t timestamp, std::uint32_t arrival) noexcept {
  const auto transit = arrival - timestamp;
  if (!timed_) {
    timed_ = true;
    transit_ = transit;
    last_timestamp_ = timestamp;
    return;
  }
  if (timestamp == last_timestamp_)
    return;  // several packets of one instant: their spread says nothing of the network
  last_timestamp_ = timestamp;
  const auto difference = static_cast<std::int32_t>(transit - transit_);
  transit_ = transit;
  const auto distance =
      difference < 0 ? 0u - static_cast<std::uint32_t>(difference) : static_cast<std::uint32_t>(difference);
  // A timestamp that jumps (a new codec, a sender that restarts its clock) is no jitter.
  constexpr std::uint32_t kDistanceMax = 48'000 * 10;
  if (distance > kDistanceMax) return;
  jitter_scaled_ += distance - ((jitter_scaled_ + 8) >> 4);
}

std::uint32_t Reception::lost_now() const noexcept {
  if (!started_) return 0;
  const auto wanted = expected();
  return wanted > received_ ? wanted - received_ : 0;
}

ReportBlock Reception::report(std::uint32_t ssrc) noexcept {
  ReportBlock block;
  block.ssrc = ssrc;
  if (!started_) return block;
  const auto wanted = expected();
  const auto expected_interval = static_cast<std::int64_t>(wanted) - expected_prior_;
  const auto received_interval = static_cast<std::int64_t>(received_) - received_prior_;
  expected_prior_ = wanted;
  received_prior_ = received_;
  const auto lost_interval = expected_interval - received_interval;
  if (expected_interval > 0 && lost_interval > 0) {
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>((lost_interval << 8) / expected_interval, 255));
  }
  block.cumulative_lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(
      static_cast<std::int64_t>(wanted) - received_, -kCumulativeMax - 1, kCumulativeMax));
  block.highest_sequence = highest_sequence();
  block.jitter = jitter();
  return block;
}

}  // namespace xivo::rtp
