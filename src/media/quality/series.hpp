#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "runtime/clock.hpp"

namespace xivo::media {

/// How the stream from one far side was over one interval.
struct QualitySample {
  std::uint32_t at_s = 0;  // its beginning, since the first packet
  std::uint16_t loss_permille = 0;
  std::uint16_t jitter_ms = 0;             // at its end
  std::uint16_t round_trip_ms = 0;         // 0 = unknown
  std::uint16_t remote_loss_permille = 0;  // what the far side reports of our packets
  std::uint16_t mos_hundredths = 0;        // 100 to 450
  bool operator==(const QualitySample&) const = default;
};

/// The score of figures as Statistics count them, 100 to 450.  rtp/quality.hpp
std::uint16_t mos_hundredths(double loss_permille, double jitter_ms, double round_trip_ms, double packet_ms);

/// The samples of one session, taken while packets flow: one every five seconds, and never more than kMax: when they are full, two
/// and two become one and the interval doubles, so ten minutes are seen finely and a day still as a whole. 2 kB at most.
/// Thread  the media loop's
class QualitySeries {
 public:
  static constexpr std::size_t kMax = 120;
  static constexpr auto kFirstInterval = std::chrono::seconds(5);

  /// Figures since the session began.
  struct Totals {
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    std::uint32_t jitter_us = 0;
    std::uint32_t round_trip_us = 0;
    std::uint32_t remote_loss_permille = 0;
    std::uint32_t packet_ms = 20;
  };

  explicit QualitySeries(runtime::Instant now) : begin_(now), sample_begin_(now) {}

  [[nodiscard]] bool due(runtime::Instant now) const { return now - sample_begin_ >= interval_; }
  /// Ends the interval. One without a packet leaves no sample (a hold is not a bad line), and gives false.
  bool add(const Totals& totals, runtime::Instant now);

  [[nodiscard]] const std::vector<QualitySample>& samples() const { return samples_; }

 private:
  void halve();

  runtime::Instant begin_;
  runtime::Instant sample_begin_;
  std::chrono::seconds interval_ = kFirstInterval;
  std::uint64_t received_ = 0;  // until sample_begin_
  std::uint64_t lost_ = 0;
  std::vector<QualitySample> samples_;
};

}  // namespace xivo::media
