// What a media loop does with each datagram: judge its source, count it, and relay it.
#include <algorithm>

#include "media/core.hpp"
#include "rtp/demultiplex.hpp"
#include "rtp/telephone_event.hpp"

namespace xivo::media {
namespace {

// A burst after a stall in the network: 100 packets are two seconds of sound.
constexpr int kBurstPackets = 100;
// A whole picture comes at once.
constexpr int kBurstVideoPackets = 1'000;
constexpr std::uint8_t kMarkerBit = 0x80;

}  // namespace

void Core::on_packet(Slot slot, PortKind kind, const SocketAddress* from, rtp::WritableBytes bytes,
                     runtime::Instant now) {
  Session* session = find(slot);
  if (session == nullptr) return;  // a port at rest
  const auto claimed = rtp::classify(bytes);
  if (session->secure && (claimed == rtp::DatagramKind::Rtcp || claimed == rtp::DatagramKind::Rtp)) {
    if (session->ice && !on_checked_path(slot, kind, from)) return refuse(*session);
    const auto opened = open_sealed(slot, claimed == rtp::DatagramKind::Rtcp, bytes);
    if (!opened) return refuse(*session);  // nothing is believed, learned or answered before this
    bytes = *opened;
  }
  if (claimed == rtp::DatagramKind::Rtcp) {
    on_rtcp(slot, *session, from, bytes, now);
  } else if (claimed == rtp::DatagramKind::Rtp && kind == PortKind::Rtp) {
    on_rtp(slot, *session, from, bytes, now);
  } else if (session->keyed && kind == PortKind::Rtp && from != nullptr) {
    on_exchange(slot, *session, *from, bytes, now);
  } else {
    refuse(*session);  // STUN or DTLS on a leg that has agreed on neither gets no answer
  }
}

void Core::on_rtp(Slot slot, Session& session, const SocketAddress* from, rtp::WritableBytes bytes,
                  runtime::Instant now) {
  const auto packet = rtp::parse(bytes);
  if (!packet || !session.payload_types.has(packet->header.payload_type)) {
    refuse(session);
    return;
  }
  if (!take_from(slot, session, from, *packet, now)) return;
  const int burst = session.video ? kBurstVideoPackets : kBurstPackets;
  if (!session.rate.allows(std::chrono::milliseconds(session.interval_ms), burst, now)) {
    refuse(session);
    return;
  }
  session.last_packet = now;
  session.carried_packets = true;
  if (!session.watched || !session.rtcp_asked) watch(slot, session, now);
  if (packet->header.ssrc != session.ssrc) {
    session.ssrc = packet->header.ssrc;
    session.reception.pause();
    session.presses.reset();
  }
  if (packet->header.payload_type == session.telephone_event) detect_digit(slot, session, *packet);
  if (!session.listens()) return;
  count(session, *packet, now);
  forward(slot, session, *packet, bytes, now);
}

bool Core::take_from(Slot slot, Session& session, const SocketAddress* from, const rtp::Packet& packet,
                     runtime::Instant now) {
  if (session.ice) {
    margin(slot).agreement->path->heard(*from, now);
    session.lost = false;
    return true;
  }
  if (from != nullptr) {
    const auto verdict = session.latch.judge(*from, packet.header, margin(slot).candidates, now);
    if (verdict == Latch::Verdict::Stranger) refuse(session);
    if (verdict != Latch::Verdict::Accepted) {
      session.carried_packets = true;  // its port is known to somebody
      return false;
    }
  }
  if (!session.keyed && session.latch.wants_connect(now)) {
    session.latch.set_connected(network_.lock(slot, session.latch.target()));
  }
  return true;
}

void Core::count(Session& session, const rtp::Packet& packet, runtime::Instant now) {
  ++session.packets_received;
  session.bytes_received += packet.payload.size();
  const auto outcome = session.reception.on_sequence(packet.header.sequence);
  const bool audio = packet.header.payload_type != session.telephone_event;
  if (!audio || outcome == rtp::Reception::Outcome::Jump) return;
  const auto arrival =
      static_cast<std::uint64_t>(now.time_since_epoch().count()) * (session.clock_rate / 1000) / 1000;
  session.reception.on_timing(packet.header.timestamp, static_cast<std::uint32_t>(arrival));
  session.jitter_max = std::max(session.jitter_max, session.reception.jitter());
}

void Core::detect_digit(Slot slot, Session& session, const rtp::Packet& packet) {
  const auto event = rtp::parse_telephone_event(packet.payload);
  if (!event) return;
  const auto digit = session.presses.on_packet(packet.header, *event);
  if (!digit) return;
  const SessionMargin& extra = margin(slot);
  SessionEvent told;
  told.kind = SessionEvent::Kind::Digit;
  told.id = extra.id;
  told.slot = slot;
  told.digit = *digit;
  told.held = std::chrono::milliseconds(
      event->duration / (extra.codecs.empty() ? session.clock_rate / 1000 : extra.codecs.event_khz));
  events_.tell(extra.face, std::move(told));
}

void Core::forward(Slot slot, Session& session, const rtp::Packet& packet, rtp::WritableBytes bytes,
                   runtime::Instant now) {
  auto type = packet.header.payload_type;
  if (session.conversion != nullptr) {
    const auto relayed = convert(slot, session, packet, now);
    if (!relayed) return;
    type = *relayed;
  }
  if (session.echo) {
    if (session.stream != kNoStream || !session.may_send()) return;
    // Neither the phone's SSRC (it would see a collision, RFC 3550 §8.2) nor the one prompts are played with: the sequence numbers of
    // the two have nothing to do with each other, and a jitter buffer would take one for late packets of the other.
    if (!session.one_source()) {
      rtp::write32(bytes, 8, margin(slot).own_ssrc + 1);
    } else if (!join(slot, session, packet, bytes, now)) {
      return;
    }
    send_rtp(slot, session, bytes, packet.payload.size());
    return;
  }
  if (session.peer == kNoSlot) return;
  Session& other = *find(session.peer);
  if (other.stream != kNoStream || !other.may_send()) return;
  const bool event = type == session.telephone_event;
  if (event && other.telephone_event < 128) type = other.telephone_event;
  if (!other.payload_types.has(type)) return;
  if (type != packet.header.payload_type) {
    bytes[1] = static_cast<std::uint8_t>((bytes[1] & kMarkerBit) | type);
  }
  if (other.mark_next && !event) {
    bytes[1] |= kMarkerBit;
    other.mark_next = false;
  }
  if (other.one_source() && !join(session.peer, other, packet, bytes, now)) return;
  send_rtp(session.peer, other, bytes, packet.payload.size());
}

void Core::send_rtp(Slot slot, Session& session, rtp::Bytes bytes, std::size_t payload_size) {
  if (session.secure) {
    const auto sealed = seal(slot, false, bytes);
    if (!sealed) return;
    bytes = *sealed;
  }
  network_.send(slot, PortKind::Rtp, session.latch.connected() ? nullptr : &session.latch.target(), bytes);
  ++session.packets_sent;
  session.bytes_sent += payload_size;
}

}  // namespace xivo::media
