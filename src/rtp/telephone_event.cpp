// RFC 4733: telephone events ("DTMF in RTP").
#include "rtp/telephone_event.hpp"

#include <string_view>

namespace xivo::rtp {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD";
// A segment of a long event lasts 0xffff units; a sender may cut somewhat earlier, at its last whole packet.
constexpr std::uint16_t kSegmentDurationMin = 0xf000;

}  // namespace

Result<TelephoneEvent> parse_telephone_event(Bytes payload) noexcept {
  if (payload.size() < kTelephoneEventSize) {
    return fail("telephone event is cut", static_cast<std::int64_t>(payload.size()));
  }
  TelephoneEvent event;
  event.event = payload[0];
  event.end = (payload[1] & 0x80) != 0;
  event.volume = payload[1] & 0x3f;
  event.duration = read16(payload, 2);
  return event;
}

std::size_t write(const TelephoneEvent& event, std::span<std::uint8_t, kTelephoneEventSize> out) noexcept {
  out[0] = event.event;
  out[1] = static_cast<std::uint8_t>((event.end ? 0x80 : 0) | (event.volume & 0x3f));
  write16(out, 2, event.duration);
  return kTelephoneEventSize;
}

std::optional<char> digit_of(std::uint8_t event) noexcept {
  if (event >= kDigits.size()) return std::nullopt;
  return kDigits[event];
}

std::optional<std::uint8_t> event_of(char digit) noexcept {
  if (digit >= 'a' && digit <= 'd') digit = static_cast<char>(digit - 'a' + 'A');
  const auto at = kDigits.find(digit);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

std::optional<char> PressDetector::on_packet(const Header& header, const TelephoneEvent& event) noexcept {
  if (known_) {
    const auto later = static_cast<std::int32_t>(header.timestamp - timestamp_);
    if (later < 0) return std::nullopt;  // a late packet of an earlier press
    if (later == 0) {
      ended_ = ended_ || event.end;
      if (event.duration > duration_) duration_ = event.duration;
      return std::nullopt;
    }
    const bool continues = !ended_ && !header.marker && event.event == event_ &&
                           duration_ >= kSegmentDurationMin && later <= 0x1ffff;
    if (continues) {
      timestamp_ = header.timestamp;
      duration_ = event.duration;
      ended_ = event.end;
      return std::nullopt;
    }
  }
  known_ = true;
  timestamp_ = header.timestamp;
  duration_ = event.duration;
  event_ = event.event;
  ended_ = event.end;
  return digit_of(event.event);
}

}  // namespace xivo::rtp
