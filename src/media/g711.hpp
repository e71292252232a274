#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "media/description.hpp"

namespace xivo::media {

/// The two laws of G.711. Source  ITU-T G.711; RFC 3551 §4.5.14
enum class G711 : std::uint8_t { ALaw, MuLaw };

/// Of a codec named PCMA or PCMU at 8 kHz mono; nothing for all others.
std::optional<G711> g711_of(const Codec& codec);

/// 16-bit linear to a code word and back. Rounding: a sample takes the code word of the interval it lies in, as in
/// spandsp 0.0.6 (all 65,536 inputs agree, which a test checks).
std::uint8_t encode_sample(G711 law, std::int16_t sample) noexcept;
std::int16_t decode_sample(G711 law, std::uint8_t code) noexcept;

/// Writes samples.size() code words to `out`, which has room for them.
void encode(G711 law, std::span<const std::int16_t> samples, std::span<std::uint8_t> out) noexcept;

/// The code word of silence.
constexpr std::uint8_t silence(G711 law) noexcept { return law == G711::ALaw ? 0xd5 : 0xff; }

}  // namespace xivo::media
