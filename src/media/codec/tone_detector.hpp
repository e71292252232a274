#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace xivo::media {

/// Finds key presses that are sent as tones (DTMF).
/// Source  ITU-T Q.23, Q.24; the only place that knows spandsp's detector
class ToneDetector {
 public:
  /// `rate` of the samples it will be given.
  explicit ToneDetector(std::uint32_t rate);
  ~ToneDetector();
  ToneDetector(const ToneDetector&) = delete;
  ToneDetector& operator=(const ToneDetector&) = delete;

  /// At most 20 ms. Returns the key that was pressed within them: each press once, when it is sure; an interruption that
  /// seems less than 30 ms (the detector works in blocks of 13 ms) does not make two of one.
  std::optional<char> hear(std::span<const std::int16_t> samples);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xivo::media
