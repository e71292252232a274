// ITU-T G.107: the E-model, as far as a packet network decides it.
#include "rtp/quality.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::rtp {
namespace {

constexpr double kRatingDefault = 93.2;  // all parameters at their default values
constexpr double kDelayKnee = 177.3;     // ms; beyond it people begin to interrupt each other

struct Known {
  std::string_view name;
  CodecImpairment impairment;
};
// G.711 with the concealment of its appendix I, which phones have, and G.729A, GSM: G.113. G.722 and Opus are better than this scale
// of telephone bandwidth can say; their robustness is estimated from G.711's.
constexpr std::array kKnown{
    Known{"PCMA", {0, 25.1}}, Known{"PCMU", {0, 25.1}}, Known{"G722", {0, 20}},
    Known{"opus", {0, 25.1}}, Known{"G729", {11, 19}},  Known{"GSM", {20, 10}},
};

}  // namespace

CodecImpairment codec_impairment(std::string_view codec) {
  for (const auto& known : kKnown) {
    if (text::equal_ignoring_case(known.name, codec)) return known.impairment;
  }
  return {};
}

double transmission_rating(const StreamFigures& figures, const CodecImpairment& codec) {
  const double delay = figures.round_trip_ms / 2 + figures.packet_ms + 2 * figures.jitter_ms;
  const double from_delay = 0.024 * delay + 0.11 * std::max(0.0, delay - kDelayKnee);
  const double loss = std::clamp(figures.loss_percent, 0.0, 100.0);
  const double from_loss = codec.equipment + (95 - codec.equipment) * loss / (loss + codec.robustness);
  return std::clamp(kRatingDefault - from_delay - from_loss, 0.0, kRatingDefault);
}

double mean_opinion_score(double rating) {
  const double r = std::clamp(rating, 0.0, 100.0);
  return std::clamp(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1.0, 4.5);
}

}  // namespace xivo::rtp
