#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/codec/audio_codec.hpp"
#include "media/codec/comfort_noise.hpp"
#include "media/codec/resampler.hpp"
#include "media/convert/codec_table.hpp"
#include "media/convert/jitter_buffer.hpp"

namespace xivo::media {

/// The sound of one far side, 20 ms at a time, whatever came of it: its packets put in order, decoded, concealed where they
/// are missing, and at one sample rate.
///
/// A decoder is made when the first packet of its codec comes (a side may change between those negotiated); nothing is
/// allocated after that. In Opus a single lost packet is taken from the copy in the next one.
/// Thread  one at a time
class AudioReceiver {
 public:
  /// Silence that lasts so long is sent to nobody any more: the far side has stopped sending.
  static constexpr int kRestAfterFrames = 60;
  /// Longer when it has said that it is silent and how (comfort noise).
  static constexpr int kRestAfterNoiseFrames = 3'000;

  /// `rate` of the sound that frame() gives: 8, 16 or 48 kHz.
  AudioReceiver(const CodecTable& codecs, std::uint32_t rate);

  void put(const rtp::Header& header, rtp::Bytes payload, runtime::Instant now);
  /// Writes 20 ms of sound. False: there is nothing to be heard now, and `out` is as it was.
  bool frame(runtime::Instant now, std::span<std::int16_t> out);
  /// Nothing has come for so long that frame() need not be called before the next put().
  [[nodiscard]] bool resting() const { return resting_; }

  [[nodiscard]] std::uint32_t rate() const { return rate_; }
  [[nodiscard]] std::size_t frame_samples() const { return rate_ / 50; }
  [[nodiscard]] const JitterBuffer& buffer() const { return buffer_; }

 private:
  struct Voice {
    CodecKind kind = CodecKind::None;
    std::unique_ptr<Decoder> decoder;
    std::unique_ptr<Resampler> resampler;
  };

  Voice* voice_for(CodecKind kind);
  [[nodiscard]] std::size_t queued() const { return queue_.size(); }
  bool fill(runtime::Instant now, std::size_t wanted);
  bool step(runtime::Instant now);
  void play(const JitterBuffer::Next& next);
  void play_noise_packet(const JitterBuffer::Next& next);
  void fill_gap(const JitterBuffer::Next& next);
  void conceal(std::uint32_t ticks);
  void append(Voice& voice, std::span<const std::int16_t> samples);
  void shrink(std::size_t frame);

  CodecTable codecs_;
  std::uint32_t rate_;
  JitterBuffer buffer_;
  std::uint32_t clock_rate_;
  std::array<Voice, CodecTable::kCodecsMax> voices_;
  Voice* current_ = nullptr;  // decoded the last packet
  std::vector<std::int16_t> queue_;  // decoded and not yet given; never grows beyond its capacity
  std::vector<std::int16_t> scratch_;
  ComfortNoise noise_;
  bool noisy_ = false;  // the far side is silent and has described how
  bool quiet_ = true;  // the last frame was
  bool resting_ = true;
  bool shrink_wanted_ = false;
  int silent_frames_ = 0;  // since a packet was played
};

}  // namespace xivo::media
