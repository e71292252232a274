#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rtp/srtp.hpp"

namespace xivo::rtp::samples {

using Octets = std::vector<std::uint8_t>;

/// "80 0f12" as octets; blanks are for the eye.
inline Octets hex(std::string_view text) {
  Octets octets;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = value;
    } else {
      octets.push_back(static_cast<std::uint8_t>(high * 16 + value));
      high = -1;
    }
  }
  return octets;
}

template <std::size_t N>
void put(std::array<std::uint8_t, N>& into, std::string_view text) {
  const auto octets = hex(text);
  std::copy(octets.begin(), octets.end(), into.begin());
}

inline SrtpKey key_of(SrtpSuite suite, std::uint8_t seed = 1) {
  SrtpKey key;
  key.suite = suite;
  for (std::size_t i = 0; i < srtp_key_size(suite); ++i)
    key.key[i] = static_cast<std::uint8_t>(seed * 37 + i * 11);
  for (std::size_t i = 0; i < srtp_salt_size(suite); ++i)
    key.salt[i] = static_cast<std::uint8_t>(seed * 91 + i * 29);
  return key;
}

inline Octets rtp_packet(std::uint16_t sequence, std::uint32_t ssrc = 0xcafebabe, std::size_t payload = 160) {
  Octets packet = hex("8008 0000 00001000 00000000");
  write16(packet, 2, sequence);
  write32(packet, 8, ssrc);
  for (std::size_t i = 0; i < payload; ++i) packet.push_back(static_cast<std::uint8_t>(sequence + i * 7));
  return packet;
}

inline Octets rtcp_packet(std::uint32_t ssrc = 0xcafebabe) {
  auto packet = hex("80c9 0001 00000000");
  write32(packet, 4, ssrc);
  const auto more = hex("81ca 0006 00000000 010c 61626364 65666768 696a6b6c 0000");
  packet.insert(packet.end(), more.begin(), more.end());
  return packet;
}

/// Protects in a copy; what protect_rtp() gives, or nothing.
inline Octets sealed(SrtpProtector& protector, Octets packet) {
  const auto size = packet.size();
  packet.resize(size + kSrtpOverheadMax);
  const auto done = protector.protect_rtp(packet, size);
  packet.resize(done ? *done : 0);
  return packet;
}
inline Octets sealed_rtcp(SrtpProtector& protector, Octets packet) {
  const auto size = packet.size();
  packet.resize(size + kSrtpOverheadMax);
  const auto done = protector.protect_rtcp(packet, size);
  packet.resize(done ? *done : 0);
  return packet;
}
/// Opens a copy; nothing when it is refused.
inline Octets opened(SrtpUnprotector& unprotector, Octets packet) {
  const auto done = unprotector.unprotect_rtp(packet);
  packet.resize(done ? *done : 0);
  return packet;
}
inline Octets opened_rtcp(SrtpUnprotector& unprotector, Octets packet) {
  const auto done = unprotector.unprotect_rtcp(packet);
  packet.resize(done ? *done : 0);
  return packet;
}

}  // namespace xivo::rtp::samples
