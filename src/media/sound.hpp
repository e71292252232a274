#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace xivo::media {

inline constexpr std::size_t kFrameSize = 160;  // octets of one 20 ms packet of G.711 and of G.722
inline constexpr int kFrameMs = 20;

/// A file, encoded once: whole frames back to back, all of one size, the last one filled up with silence. Immutable and
/// shared by all who listen to it.
struct Sound {
  std::vector<std::uint8_t> frames;
  std::uint16_t frame_size = kFrameSize;  // octets
  std::uint16_t frame_ticks = 160;  // of the codec's RTP clock; 0: all its packets have the time of the first
  std::uint16_t closing_ticks = 0;  // to be added at its end
  std::uint32_t clock_rate = 8000;  // the RTP clock
};

/// What a play() plays: one prompt, or the titles of a music class in order. Never empty, nor is any title.
struct Playlist {
  std::vector<std::shared_ptr<const Sound>> titles;
  bool endless = false;  // music: after the last title comes the first
};

}  // namespace xivo::media
