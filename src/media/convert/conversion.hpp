#pragma once

#include <memory>
#include <vector>

#include "media/codec/tone_detector.hpp"
#include "media/convert/audio_receiver.hpp"
#include "media/convert/codec_table.hpp"
#include "media/play_wheel.hpp"

namespace xivo::media {

/// What is done to the packets of one session where they cannot go on to its peer as they are: another payload type, another
/// codec, key presses in another clock; or where somebody has to listen for tones in them. Sessions that need none of
/// it have none.
/// Thread  the media loop's
struct Conversion {
  static constexpr auto kEventPause = std::chrono::milliseconds(100);

  /// `packet_ms`: of sound in a packet that the other side wants.
  Conversion(const CodecTable& comes, const CodecTable& goes, std::uint32_t wanted_ms, bool listens);

  /// Whether a session needs one: `goes` is empty when nobody is connected.
  static bool needed(const CodecTable& comes, const CodecTable& goes, bool listens);

  /// The codec that comes first has to become another one.
  [[nodiscard]] bool transcodes() const {
    return !to.empty() && !from.empty() && to.payload_type(from.first().kind) == kNoPayloadType;
  }
  /// Makes what decodes, once, when the first packet comes that has to be.
  void begin_decoding();
  /// Ditto for encoding. False when there is nothing to encode for.
  bool begin_encoding();

  CodecTable from;
  CodecTable to;
  std::uint32_t packet_ms;
  bool detects_tones;
  std::uint32_t stream = kNoStream;  // its place on the play wheel

  std::unique_ptr<AudioReceiver> receiver;
  std::unique_ptr<Encoder> encoder;
  std::unique_ptr<ToneDetector> tones;
  std::vector<std::int16_t> pending;  // sound of less than a packet
  bool sends = false;  // the packets that come now are decoded for the other side, not only for tones
  bool begins_spurt = true;

  // A key press on its way through.
  bool event_known = false;
  std::uint32_t event_from = 0;  // its timestamps on both sides
  std::uint32_t event_to = 0;
  runtime::Instant event_until{};  // no sound is sent beside it
};

}  // namespace xivo::media
