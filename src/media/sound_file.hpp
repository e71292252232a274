#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace xivo::media {

/// What a sound file holds, mono.
struct Recording {
  std::vector<std::int16_t> samples;
  std::uint32_t rate = 8'000;
};

/// The samples of a WAV file of 8 to 48 kHz, stereo mixed down to mono. The only place that knows libsndfile.
/// Units   at most kSoundSecondsMax of sound
/// Errors  cannot open; not a WAV file; wrong rate, too many channels, empty, too long (detail: the offending number)
/// Thread  any but a media loop or a call shard: it reads a file
Result<Recording> read_sound_file(const std::string& path);

inline constexpr int kSoundSecondsMax = 30 * 60;

}  // namespace xivo::media
