#include "media/session.hpp"

#include <algorithm>

namespace xivo::media {
namespace {
constexpr std::uint32_t kPacketTimeDefaultMs = 20;
constexpr std::uint32_t kPacketTimeMaxMs = 200;
constexpr std::uint32_t kClockRateMax = 192'000;
constexpr std::uint16_t kDiscardPort = 9;  // what a browser describes before it knows better, RFC 8840 §4.1.1
}  // namespace

FarSide FarSide::of(const Remote& remote) {
  FarSide far;
  const auto& exchange = remote.key_exchange;
  const bool described = !exchange || (!exchange->ice && remote.rtp.port != kDiscardPort);
  if (described && !remote.rtp.ip.is_unspecified()) far.rtp = remote.rtp;
  if (described && !remote.rtcp.ip.is_unspecified()) far.rtcp = remote.rtcp;
  far.signalling = remote.signalling;
  for (const auto type : remote.payload_types) far.payload_types.insert(type);
  far.payload_types.insert(remote.telephone_event);
  far.telephone_event = remote.telephone_event;
  far.nat_suspect = remote.nat_suspect;
  const bool usable = remote.ptime_ms >= 1 && remote.ptime_ms <= kPacketTimeMaxMs;
  far.ptime_ms = static_cast<std::uint16_t>(usable ? remote.ptime_ms : kPacketTimeDefaultMs);
  far.codecs = CodecTable::of(remote.codecs);
  far.detects_tones = remote.detect_tones;
  far.video = remote.video;
  far.rtcp_mux = remote.rtcp_mux;
  far.clock_rate = std::clamp<std::uint32_t>(remote.clock_rate, 8000, kClockRateMax);
  return far;
}

}  // namespace xivo::media
