#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "media/codec/audio_codec.hpp"
#include "media/description.hpp"

namespace xivo::media {

inline constexpr std::uint8_t kNoPayloadType = 255;

/// What may come from one side and may be sent to it, small enough to cross to a media loop: its first audio codecs, its
/// own payload types, and what it said about Opus.
struct CodecTable {
  static constexpr std::size_t kCodecsMax =
      4;  // audio codecs that are told apart; others can only be relayed as they are

  struct Entry {
    std::uint8_t payload_type = kNoPayloadType;
    CodecKind kind = CodecKind::None;
    bool operator==(const Entry&) const = default;
  };

  std::array<Entry, kCodecsMax> entries;
  std::uint8_t comfort_noise = kNoPayloadType;
  std::uint8_t event_khz = 8;  // clock of its telephone events
  std::uint8_t playback_khz = 48;  // the most that it can hear of Opus
  std::uint8_t bit_rate_max = 0;  // of Opus, kbit/s; 0 = no limit
  bool error_correction = false;  // it uses Opus' in-band copies
  bool constant_bit_rate = false;
  bool operator==(const CodecTable&) const = default;

  /// `codecs`: as negotiated, the one to send first. Unknown ones are left out.
  static CodecTable of(const std::vector<Codec>& codecs);

  [[nodiscard]] CodecKind kind(std::uint8_t payload_type) const {
    for (const auto& entry : entries) {
      if (entry.payload_type == payload_type) return entry.kind;
    }
    return CodecKind::None;
  }
  /// The payload type under which it knows the codec; kNoPayloadType when it does not.
  [[nodiscard]] std::uint8_t payload_type(CodecKind kind) const {
    for (const auto& entry : entries) {
      if (entry.kind == kind) return entry.payload_type;
    }
    return kNoPayloadType;
  }
  /// The codec to send to it; None when it has none that we can encode.
  [[nodiscard]] const Entry& first() const { return entries[0]; }
  [[nodiscard]] bool empty() const { return entries[0].kind == CodecKind::None; }
  [[nodiscard]] EncoderOptions encoder_options() const;
};

}  // namespace xivo::media
