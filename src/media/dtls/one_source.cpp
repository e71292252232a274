// RFC 3550 §5.1, §7.1: what is relayed to a browser becomes part of the one source that we are to it. A browser plays one source of a
// media; music on hold under another SSRC, and the voice of before again after it, would leave it silent for the rest of the call.
#include <cstdlib>

#include "media/core.hpp"

namespace xivo::media {
namespace {

constexpr int kJumpMax = 1'000;  // sequence numbers; whoever is further away has begun anew
constexpr std::uint8_t kMarkerBit = 0x80;

}  // namespace

// The clock of a packet that is relayed to this side.
std::uint32_t Core::rate_to(const Session& to, const SessionMargin& extra, std::uint8_t payload_type) const {
  if (payload_type == to.telephone_event && !extra.codecs.empty()) return extra.codecs.event_khz * 1'000u;
  const auto kind = extra.codecs.kind(payload_type);
  return kind == CodecKind::None ? to.clock_rate : rtp_rate(kind);
}

// Returns false for a late packet of before the place where its source was joined to ours: it has no number.
bool Core::join(Slot slot, Session& to, const rtp::Packet& packet, rtp::WritableBytes bytes,
                runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  auto& joined = extra.joined;
  const auto& header = packet.header;
  const auto type = static_cast<std::uint8_t>(bytes[1] & ~kMarkerBit);
  const auto ahead_of_ours = [&] {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(header.sequence + joined.sequence) -
                                     extra.play_sequence);
  };
  // Nothing of ours has been sent since, and it is the same source.
  const bool goes_on = joined.count > 0 && joined.ssrc == header.ssrc && joined.next == extra.play_sequence &&
                       std::abs(ahead_of_ours()) < kJumpMax;
  if (!goes_on) {
    catch_up(extra, rate_to(to, extra, type), now);
    joined = {header.ssrc, extra.play_timestamp - header.timestamp,
              static_cast<std::uint16_t>(extra.play_sequence - header.sequence), 0, 0};
    bytes[1] |= kMarkerBit;
  }
  const int ahead = ahead_of_ours();
  if (ahead < 0 && static_cast<std::uint32_t>(-ahead) > joined.count) return false;
  const auto sequence = static_cast<std::uint16_t>(header.sequence + joined.sequence);
  const auto timestamp = header.timestamp + joined.timestamp;
  if (ahead >= 0) {
    joined.count += static_cast<std::uint32_t>(ahead) + 1;
    joined.next = extra.play_sequence = static_cast<std::uint16_t>(sequence + 1);
    // All packets of a key press say when it began, which is no clock.
    if (type != to.telephone_event) {
      extra.play_timestamp = timestamp;
      extra.play_clock = now;
      extra.play_rate = rate_to(to, extra, type);
    }
  }
  extra.transcoded = true;  // as that does: our reports are about this
  ++extra.play_packets;
  extra.play_octets += static_cast<std::uint32_t>(packet.payload.size());
  if (!to.watched) watch(slot, to, now);
  rtp::write16(bytes, 2, sequence);
  rtp::write32(bytes, 4, timestamp);
  rtp::write32(bytes, 8, extra.own_ssrc);
  return true;
}

}  // namespace xivo::media
