#include "media/codec/resampler.hpp"

#include <speex/speex_resampler.h>

#include <algorithm>

#include "base/assert.hpp"

namespace xivo::media {
namespace {

struct Destroy {
  void operator()(SpeexResamplerState* state) const { speex_resampler_destroy(state); }
};

}  // namespace

struct Resampler::State {
  std::unique_ptr<SpeexResamplerState, Destroy> speex;
};

Resampler::Resampler(std::uint32_t from, std::uint32_t to, bool whole) : state_(std::make_unique<State>()) {
  int error = RESAMPLER_ERR_SUCCESS;
  state_->speex.reset(speex_resampler_init(1, from, to, kQuality, &error));
  XIVO_ASSERT(state_->speex != nullptr);
  if (whole) speex_resampler_skip_zeros(state_->speex.get());
}

Resampler::~Resampler() = default;

std::size_t Resampler::process(std::span<const std::int16_t> in, std::span<std::int16_t> out) {
  auto taken = static_cast<spx_uint32_t>(in.size());
  auto given = static_cast<spx_uint32_t>(out.size());
  speex_resampler_process_int(state_->speex.get(), 0, in.data(), &taken, out.data(), &given);
  return given;
}

std::vector<std::int16_t> resampled(std::vector<std::int16_t> samples, std::uint32_t from, std::uint32_t to) {
  if (from == to) return samples;
  constexpr std::size_t kBlock = 4'096;
  Resampler resampler(from, to, true);
  const auto wanted = static_cast<std::size_t>(std::uint64_t{samples.size()} * to / from);
  samples.resize(samples.size() + from / 50);  // silence that pushes the last samples through the filter
  std::vector<std::int16_t> out(wanted + to / 25 + 64);
  std::size_t written = 0;
  for (std::size_t at = 0; at < samples.size(); at += kBlock) {
    const auto block =
        std::span<const std::int16_t>(samples).subspan(at, std::min(kBlock, samples.size() - at));
    written += resampler.process(block, std::span(out).subspan(written));
  }
  out.resize(std::min(wanted, written));
  return out;
}

}  // namespace xivo::media
