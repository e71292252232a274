#include "media/codec/key_sound.hpp"

#include <spandsp.h>

#include <algorithm>
#include <array>

#include "rtp/telephone_event.hpp"

namespace xivo::media {
namespace {

constexpr std::string_view kPrefix = "dtmf:";
constexpr int kToneMs = 120;
constexpr int kPauseMs = 60;
constexpr int kSamplesPerMs = 8;
constexpr int kEventFrames = 8;  // of 20 ms
constexpr int kEndFrames = 3;

struct Free {
  void operator()(dtmf_tx_state_t* state) const { dtmf_tx_free(state); }
};

}  // namespace

std::optional<char> pressed_key(std::string_view name) {
  if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + 1) return std::nullopt;
  const char key = name.back();
  return rtp::event_of(key) ? std::optional(key) : std::nullopt;
}

Recording key_tones(char key) {
  const std::unique_ptr<dtmf_tx_state_t, Free> tones(dtmf_tx_init(nullptr));
  dtmf_tx_set_timing(tones.get(), kToneMs, kPauseMs);
  dtmf_tx_put(tones.get(), &key, 1);
  Recording recording;
  recording.samples.resize(std::size_t{kToneMs + kPauseMs} * kSamplesPerMs);
  dtmf_tx(tones.get(), recording.samples.data(), static_cast<int>(recording.samples.size()));
  return recording;
}

std::shared_ptr<const Playlist> key_events(const Engine::Play& what) {
  const auto key = what.codec.is_telephone_event() ? pressed_key(what.file) : std::nullopt;
  if (!key) return nullptr;
  const auto ticks = what.codec.clock_rate / 1000 * kFrameMs;
  auto sound = std::make_shared<Sound>();
  sound->frame_size = rtp::kTelephoneEventSize;
  sound->frame_ticks = 0;
  sound->closing_ticks = static_cast<std::uint16_t>(ticks * (kEventFrames + kEndFrames));
  sound->clock_rate = what.codec.clock_rate;
  for (std::uint32_t i = 1; i < kEventFrames + kEndFrames; ++i) {
    rtp::TelephoneEvent event;
    event.event = *rtp::event_of(*key);
    event.end = i >= kEventFrames;
    event.duration = static_cast<std::uint16_t>(ticks * std::min<std::uint32_t>(i, kEventFrames));
    std::array<std::uint8_t, rtp::kTelephoneEventSize> payload;
    rtp::write(event, payload);
    sound->frames.insert(sound->frames.end(), payload.begin(), payload.end());
  }
  auto list = std::make_shared<Playlist>();
  list->titles.push_back(std::move(sound));
  return list;
}

}  // namespace xivo::media
