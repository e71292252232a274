// In-band key presses, by spandsp.
#include "media/codec/tone_detector.hpp"

#include <spandsp.h>

#include <array>

#include "media/codec/resampler.hpp"

namespace xivo::media {
namespace {

constexpr std::uint32_t kRate = 8'000;
constexpr std::int64_t kInterruptionMax = kRate * 30 / 1000;
constexpr std::size_t kFrameMax = kRate / 50;

struct Free {
  void operator()(dtmf_rx_state_t* state) const { dtmf_rx_free(state); }
};

}  // namespace

struct ToneDetector::State {
  std::unique_ptr<dtmf_rx_state_t, Free> spandsp{dtmf_rx_init(nullptr, nullptr, nullptr)};
  std::unique_ptr<Resampler> resampler;
  std::int64_t heard = 0;  // samples
  char down = 0;           // the key that is held now
  char last = 0;
  std::int64_t released = 0;
  std::optional<char> pressed;

  // `code`: the key, or 0 when it has been released.
  void on_change(int code) {
    if (code == 0) {
      last = down;
      released = heard;
      down = 0;
      return;
    }
    const auto key = static_cast<char>(code);
    const bool same = key == last && heard - released < kInterruptionMax;
    down = key;
    if (!same) pressed = key;
  }
};

ToneDetector::ToneDetector(std::uint32_t rate) : state_(std::make_unique<State>()) {
  dtmf_rx_set_realtime_callback(
      state_->spandsp.get(),
      [](void* state, int code, int, int) { static_cast<State*>(state)->on_change(code); }, state_.get());
  if (rate != kRate) state_->resampler = std::make_unique<Resampler>(rate, kRate);
}

ToneDetector::~ToneDetector() = default;

std::optional<char> ToneDetector::hear(std::span<const std::int16_t> samples) {
  std::array<std::int16_t, 2 * kFrameMax> narrow;
  if (state_->resampler) {
    samples = std::span(narrow).first(state_->resampler->process(samples, narrow));
  }
  state_->pressed.reset();
  dtmf_rx(state_->spandsp.get(), samples.data(), static_cast<int>(samples.size()));
  state_->heard += static_cast<std::int64_t>(samples.size());
  return state_->pressed;
}

}  // namespace xivo::media
