// ITU-T G.722 at 64 kbit/s, by spandsp. Its RTP clock is 8000 although it samples at 16 kHz. RFC 3551 §4.5.2
#include <spandsp.h>

#include <algorithm>

#include "media/codec/codecs.hpp"
#include "media/codec/concealment.hpp"

namespace xivo::media {
namespace {

constexpr std::uint32_t kRate = 16'000;
constexpr int kBitRate = 64'000;

struct Free {
  void operator()(g722_decode_state_t* state) const { g722_decode_free(state); }
  void operator()(g722_encode_state_t* state) const { g722_encode_free(state); }
};

class G722Decoder final : public Decoder {
 public:
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
    const auto octets = std::min(payload.size(), out.size() / 2);
    const auto count = static_cast<std::size_t>(
        g722_decode(state_.get(), out.data(), payload.data(), static_cast<int>(octets)));
    concealment_.received(out.first(count));
    return count;
  }
  void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

 private:
  std::unique_ptr<g722_decode_state_t, Free> state_{g722_decode_init(nullptr, kBitRate, 0)};
  Concealment concealment_;
};

class G722Encoder final : public Encoder {
 public:
  [[nodiscard]] std::uint32_t rate() const override { return kRate; }
  std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
    if (out.size() < samples.size() / 2) return 0;
    return static_cast<std::size_t>(
        g722_encode(state_.get(), out.data(), samples.data(), static_cast<int>(samples.size())));
  }

 private:
  std::unique_ptr<g722_encode_state_t, Free> state_{g722_encode_init(nullptr, kBitRate, 0)};
};

}  // namespace

std::unique_ptr<Decoder> make_g722_decoder() { return std::make_unique<G722Decoder>(); }
std::unique_ptr<Encoder> make_g722_encoder() { return std::make_unique<G722Encoder>(); }

}  // namespace xivo::media
