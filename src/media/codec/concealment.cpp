// Packet loss concealment for codecs without one, by spandsp.
#include "media/codec/concealment.hpp"

#include <spandsp.h>

namespace xivo::media {

struct Concealment::State {
  plc_state_t plc{};
};

Concealment::Concealment() : state_(std::make_unique<State>()) { plc_init(&state_->plc); }
Concealment::~Concealment() = default;

void Concealment::received(std::span<std::int16_t> samples) {
  plc_rx(&state_->plc, samples.data(), static_cast<int>(samples.size()));
}

void Concealment::fill(std::span<std::int16_t> out) {
  plc_fillin(&state_->plc, out.data(), static_cast<int>(out.size()));
}

}  // namespace xivo::media
