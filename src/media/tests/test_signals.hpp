#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

/// Sound for tests, and what can be heard in it.
namespace xivo::media {

inline std::vector<std::int16_t> tone(double hertz, std::uint32_t rate, std::size_t samples,
                                      double amplitude = 8'000) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
    out[i] = static_cast<std::int16_t>(amplitude * std::sin(phase));
  }
  return out;
}

inline double power(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const auto sample : samples) sum += double(sample) * sample;
  return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

/// How much of the power is at one frequency: 1 for a pure tone. (The Goertzel algorithm's result, computed plainly.)
inline double share_of(double hertz, std::uint32_t rate, std::span<const std::int16_t> samples) {
  double sine = 0;
  double cosine = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
    sine += samples[i] * std::sin(phase);
    cosine += samples[i] * std::cos(phase);
  }
  const auto count = static_cast<double>(samples.size());
  const auto all = power(samples);
  return all == 0 ? 0 : 2 * (sine * sine + cosine * cosine) / (count * count) / all;
}

}  // namespace xivo::media
