// Which codec is which, and where it is made.
#include "media/codec/audio_codec.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "media/codec/codecs.hpp"

namespace xivo::media {
namespace {

struct Known {
  CodecKind kind;
  std::string_view name;
  std::uint32_t rtp_rate;
  std::uint32_t sample_rate;
  std::uint8_t channels;
};

constexpr std::array kKnown = {
    Known{CodecKind::Pcma, "PCMA", 8'000, 8'000, 1},  Known{CodecKind::Pcmu, "PCMU", 8'000, 8'000, 1},
    Known{CodecKind::G722, "G722", 8'000, 16'000, 1}, Known{CodecKind::Opus, "opus", 48'000, 0, 2},
    Known{CodecKind::L16, "L16", 16'000, 16'000, 1},
};

const Known* find(CodecKind kind) {
  const auto found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) { return known.kind == kind; });
  return found == kKnown.end() ? nullptr : &*found;
}

}  // namespace

CodecKind kind_of(const Codec& codec) {
  for (const auto& known : kKnown) {
    if (known.rtp_rate == codec.clock_rate && known.channels == codec.channels &&
        text::equal_ignoring_case(known.name, codec.name)) {
      return known.kind;
    }
  }
  return CodecKind::None;
}

std::uint32_t rtp_rate(CodecKind kind) {
  const auto* known = find(kind);
  return known != nullptr ? known->rtp_rate : 8'000;
}

std::uint32_t sample_rate(CodecKind kind) {
  const auto* known = find(kind);
  return known != nullptr ? known->sample_rate : 0;
}

EncoderOptions opus_options(std::string_view fmtp) {
  constexpr std::uint32_t kBitRateLeast = 6'000;
  constexpr std::uint32_t kBitRateMost = 510'000;
  EncoderOptions options;
  for (const auto part : text::split(fmtp, ';')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = text::trim(part.substr(0, equals));
    const auto value = text::parse_decimal<std::uint32_t>(text::trim(part.substr(equals + 1)));
    if (!value) continue;
    if (text::equal_ignoring_case(name, "useinbandfec")) {
      options.forward_error_correction = *value == 1;
    } else if (text::equal_ignoring_case(name, "cbr")) {
      options.constant_bit_rate = *value == 1;
    } else if (text::equal_ignoring_case(name, "maxplaybackrate")) {
      options.playback_rate_max = std::clamp<std::uint32_t>(*value, 8'000, kSampleRateMax);
    } else if (text::equal_ignoring_case(name, "maxaveragebitrate")) {
      options.bit_rate_max = std::clamp(*value, kBitRateLeast, kBitRateMost);
    }
  }
  return options;
}

std::size_t Decoder::recover(std::span<const std::uint8_t>, std::span<std::int16_t>) { return 0; }

std::unique_ptr<Decoder> make_decoder(CodecKind kind, std::uint32_t rate) {
  switch (kind) {
    case CodecKind::Pcma: return make_g711_decoder(G711::ALaw);
    case CodecKind::Pcmu: return make_g711_decoder(G711::MuLaw);
    case CodecKind::G722: return make_g722_decoder();
    case CodecKind::Opus: return make_opus_decoder(rate);
    case CodecKind::L16: return make_l16_decoder();
    case CodecKind::None: break;
  }
  return nullptr;
}

std::unique_ptr<Encoder> make_encoder(CodecKind kind, std::uint32_t rate, const EncoderOptions& options) {
  switch (kind) {
    case CodecKind::Pcma: return make_g711_encoder(G711::ALaw);
    case CodecKind::Pcmu: return make_g711_encoder(G711::MuLaw);
    case CodecKind::G722: return make_g722_encoder();
    case CodecKind::Opus: return make_opus_encoder(rate, options);
    case CodecKind::L16: return make_l16_encoder();
    case CodecKind::None: break;
  }
  return nullptr;
}

}  // namespace xivo::media
