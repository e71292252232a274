#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "rtp/packet.hpp"

namespace xivo::rtp {

/// The payload of a telephone-event packet. Source  RFC 4733 §2.3
struct TelephoneEvent {
  std::uint8_t event = 0;  // 0..9 digits, 10 '*', 11 '#', 12..15 A..D, 16 flash ...
  bool end = false;
  std::uint8_t volume = 10;    // -dBm0, 0..63
  std::uint16_t duration = 0;  // timestamp units since the event's begin
};

inline constexpr std::size_t kTelephoneEventSize = 4;

/// Reads the first event of a payload; the reserved bit is ignored, as the RFC asks.
Result<TelephoneEvent> parse_telephone_event(Bytes payload) noexcept;
std::size_t write(const TelephoneEvent& event, std::span<std::uint8_t, kTelephoneEventSize> out) noexcept;

/// '0'..'9' '*' '#' 'A'..'D' of an event code; nothing for the others.
std::optional<char> digit_of(std::uint8_t event) noexcept;
std::optional<std::uint8_t> event_of(char digit) noexcept;

/// Tells key presses from the many packets of each: updates, the threefold end, packets that come late, and presses so
/// long that they are cut into segments.
/// Source  RFC 4733 §2.5.1.2 (same timestamp = same event), §2.5.1.3 (long-duration events)
class PressDetector {
 public:
  /// The digit when this packet shows a press not told before. `header.timestamp` is the event's begin.
  std::optional<char> on_packet(const Header& header, const TelephoneEvent& event) noexcept;
  /// The next packet begins a new press whatever its timestamp (the stream has changed).
  void reset() noexcept { *this = {}; }

 private:
  std::uint32_t timestamp_ = 0;
  std::uint16_t duration_ = 0;
  std::uint8_t event_ = 0;
  bool known_ = false;
  bool ended_ = false;
};

}  // namespace xivo::rtp
