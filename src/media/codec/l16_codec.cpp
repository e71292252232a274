// 16-bit samples in network byte order, at 16 kHz. RFC 3551 §4.5.11
#include <algorithm>

#include "media/codec/codecs.hpp"
#include "media/codec/concealment.hpp"

namespace xivo::media {
namespace {

constexpr std::uint32_t kRate = 16'000;

class L16Decoder final : public Decoder {
 public:
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
    const auto count = std::min(payload.size() / 2, out.size());
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = static_cast<std::int16_t>((payload[2 * i] << 8) | payload[2 * i + 1]);
    }
    concealment_.received(out.first(count));
    return count;
  }
  void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

 private:
  Concealment concealment_;
};

class L16Encoder final : public Encoder {
 public:
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
    if (out.size() < samples.size() * 2) return 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      out[2 * i] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(samples[i]) >> 8);
      out[2 * i + 1] = static_cast<std::uint8_t>(samples[i]);
    }
    return samples.size() * 2;
  }
};

}  // namespace

std::unique_ptr<Decoder> make_l16_decoder() { return std::make_unique<L16Decoder>(); }
std::unique_ptr<Encoder> make_l16_encoder() { return std::make_unique<L16Encoder>(); }

}  // namespace xivo::media
