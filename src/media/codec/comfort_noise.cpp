// RFC 3389: comfort noise.
#include "media/codec/comfort_noise.hpp"

#include <algorithm>
#include <cmath>

namespace xivo::media {
namespace {

constexpr float kFullScale = 32'768.0F;
constexpr int kLoudest = 30;  // -dBov; what claims to be louder is no background
constexpr float kPole = 0.9F;  // a filter of any description stays within what a float can hold

}  // namespace

bool ComfortNoise::describe(std::span<const std::uint8_t> payload) {
  if (payload.empty()) return false;
  const int level = std::max<int>(payload[0] & 0x7f, kLoudest);  // §3.1
  order_ = std::min(payload.size() - 1, kOrderMax);
  float power = 1;
  for (std::size_t i = 0; i < order_; ++i) {  // §3.2
    const float k =
        std::clamp(258.0F * (static_cast<float>(payload[i + 1]) - 127.0F) / kFullScale, -kPole, kPole);
    reflection_[i] = k;
    power *= 1 - k * k;
  }
  backward_.fill(0);  // what another filter has left in it could be far too loud in this one
  gain_ = kFullScale * std::pow(10.0F, static_cast<float>(-level) / 20.0F) * std::sqrt(power);
  return true;
}

// Even distribution, of variance 1.
float ComfortNoise::white() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 17;
  random_ ^= random_ << 5;
  return (static_cast<float>(random_) / 2'147'483'648.0F - 1.0F) * 1.7320508F;
}

// An all-pole lattice filter: what the reflection coefficients of §3.2 describe.
void ComfortNoise::render(std::span<std::int16_t> out) {
  for (auto& sample : out) {
    float forward = gain_ * white();
    for (std::size_t i = order_; i-- > 0;) {
      forward -= reflection_[i] * backward_[i];
      if (i + 1 < kOrderMax) backward_[i + 1] = backward_[i] + reflection_[i] * forward;
    }
    backward_[0] = forward;
    sample = static_cast<std::int16_t>(std::clamp(forward, -32'768.0F, 32'767.0F));
  }
}

}  // namespace xivo::media
