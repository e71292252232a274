// What a media loop does for a session whose packets cannot simply be relayed: other payload types, transcoding, key presses in
// another clock (RFC 4733 §2.5), and listening for tones.
#include <algorithm>

#include "media/convert/conversion.hpp"
#include "media/core.hpp"

namespace xivo::media {
namespace {

constexpr std::size_t kFrameSamplesMax = kSampleRateMax / 50;

std::uint32_t ticks_of(std::uint32_t milliseconds, std::uint32_t rate) {
  return milliseconds * (rate / 1000);
}

}  // namespace

// ------------------------------------------------------------------------------------------------ planning

// To be called whenever what comes from a session, or what its peer takes, may have changed. A conversion that still fits is
// kept with all that it remembers: hold and resume do not make a codec start anew.
void Core::plan_conversion(Slot slot) {
  Session* session = find(slot);
  if (session == nullptr) return;
  const SessionMargin& extra = margin(slot);
  CodecTable goes;
  std::uint32_t wanted_ms = kFrameMs;
  if (session->peer != kNoSlot) {
    goes = margin(session->peer).codecs;
    wanted_ms = margin(session->peer).packet_ms;
  }
  if (!Conversion::needed(extra.codecs, goes, extra.detects_tones)) return drop_conversion(slot, *session);
  Conversion planned(extra.codecs, goes, wanted_ms, extra.detects_tones);
  const Conversion* has = session->conversion;
  if (has != nullptr && has->from == planned.from && has->to == planned.to &&
      has->packet_ms == planned.packet_ms && has->detects_tones == planned.detects_tones) {
    return;
  }
  drop_conversion(slot, *session);
  auto& owner = conversions_.make_room(slot);
  owner = std::make_unique<Conversion>(std::move(planned));
  session->conversion = owner.get();
}

void Core::plan_conversions(Slot slot) {
  plan_conversion(slot);
  if (const Session* session = find(slot); session != nullptr && session->peer != kNoSlot)
    plan_conversion(session->peer);
}

void Core::drop_conversion(Slot slot, Session& session) {
  if (session.conversion == nullptr) return;
  if (session.conversion->stream != kNoStream) wheel_.destroy(session.conversion->stream);
  session.conversion = nullptr;
  conversions_[slot].reset();
}

// ------------------------------------------------------------------------------------------------ packets

// Returns the payload type to relay the packet under; nothing when it is not to be relayed.
std::optional<std::uint8_t> Core::convert(Slot slot, Session& session, const rtp::Packet& packet,
                                          runtime::Instant now) {
  Conversion& conversion = *session.conversion;
  const auto type = packet.header.payload_type;
  const bool connected = session.peer != kNoSlot && !session.echo;
  if (type == session.telephone_event) {
    if (!connected || !conversion.sends) return type;
    convert_event(session, packet, now);
    return std::nullopt;
  }
  const auto kind = conversion.from.kind(type);
  const bool noise = kind == CodecKind::None && type == conversion.from.comfort_noise;
  if (kind == CodecKind::None && !noise) return type;
  const auto same = kind == CodecKind::None ? kNoPayloadType : conversion.to.payload_type(kind);
  const bool relays = !connected || (noise ? !conversion.sends : same != kNoPayloadType);
  if (!noise) conversion.sends = !relays;
  if (!relays || conversion.detects_tones) {
    conversion.begin_decoding();
    conversion.receiver->put(packet.header, packet.payload, now);
    turn_wheel(slot, conversion, now);
  }
  if (!relays) return std::nullopt;
  return connected && same != kNoPayloadType ? same : type;
}

void Core::turn_wheel(Slot slot, Conversion& conversion, runtime::Instant now) {
  if (conversion.stream == kNoStream) {
    Stream stream;
    stream.session = slot;
    stream.converts = true;
    conversion.stream = wheel_.create(std::move(stream));
  }
  wheel_.start(conversion.stream, now);
}

// The press keeps its length in time; its begin is where our own sound has got to.
void Core::convert_event(Session& session, const rtp::Packet& packet, runtime::Instant now) {
  Conversion& conversion = *session.conversion;
  Session& other = *find(session.peer);
  SessionMargin& extra = margin(session.peer);
  if (other.telephone_event >= 128 || other.stream != kNoStream || !other.may_send()) return;
  auto event = rtp::parse_telephone_event(packet.payload);
  if (!event) return;
  const bool begins = !conversion.event_known || conversion.event_from != packet.header.timestamp;
  const auto rate = rtp_rate(conversion.to.first().kind);
  const std::uint32_t event_rate = std::uint32_t{conversion.to.event_khz} * 1000;
  if (begins) {
    catch_up(extra, rate, now);
    conversion.event_known = true;
    conversion.event_from = packet.header.timestamp;
    conversion.event_to = static_cast<std::uint32_t>(std::uint64_t{extra.play_timestamp} * event_rate / rate);
  }
  constexpr std::uint64_t kLongest = 0xffff;
  event->duration = static_cast<std::uint16_t>(std::min<std::uint64_t>(
      std::uint64_t{event->duration} * event_rate / (std::uint32_t{conversion.from.event_khz} * 1000),
      kLongest));
  conversion.event_until = event->end ? now : now + Conversion::kEventPause;
  conversion.begins_spurt = true;
  std::array<std::uint8_t, rtp::kTelephoneEventSize> payload;
  rtp::write(*event, payload);
  send_own(session.peer, other, {begins, other.telephone_event, 0, conversion.event_to, 0}, payload);
}

// ------------------------------------------------------------------------------------------------ time

// Our timestamps go on with the time that has passed since the last packet, so that one SSRC serves all that we originate in a call.
void Core::catch_up(SessionMargin& extra, std::uint32_t rate, runtime::Instant now) {
  if (extra.play_clock != runtime::Instant{} && now > extra.play_clock) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - extra.play_clock);
    extra.play_timestamp += static_cast<std::uint32_t>(passed.count()) * (rate / 1000);
  }
  extra.play_clock = now;
  extra.play_rate = rate;
}

