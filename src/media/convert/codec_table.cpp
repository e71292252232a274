#include "media/convert/codec_table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo::media {

CodecTable CodecTable::of(const std::vector<Codec>& codecs) {
  CodecTable table;
  std::size_t count = 0;
  for (const auto& codec : codecs) {
    if (codec.is_comfort_noise()) table.comfort_noise = codec.payload_type;
    if (codec.is_telephone_event()) continue;
    const auto kind = kind_of(codec);
    if (kind == CodecKind::None || count == kCodecsMax) continue;
    table.entries[count++] = {codec.payload_type, kind};
    if (kind != CodecKind::Opus) continue;
    const auto options = opus_options(codec.fmtp);
    table.playback_khz = static_cast<std::uint8_t>(options.playback_rate_max / 1000);
    table.bit_rate_max = static_cast<std::uint8_t>(std::min<std::uint32_t>(options.bit_rate_max / 1000, 255));
    table.error_correction = options.forward_error_correction;
    table.constant_bit_rate = options.constant_bit_rate;
  }
  if (const auto* events = event_codec(codecs))
    table.event_khz = static_cast<std::uint8_t>(std::clamp<std::uint32_t>(events->clock_rate / 1000, 1, 255));
  return table;
}

EncoderOptions CodecTable::encoder_options() const {
  EncoderOptions options;
  options.forward_error_correction = error_correction;
  options.constant_bit_rate = constant_bit_rate;
  options.bit_rate_max = std::uint32_t{bit_rate_max} * 1000;
  options.playback_rate_max = std::uint32_t{playback_khz} * 1000;
  return options;
}

}  // namespace xivo::media
