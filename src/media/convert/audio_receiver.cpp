#include "media/convert/audio_receiver.hpp"

#include <algorithm>
#include <cstdlib>

namespace xivo::media {
namespace {

constexpr int kQuietLevel = 100;      // mean of the samples' magnitude: -50 dB
constexpr std::uint32_t kFramesPerSecond = 50;
constexpr int kStepsMax = 16;         // packets of 2.5 ms that make a frame, and some that are none
constexpr std::size_t kQueueMs = kPacketMsMax + 60;

bool is_quiet(std::span<const std::int16_t> samples) {
  std::int64_t sum = 0;
  for (const auto sample : samples) sum += std::abs(int{sample});
  return sum < std::int64_t{kQuietLevel} * static_cast<std::int64_t>(samples.size());
}

JitterBuffer::Options options_of(const CodecTable& codecs) {
  JitterBuffer::Options options;
  options.clock_rate = rtp_rate(codecs.first().kind);
  return options;
}

}  // namespace

AudioReceiver::AudioReceiver(const CodecTable& codecs, std::uint32_t rate)
    : codecs_(codecs), rate_(rate), buffer_(options_of(codecs)), clock_rate_(rtp_rate(codecs.first().kind)) {
  queue_.reserve(rate / 1000 * kQueueMs);
  scratch_.resize(std::max<std::size_t>(rate, 16'000) / 1000 * kPacketMsMax);
}

AudioReceiver::Voice* AudioReceiver::voice_for(CodecKind kind) {
  for (auto& voice : voices_) {
    if (voice.kind == kind) return &voice;
    if (voice.kind != CodecKind::None) continue;
    voice.decoder = make_decoder(kind, rate_);
    if (voice.decoder == nullptr) return nullptr;
    voice.kind = kind;
    if (voice.decoder->rate() != rate_) {
      voice.resampler = std::make_unique<Resampler>(voice.decoder->rate(), rate_);
    }
    return &voice;
  }
  return nullptr;
}

void AudioReceiver::put(const rtp::Header& header, rtp::Bytes payload, runtime::Instant now) {
  const auto kind = codecs_.kind(header.payload_type);
  if (kind == CodecKind::None && header.payload_type != codecs_.comfort_noise) return;
  if (kind != CodecKind::None && rtp_rate(kind) != clock_rate_) {
    clock_rate_ = rtp_rate(kind);
    buffer_.restart(clock_rate_);
  }
  buffer_.put(header, payload, now);
  if (resting_) silent_frames_ = 0;
  resting_ = false;
}

bool AudioReceiver::frame(runtime::Instant now, std::span<std::int16_t> out) {
  if (resting_ || !fill(now, out.size())) return false;
  if (shrink_wanted_ && fill(now, 2 * out.size())) shrink(out.size());
  std::copy_n(queue_.begin(), out.size(), out.begin());
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(out.size()));
  quiet_ = is_quiet(out);
  ++silent_frames_;
  if (silent_frames_ > (noisy_ ? kRestAfterNoiseFrames : kRestAfterFrames)) resting_ = true;
  return true;
}

// Makes sure that `wanted` samples are there.
bool AudioReceiver::fill(runtime::Instant now, std::size_t wanted) {
  for (int steps = 0; queued() < wanted && steps < kStepsMax; ++steps) {
    if (!step(now)) return false;
  }
  return queued() >= wanted;
}

bool AudioReceiver::step(runtime::Instant now) {
  const runtime::Duration ahead(static_cast<std::int64_t>(queued() * 1'000'000 / rate_));
  const auto next = buffer_.next(now, ahead, quiet_);
  switch (next.kind) {
    case JitterBuffer::Next::Kind::Waiting:
      if (++silent_frames_ > kRestAfterFrames) resting_ = true;
      return false;
    case JitterBuffer::Next::Kind::Packet: play(next); return true;
    case JitterBuffer::Next::Kind::Lost: fill_gap(next); return true;
    case JitterBuffer::Next::Kind::Empty:
      conceal(clock_rate_ / kFramesPerSecond);
      buffer_.advance(clock_rate_ / kFramesPerSecond);
      return true;
    case JitterBuffer::Next::Kind::Stretch: conceal(clock_rate_ / kFramesPerSecond); return true;
  }
  return false;
}

void AudioReceiver::play(const JitterBuffer::Next& next) {
  silent_frames_ = 0;
  if (next.shrink) shrink_wanted_ = true;
  const auto kind = codecs_.kind(next.payload_type);
  if (kind == CodecKind::None) return play_noise_packet(next);
  Voice* voice = voice_for(kind);
  if (voice == nullptr) return buffer_.advance(clock_rate_ / kFramesPerSecond);
  noisy_ = false;
  current_ = voice;
  const auto most = std::min(scratch_.size(), std::size_t{voice->decoder->rate()} / 1000 * kPacketMsMax);
  const auto count = voice->decoder->decode(next.payload, std::span(scratch_).first(most));
  if (count == 0) {  // not a packet of this codec after all
    conceal(clock_rate_ / kFramesPerSecond);
    return buffer_.advance(clock_rate_ / kFramesPerSecond);
  }
  append(*voice, std::span(scratch_).first(count));
  buffer_.advance(static_cast<std::uint32_t>(std::uint64_t{count} * clock_rate_ / voice->decoder->rate()));
}

// It has no length: the noise goes on until sound comes.
void AudioReceiver::play_noise_packet(const JitterBuffer::Next& next) {
  if (noise_.describe(next.payload)) noisy_ = true;
}

void AudioReceiver::fill_gap(const JitterBuffer::Next& next) {
  if (!next.payload.empty() && current_ != nullptr && codecs_.kind(next.payload_type) == current_->kind) {
    const auto wanted = std::size_t{next.missing} * current_->decoder->rate() / clock_rate_;
    const auto count = current_->decoder->recover(next.payload, std::span(scratch_).first(wanted));
    if (count == wanted) {
      append(*current_, std::span(scratch_).first(count));
      return buffer_.advance(next.missing);
    }
  }
  conceal(next.missing);
  buffer_.advance(next.missing);
}

void AudioReceiver::conceal(std::uint32_t ticks) {
  if (noisy_ || current_ == nullptr) {
    const auto count = std::min(std::size_t{ticks} * rate_ / clock_rate_, queue_.capacity() - queue_.size());
    const auto at = queue_.size();
    queue_.resize(at + count);
    if (noisy_) noise_.render(std::span(queue_).subspan(at));
    return;
  }
  const auto count = std::size_t{ticks} * current_->decoder->rate() / clock_rate_;
  current_->decoder->conceal(std::span(scratch_).first(count));
  append(*current_, std::span(scratch_).first(count));
}

void AudioReceiver::append(Voice& voice, std::span<const std::int16_t> samples) {
  const auto at = queue_.size();
  queue_.resize(queue_.capacity());
  const auto room = std::span(queue_).subspan(at);
  std::size_t count = std::min(samples.size(), room.size());
  if (voice.resampler) {
    count = voice.resampler->process(samples, room);
  } else {
    std::copy_n(samples.begin(), count, room.begin());
  }
  queue_.resize(at + count);
}

// Two frames become one that begins as the first and ends as the second.
void AudioReceiver::shrink(std::size_t frame) {
  shrink_wanted_ = false;
  const auto length = static_cast<std::int32_t>(frame);
  for (std::int32_t i = 0; i < length; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto mixed = (queue_[at] * (length - i) + queue_[frame + at] * i) / length;
    queue_[at] = static_cast<std::int16_t>(mixed);
  }
  queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(frame),
               queue_.begin() + static_cast<std::ptrdiff_t>(2 * frame));
}

}  // namespace xivo::media