// Twenty milliseconds of what comes from a session. Returns false when it may leave the wheel.
bool Core::convert_frame(std::uint32_t index, runtime::Instant now) {
  const Slot slot = wheel_.at(index).session;
  Session& session = *find(slot);
  Conversion& conversion = *session.conversion;
  std::array<std::int16_t, kFrameSamplesMax> samples;
  const auto frame = std::span(samples).first(conversion.receiver->frame_samples());
  if (!conversion.receiver->frame(now, frame)) {
    conversion.begins_spurt = true;
    return !conversion.receiver->resting();
  }
  if (conversion.tones) {
    if (const auto digit = conversion.tones->hear(frame)) tell_tone(slot, *digit);
  }
  if (session.peer != kNoSlot && conversion.sends && session.listens()) send_frame(session, frame, now);
  return true;
}

void Core::tell_tone(Slot slot, char digit) {
  const SessionMargin& extra = margin(slot);
  SessionEvent told;
  told.kind = SessionEvent::Kind::Digit;
  told.id = extra.id;
  told.slot = slot;
  told.digit = digit;
  events_.tell(extra.face, std::move(told));
}

void Core::send_frame(Session& session, std::span<const std::int16_t> frame, runtime::Instant now) {
  Conversion& conversion = *session.conversion;
  Session& other = *find(session.peer);
  const bool silent = other.stream != kNoStream || !other.may_send() || now < conversion.event_until;
  if (silent || !conversion.begin_encoding()) {
    conversion.begins_spurt = true;
    conversion.pending.clear();
    return;
  }
  auto& pending = conversion.pending;
  pending.insert(pending.end(), frame.begin(), frame.end());
  const auto whole = std::size_t{conversion.receiver->rate()} / 1000 * conversion.packet_ms;
  std::size_t taken = 0;
  for (; pending.size() - taken >= whole; taken += whole) {
    send_sound(session.peer, other, conversion, std::span(pending).subspan(taken, whole), now);
  }
  pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(taken));
}

void Core::send_sound(Slot slot, Session& other, Conversion& conversion,
                      std::span<const std::int16_t> samples, runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  const auto rate = rtp_rate(conversion.to.first().kind);
  if (conversion.begins_spurt) catch_up(extra, rate, now);
  extra.transcoded = true;
  if (!other.watched) watch(slot, other, now);
  std::array<std::uint8_t, kOwnPayloadMax> payload;
  const auto size = conversion.encoder->encode(samples, payload);
  if (size > 0) {
    send_own(slot, other,
             {conversion.begins_spurt, conversion.to.first().payload_type, 0, extra.play_timestamp, 0},
             std::span(payload).first(size));
    conversion.begins_spurt = false;
  }
  extra.play_timestamp += ticks_of(conversion.packet_ms, rate);
  extra.play_clock = now;
  extra.play_rate = rate;
}

// What we originate ourselves. `header`: its sequence and SSRC are filled in.
void Core::send_own(Slot slot, Session& session, rtp::Header header, rtp::Bytes payload) {
  SessionMargin& extra = margin(slot);
  header.sequence = extra.play_sequence++;
  header.ssrc = extra.own_ssrc;
  std::array<std::uint8_t, rtp::kHeaderSize + kOwnPayloadMax> packet;
  rtp::write(header, std::span(packet).first<rtp::kHeaderSize>());
  std::copy(payload.begin(), payload.end(), packet.begin() + rtp::kHeaderSize);
  ++extra.play_packets;
  extra.play_octets += static_cast<std::uint32_t>(payload.size());
  send_rtp(slot, session, std::span(packet).first(rtp::kHeaderSize + payload.size()), payload.size());
}

}  // namespace xivo::media
