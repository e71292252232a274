// ITU-T G.711: A-law and µ-law.
#include "media/g711.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.hpp"

namespace xivo::media {
namespace {

constexpr std::uint8_t kALawMask = 0x55;  // even bits are inverted on the line
constexpr int kMuLawBias = 0x84;

constexpr int segment_of(int magnitude) {
  return std::bit_width(static_cast<unsigned>(magnitude | 0xff)) - 8;
}

constexpr std::uint8_t encode_a_law(std::int16_t sample) {
  int magnitude = sample;
  int sign = 0x80;
  if (sample < 0) {
    magnitude = -magnitude - 1;
    sign = 0;
  }
  const int segment = segment_of(magnitude);
  const int step = magnitude >> (segment == 0 ? 4 : segment + 3);
  return static_cast<std::uint8_t>((sign | (segment << 4) | (step & 0x0f)) ^ kALawMask);
}

constexpr std::int16_t decode_a_law(std::uint8_t code) {
  const int bits = code ^ kALawMask;
  const int segment = (bits & 0x70) >> 4;
  int magnitude = (bits & 0x0f) << 4;
  magnitude = segment == 0 ? magnitude + 8 : (magnitude + 0x108) << (segment - 1);
  return static_cast<std::int16_t>((bits & 0x80) != 0 ? magnitude : -magnitude);
}

constexpr std::uint8_t encode_mu_law(std::int16_t sample) {
  const int magnitude = kMuLawBias + (sample < 0 ? -int{sample} : int{sample});
  const int mask = sample < 0 ? 0x7f : 0xff;
  const int segment = segment_of(magnitude);
  if (segment >= 8) return static_cast<std::uint8_t>(0x7f ^ mask);
  return static_cast<std::uint8_t>(((segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) ^ mask);
}

constexpr std::int16_t decode_mu_law(std::uint8_t code) {
  const int bits = ~code & 0xff;
  const int magnitude = (((bits & 0x0f) << 3) + kMuLawBias) << ((bits & 0x70) >> 4);
  return static_cast<std::int16_t>((bits & 0x80) != 0 ? kMuLawBias - magnitude : magnitude - kMuLawBias);
}

constexpr std::array<std::int16_t, 256> decode_table(std::int16_t (*decode)(std::uint8_t)) {
  std::array<std::int16_t, 256> table{};
  for (std::size_t code = 0; code < 256; ++code) table[code] = decode(static_cast<std::uint8_t>(code));
  return table;
}

constexpr auto kALawDecoded = decode_table(decode_a_law);
constexpr auto kMuLawDecoded = decode_table(decode_mu_law);

}  // namespace

std::optional<G711> g711_of(const Codec& codec) {
  if (codec.clock_rate != 8000 || codec.channels != 1) return std::nullopt;
  if (text::equal_ignoring_case(codec.name, "PCMA")) return G711::ALaw;
  if (text::equal_ignoring_case(codec.name, "PCMU")) return G711::MuLaw;
  return std::nullopt;
}

std::uint8_t encode_sample(G711 law, std::int16_t sample) noexcept {
  return law == G711::ALaw ? encode_a_law(sample) : encode_mu_law(sample);
}

std::int16_t decode_sample(G711 law, std::uint8_t code) noexcept {
  return law == G711::ALaw ? kALawDecoded[code] : kMuLawDecoded[code];
}

void encode(G711 law, std::span<const std::int16_t> samples, std::span<std::uint8_t> out) noexcept {
  if (law == G711::ALaw) {
    std::transform(samples.begin(), samples.end(), out.begin(), encode_a_law);
  } else {
    std::transform(samples.begin(), samples.end(), out.begin(), encode_mu_law);
  }
}

}  // namespace xivo::media
