// RFC 6716 and 7587: Opus, by libopus. Mono both ways: a stereo stream is mixed down as it is decoded.
#include <opus/opus.h>

#include <algorithm>

#include "media/codec/codecs.hpp"

namespace xivo::media {
namespace {

struct DestroyDecoder {
  void operator()(OpusDecoder* state) const { opus_decoder_destroy(state); }
};
struct DestroyEncoder {
  void operator()(OpusEncoder* state) const { opus_encoder_destroy(state); }
};

bool is_rate(std::uint32_t rate) {
  return rate == 8'000 || rate == 12'000 || rate == 16'000 || rate == 24'000 || rate == kSampleRateMax;
}

class OpusFrames final : public Decoder {
 public:
  OpusFrames(OpusDecoder* state, std::uint32_t rate) : state_(state), rate_(rate) {}
  [[nodiscard]] std::uint32_t rate() const override { return rate_; }

  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
    return payload.empty() ? 0 : run(payload.data(), payload.size(), out, false);
  }
  std::size_t recover(std::span<const std::uint8_t> next, std::span<std::int16_t> out) override {
    if (next.empty()) return 0;
    const bool has_speech_layer = (next[0] & 0x80) == 0;  // RFC 6716 §3.1: copies are in SILK's part only
    if (!has_speech_layer) return 0;
    return run(next.data(), next.size(), out, true);
  }
  void conceal(std::span<std::int16_t> out) override {
    const auto step = rate_ / 400;  // 2.5 ms, all that Opus can count in
    const auto whole = out.first(out.size() / step * step);
    std::fill(out.begin(), out.end(), std::int16_t{0});
    if (!whole.empty()) run(nullptr, 0, whole, false);
  }

 private:
  std::size_t run(const std::uint8_t* data, std::size_t size, std::span<std::int16_t> out, bool lost) {
    const int count = opus_decode(state_.get(), data, static_cast<opus_int32>(size), out.data(),
                                  static_cast<int>(out.size()), lost ? 1 : 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  std::unique_ptr<OpusDecoder, DestroyDecoder> state_;
  std::uint32_t rate_;
};

class OpusPackets final : public Encoder {
 public:
  OpusPackets(OpusEncoder* state, std::uint32_t rate) : state_(state), rate_(rate) {}
  [[nodiscard]] std::uint32_t rate() const override { return rate_; }
  std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
    const auto octets = opus_encode(state_.get(), samples.data(), static_cast<int>(samples.size()),
                                    out.data(), static_cast<opus_int32>(std::min(out.size(), kPayloadMax)));
    return octets > 0 ? static_cast<std::size_t>(octets) : 0;
  }

 private:
  std::unique_ptr<OpusEncoder, DestroyEncoder> state_;
  std::uint32_t rate_;
};

// RFC 7587 §3.1.1: "sweet spots" of speech for 20 ms frames.
std::uint32_t usual_bit_rate(std::uint32_t hertz) {
  if (hertz <= 8'000) return 16'000;
  return hertz <= 16'000 ? 24'000 : 32'000;
}

int bandwidth_for(std::uint32_t hertz) {
  if (hertz < 12'000) return OPUS_BANDWIDTH_NARROWBAND;
  if (hertz < 16'000) return OPUS_BANDWIDTH_MEDIUMBAND;
  if (hertz < 24'000) return OPUS_BANDWIDTH_WIDEBAND;
  return hertz < kSampleRateMax ? OPUS_BANDWIDTH_SUPERWIDEBAND : OPUS_BANDWIDTH_FULLBAND;
}

}  // namespace

std::unique_ptr<Decoder> make_opus_decoder(std::uint32_t rate) {
  if (!is_rate(rate)) rate = kSampleRateMax;
  int error = OPUS_OK;
  OpusDecoder* state = opus_decoder_create(static_cast<opus_int32>(rate), 1, &error);
  if (state == nullptr) return nullptr;
  return std::make_unique<OpusFrames>(state, rate);
}

std::unique_ptr<Encoder> make_opus_encoder(std::uint32_t rate, const EncoderOptions& options) {
  if (!is_rate(rate)) rate = kSampleRateMax;
  int error = OPUS_OK;
  OpusEncoder* state = opus_encoder_create(static_cast<opus_int32>(rate), 1, OPUS_APPLICATION_VOIP, &error);
  if (state == nullptr) return nullptr;
  const auto hertz = std::min(rate, options.playback_rate_max);
  auto bit_rate = usual_bit_rate(hertz);
  if (options.bit_rate_max != 0) bit_rate = std::min(bit_rate, options.bit_rate_max);
  opus_encoder_ctl(state, OPUS_SET_COMPLEXITY(std::clamp(options.complexity, 0, 10)));
  opus_encoder_ctl(state, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  opus_encoder_ctl(state, OPUS_SET_BITRATE(static_cast<opus_int32>(bit_rate)));
  opus_encoder_ctl(state, OPUS_SET_MAX_BANDWIDTH(bandwidth_for(hertz)));
  opus_encoder_ctl(state, OPUS_SET_VBR(options.constant_bit_rate ? 0 : 1));
  opus_encoder_ctl(state, OPUS_SET_INBAND_FEC(options.forward_error_correction ? 1 : 0));
  if (options.forward_error_correction) {
    opus_encoder_ctl(state, OPUS_SET_PACKET_LOSS_PERC(std::clamp(options.expected_loss_percent, 0, 100)));
  }
  return std::make_unique<OpusPackets>(state, rate);
}

}  // namespace xivo::media
