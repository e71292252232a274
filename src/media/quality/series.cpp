#include "media/quality/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rtp/quality.hpp"

namespace xivo::media {
namespace {

std::uint16_t bounded(std::uint64_t value) {
  return static_cast<std::uint16_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::uint16_t>::max()));
}

std::uint16_t mean(std::uint16_t a, std::uint16_t b) { return static_cast<std::uint16_t>((a + b + 1) / 2); }

}  // namespace

std::uint16_t mos_hundredths(double loss_permille, double jitter_ms, double round_trip_ms, double packet_ms) {
  // The codecs that phones talk in all count as G.711: rtp/quality.hpp says why.
  const rtp::StreamFigures figures{round_trip_ms, jitter_ms, packet_ms, loss_permille / 10};
  const auto score =
      rtp::mean_opinion_score(rtp::transmission_rating(figures, rtp::codec_impairment("PCMA")));
  return static_cast<std::uint16_t>(std::lround(score * 100));
}

bool QualitySeries::add(const Totals& totals, runtime::Instant now) {
  const auto received = totals.received - std::min(totals.received, received_);
  const auto lost = totals.lost - std::min(totals.lost, lost_);  // a late packet takes a loss back
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(sample_begin_ - begin_);
  received_ = totals.received;
  lost_ = totals.lost;
  sample_begin_ = now;
  if (received == 0) return false;
  if (samples_.size() == kMax) halve();
  QualitySample sample;
  sample.at_s = static_cast<std::uint32_t>(at.count());
  sample.loss_permille = bounded(lost * 1000 / (lost + received));
  sample.jitter_ms = bounded(totals.jitter_us / 1000);
  sample.round_trip_ms = bounded(totals.round_trip_us / 1000);
  sample.remote_loss_permille = bounded(totals.remote_loss_permille);
  sample.mos_hundredths =
      mos_hundredths(sample.loss_permille, sample.jitter_ms, sample.round_trip_ms, totals.packet_ms);
  samples_.push_back(sample);
  return true;
}

void QualitySeries::halve() {
  for (std::size_t i = 0; i < kMax / 2; ++i) {
    const auto& a = samples_[2 * i];
    const auto& b = samples_[2 * i + 1];
    samples_[i] = {a.at_s,
                   mean(a.loss_permille, b.loss_permille),
                   mean(a.jitter_ms, b.jitter_ms),
                   mean(a.round_trip_ms, b.round_trip_ms),
                   mean(a.remote_loss_permille, b.remote_loss_permille),
                   mean(a.mos_hundredths, b.mos_hundredths)};
  }
  samples_.resize(kMax / 2);
  interval_ *= 2;
}

}  // namespace xivo::media
