#include "media/convert/conversion.hpp"

#include <algorithm>

namespace xivo::media {
namespace {

constexpr std::uint32_t kPacketMsLeast = 10;
constexpr std::uint32_t kPacketMsMost = 60;
constexpr std::uint32_t kWideband = 16'000;

// Opus knows 10, 20, 40 and 60 ms.
std::uint32_t packet_length(CodecKind kind, std::uint32_t wanted_ms) {
  const auto tens = std::clamp(wanted_ms, kPacketMsLeast, kPacketMsMost) / 10 * 10;
  if (kind != CodecKind::Opus) return tens;
  return tens == 30 ? 20 : tens == 50 ? 40 : tens;
}

// What the encoder takes; if it takes anything, what the decoder gives.
std::uint32_t rate_between(CodecKind from, CodecKind to) {
  if (const auto rate = sample_rate(to); rate != 0) return rate;
  const auto rate = sample_rate(from);
  return rate != 0 ? rate : kWideband;
}

}  // namespace

Conversion::Conversion(const CodecTable& comes, const CodecTable& goes, std::uint32_t wanted_ms, bool listens)
    : from(comes), to(goes), packet_ms(packet_length(goes.first().kind, wanted_ms)), detects_tones(listens) {
  sends = transcodes();
}

bool Conversion::needed(const CodecTable& comes, const CodecTable& goes, bool listens) {
  if (comes.empty()) return false;
  if (listens) return true;
  if (goes.empty()) return false;
  return std::any_of(comes.entries.begin(), comes.entries.end(), [&](const CodecTable::Entry& entry) {
    return entry.kind != CodecKind::None && goes.payload_type(entry.kind) != entry.payload_type;
  });
}

void Conversion::begin_decoding() {
  if (receiver) return;
  constexpr std::uint32_t kToneRate = 8'000;
  const auto rate = to.empty() ? kToneRate : rate_between(from.first().kind, to.first().kind);
  receiver = std::make_unique<AudioReceiver>(from, rate);
  if (detects_tones) tones = std::make_unique<ToneDetector>(rate);
}

bool Conversion::begin_encoding() {
  if (encoder) return true;
  if (to.empty()) return false;
  encoder = make_encoder(to.first().kind, receiver->rate(), to.encoder_options());
  if (!encoder) return false;
  pending.reserve(receiver->rate() / 1000 * (kPacketMsMost + kFrameMs));
  return true;
}

}  // namespace xivo::media
