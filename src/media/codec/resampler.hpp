#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace xivo::media {

/// One stream of samples at another rate, mono. The only place that knows speexdsp.
/// Cost    5 µs a frame of 20 ms between 8 and 16 kHz
class Resampler {
 public:
  static constexpr int kQuality =
      3;  // of 10: nothing of it is heard on a telephone, and 10 costs ten times as much

  /// `whole`: a recording, which shall not begin with the filter's delay as silence; a stream had better begin with it
  /// than lack samples.
  Resampler(std::uint32_t from, std::uint32_t to, bool whole = false);
  ~Resampler();
  Resampler(const Resampler&) = delete;
  Resampler& operator=(const Resampler&) = delete;

  /// Writes the sound of `in` to `out`, as far as it has room; returns the number of samples. Over a stream as many as
  /// the rates say; a single call may give one more or one less.
  std::size_t process(std::span<const std::int16_t> in, std::span<std::int16_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A whole recording at another rate, as it is when the rates are the same.
std::vector<std::int16_t> resampled(std::vector<std::int16_t> samples, std::uint32_t from, std::uint32_t to);

}  // namespace xivo::media
