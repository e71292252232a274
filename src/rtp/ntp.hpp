#pragma once

#include <cstdint>

namespace xivo::rtp {

/// A 64-bit NTP timestamp: seconds since 1900 in the upper half, fractions in the lower. Source  RFC 3550 §4
using NtpTime = std::uint64_t;

/// From microseconds since the Unix epoch; wraps in 2036 as the format does.
constexpr NtpTime ntp_from_unix_us(std::int64_t us) noexcept {
  constexpr std::int64_t kSecondsFrom1900To1970 = 2'208'988'800;
  std::int64_t seconds = us / 1'000'000;
  std::int64_t rest = us % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  const auto fraction = (static_cast<std::uint64_t>(rest) << 32) / 1'000'000;
  return (static_cast<std::uint64_t>(seconds + kSecondsFrom1900To1970) << 32) | fraction;
}

/// The middle 32 bits, as LSR carries them. Source  RFC 3550 §6.4.1
constexpr std::uint32_t ntp_middle(NtpTime time) noexcept { return static_cast<std::uint32_t>(time >> 16); }

/// Units of 1/65536 s (LSR, DLSR) to microseconds and back. The way back saturates.
constexpr std::int64_t us_from_ntp_short(std::uint32_t units) noexcept {
  return static_cast<std::int64_t>((std::uint64_t{units} * 1'000'000) >> 16);
}
constexpr std::uint32_t ntp_short_from_us(std::int64_t us) noexcept {
  if (us <= 0) return 0;
  if (us >= 65'536'000'000) return 0xffffffff;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(us) << 16) / 1'000'000);
}

}  // namespace xivo::rtp
