#include "media/codec/sound_encoder.hpp"

#include <algorithm>
#include <array>

#include "media/codec/resampler.hpp"

namespace xivo::media {
namespace {

constexpr std::uint32_t kFramesPerSecond = 50;

/// The rate to encode at: the codec's own, or for Opus that of the file if it knows it.
std::uint32_t encoding_rate(CodecKind kind, std::uint32_t recorded) {
  if (const auto rate = sample_rate(kind); rate != 0) return rate;
  return recorded == 8'000 || recorded == 16'000 || recorded == 24'000 ? recorded : kSampleRateMax;
}

}  // namespace

Result<Sound> encode_sound(CodecKind kind, Recording recording) {
  EncoderOptions options;
  options.constant_bit_rate = true;
  const auto rate = encoding_rate(kind, recording.rate);
  const auto encoder = make_encoder(kind, rate, options);
  if (!encoder) return fail("codec cannot be played");
  auto samples = resampled(std::move(recording.samples), recording.rate, rate);
  const std::size_t length = rate / kFramesPerSecond;
  samples.resize(std::max<std::size_t>(1, (samples.size() + length - 1) / length) * length);
  Sound sound;
  sound.clock_rate = rtp_rate(kind);
  sound.frame_ticks = static_cast<std::uint16_t>(sound.clock_rate / kFramesPerSecond);
  std::array<std::uint8_t, kPayloadMax> frame;
  for (std::size_t at = 0; at < samples.size(); at += length) {
    const auto size = encoder->encode(std::span<const std::int16_t>(samples).subspan(at, length), frame);
    if (at == 0) {
      sound.frame_size = static_cast<std::uint16_t>(size);
      sound.frames.reserve(samples.size() / length * size);
    }
    if (size == 0 || size != sound.frame_size) return fail("codec cannot be played");
    sound.frames.insert(sound.frames.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return sound;
}

Result<Sound> silent_sound(CodecKind kind, std::size_t frames) {
  constexpr std::uint32_t kRate = 8'000;
  return encode_sound(kind, {std::vector<std::int16_t>(frames * (kRate / kFramesPerSecond)), kRate});
}

}  // namespace xivo::media
