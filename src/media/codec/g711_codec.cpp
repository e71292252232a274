// ITU-T G.711 as a stream. RFC 3551 §4.5.14
#include <algorithm>

#include "media/codec/codecs.hpp"
#include "media/codec/concealment.hpp"

namespace xivo::media {
namespace {

constexpr std::uint32_t kRate = 8'000;

class G711Decoder final : public Decoder {
 public:
  explicit G711Decoder(G711 law) : law_(law) {}
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
    const auto count = std::min(payload.size(), out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = decode_sample(law_, payload[i]);
    concealment_.received(out.first(count));
    return count;
  }
  void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

 private:
  G711 law_;
  Concealment concealment_;
};

class G711Encoder final : public Encoder {
 public:
  explicit G711Encoder(G711 law) : law_(law) {}
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
    if (out.size() < samples.size()) return 0;
    media::encode(law_, samples, out);
    return samples.size();
  }

 private:
  G711 law_;
};

}  // namespace

std::unique_ptr<Decoder> make_g711_decoder(G711 law) { return std::make_unique<G711Decoder>(law); }
std::unique_ptr<Encoder> make_g711_encoder(G711 law) { return std::make_unique<G711Encoder>(law); }

}  // namespace xivo::media
