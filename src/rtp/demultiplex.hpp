#pragma once

#include <cstdint>

#include "rtp/bytes.hpp"

namespace xivo::rtp {

/// What a datagram on a media port claims to be.
enum class DatagramKind : std::uint8_t { Rtp, Rtcp, Stun, Dtls, TurnChannel, Zrtp, Unknown };

/// Tells by the first two octets; says nothing about the rest being well formed.
/// Source  RFC 7983 §7 (first octet), RFC 5761 §4 (RTCP packet types 192..223 against RTP payload types)
constexpr DatagramKind classify(Bytes bytes) noexcept {
  if (bytes.size() < 2) return DatagramKind::Unknown;
  const auto first = bytes[0];
  if (first <= 3) return DatagramKind::Stun;
  if (first >= 16 && first <= 19) return DatagramKind::Zrtp;
  if (first >= 20 && first <= 63) return DatagramKind::Dtls;
  if (first >= 64 && first <= 79) return DatagramKind::TurnChannel;
  if (first < 128 || first > 191) return DatagramKind::Unknown;
  return bytes[1] >= 192 && bytes[1] <= 223 ? DatagramKind::Rtcp : DatagramKind::Rtp;
}

}  // namespace xivo::rtp
