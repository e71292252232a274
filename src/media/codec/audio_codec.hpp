#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/description.hpp"

namespace xivo::media {

/// The codecs that we can decode and encode; all others can only be relayed.
enum class CodecKind : std::uint8_t { None, Pcma, Pcmu, G722, Opus, L16 };

/// Of a codec as SDP names it; None for one that we cannot decode.
CodecKind kind_of(const Codec& codec);
/// Rate of its RTP timestamps. G.722 says 8000 although it samples at 16,000.       RFC 3551 §4.5.2, RFC 7587 §4.1
std::uint32_t rtp_rate(CodecKind kind);
/// Rate at which it takes and gives samples; 0 for Opus, which does so at 8, 12, 16, 24 or 48 kHz.
std::uint32_t sample_rate(CodecKind kind);

/// What an encoder is told about the listener.
struct EncoderOptions {
  static constexpr int kComplexityDefault = 5;  // 10 costs twice as much and is hardly heard
  int complexity = kComplexityDefault;
  bool forward_error_correction = false;  // it can use it: a=fmtp useinbandfec=1
  bool constant_bit_rate = false;
  int expected_loss_percent = 5;  // only with forward error correction
  std::uint32_t bit_rate_max = 0;  // 0 = no limit
  std::uint32_t playback_rate_max = 48'000;  // what it can hear
  bool operator==(const EncoderOptions&) const = default;
};

/// Reads useinbandfec, cbr, maxplaybackrate and maxaveragebitrate; anything else, and nonsense, is left out. stereo and
/// sprop-stereo need nothing: we send mono, which every decoder takes.                              RFC 7587 §6.1
EncoderOptions opus_options(std::string_view fmtp);

inline constexpr std::size_t kPayloadMax = 1'275;  // octets of one Opus frame; all others are shorter
inline constexpr int kPacketMsMax = 120;  // of sound in one packet that we take
inline constexpr std::uint32_t kSampleRateMax = 48'000;
inline constexpr std::size_t kPacketSamplesMax = kSampleRateMax / 1000 * kPacketMsMax;

/// Turns the packets of one stream into sound. Allocates when it is made and never after.
/// Thread  one at a time
class Decoder {
 public:
  virtual ~Decoder() = default;

  /// Rate of the samples that it gives.
  [[nodiscard]] virtual std::uint32_t rate() const = 0;
  /// The sound of one packet: as much as fits into `out`. Returns the number of samples; 0 for a payload that is none.
  virtual std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) = 0;
  /// What the packet before `next` held, from the copy that `next` carries of it. Returns 0 when it carries none.
  virtual std::size_t recover(std::span<const std::uint8_t> next, std::span<std::int16_t> out);
  /// Fills `out` with what may have been lost: fades to silence when that goes on.
  virtual void conceal(std::span<std::int16_t> out) = 0;
};

/// Turns sound into the packets of one stream. Allocates when it is made and never after.
/// Thread  one at a time
class Encoder {
 public:
  virtual ~Encoder() = default;

  /// Rate of the samples that it takes.
  [[nodiscard]] virtual std::uint32_t rate() const = 0;
  /// One packet; `samples` are 10, 20, 40 or 60 ms, `out` has room for kPayloadMax. Returns its octets, 0 when it failed.
  virtual std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) = 0;
};

/// `rate`: what the samples shall have if the codec can choose (Opus); others give their own.
/// Returns nothing for CodecKind::None, or when memory is short.
std::unique_ptr<Decoder> make_decoder(CodecKind kind, std::uint32_t rate);
std::unique_ptr<Encoder> make_encoder(CodecKind kind, std::uint32_t rate, const EncoderOptions& options);

}  // namespace xivo::media
