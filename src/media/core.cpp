#include "media/core.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace xivo::media {

Core::Core(MediaNetwork& network, EventSink& events, const runtime::Clock& clock, runtime::Rng& rng,
           const Options& options)
    : network_(network),
      events_(events),
      clock_(clock),
      rng_(rng),
      silence_(options.silence),
      wheel_(options.fine_from) {}

void Core::open(Slot slot, SessionId id, std::uint16_t face) {
  XIVO_ASSERT(find(slot) == nullptr);
  Session& session = sessions_.make_room(slot);
  const bool watched = session.watched;  // housekeeping has not noticed yet that the last one here is gone
  session = {};
  session.watched = watched;
  session.open = true;
  SessionMargin& extra = margins_.make_room(slot);
  extra = {};
  extra.id = id;
  extra.face = face;
  const auto random = rng_.next();
  extra.own_ssrc = static_cast<std::uint32_t>(random);
  extra.play_sequence =
      static_cast<std::uint16_t>((random >> 32) & 0x7fff);  // RFC 3711 §3.3.1 likes a low start
  extra.play_timestamp = static_cast<std::uint32_t>(rng_.next());
  extra.name = rng_.next();
  ++open_count_;
}

void Core::set_remote(Slot slot, const FarSide& far, runtime::Instant now) {
  Session* session = find(slot);
  if (session == nullptr) return;
  SessionMargin& extra = margin(slot);
  const bool was_connected = session->latch.connected();
  if (session->latch.expect(far.rtp, far.signalling, far.nat_suspect, now)) {
    if (was_connected) network_.unlock(slot);
    extra.candidates.clear();
    extra.rtcp_learned = {};
    extra.sent_reports = {};
    extra.received_report = 0;
  }
  extra.rtcp_described = far.rtcp;
  extra.heard = now;  // the time for its first packet begins now
  if (silence_limit(*session).count() > 0) visit_from_now_on(slot, *session, now);
  session->payload_types = far.payload_types;
  session->telephone_event = far.telephone_event;
  session->clock_rate = far.clock_rate;
  session->video = far.video;
  if (session->rtcp_mux != far.rtcp_mux) session->rtcp_asked = false;
  session->rtcp_mux = far.rtcp_mux;
  session->interval_ms = static_cast<std::uint16_t>(std::max(1, far.ptime_ms / 2));
  extra.codecs = far.codecs;
  extra.packet_ms = far.ptime_ms;
  extra.detects_tones = far.detects_tones;
  plan_conversions(slot);
  if (session->keyed) begin_handshake(slot, *session, now);
  if (session->stream != kNoStream && !session->ready()) wheel_.halt(session->stream);
  start_waiting_stream(slot, *session, now);
}

void Core::set_direction(Slot slot, Direction direction, runtime::Instant now) {
  Session* session = find(slot);
  if (session == nullptr) return;
  const bool listened = session->listens();
  if (session->direction != direction) margin(slot).heard = now;
  session->direction = direction;
  if (listened == session->listens()) return;
  session->reception.pause();  // what is missing around a hold is not lost
  if (session->latch.locked()) {
    session->last_packet = now;  // the silence that counts begins now
    watch(slot, *session, now);
  }
}

void Core::connect(Slot a, Slot b) {
  Session* first = find(a);
  Session* second = find(b);
  if (first == nullptr || second == nullptr || a == b) return;
  for (const auto slot : {a, b}) {
    cut(slot);
    stop_playing(slot);
    find(slot)->echo = false;
  }
  first->peer = b;
  second->peer = a;
  plan_conversions(a);
}

void Core::cut(Slot slot) {
  Session* session = find(slot);
  if (session == nullptr || session->peer == kNoSlot) return;
  const Slot former = session->peer;
  session->peer = kNoSlot;
  if (Session* other = find(former); other != nullptr && other->peer == slot) {
    other->peer = kNoSlot;
    plan_conversion(former);
  }
  plan_conversion(slot);
}

void Core::disconnect(Slot slot) { cut(slot); }

void Core::echo(Slot slot, bool on) {
  Session* session = find(slot);
  if (session == nullptr) return;
  if (on) cut(slot);
  session->echo = on;
}

void Core::play(Slot slot, PlayOrder order, runtime::Instant now) {
  Session* session = find(slot);
  if (session == nullptr) return;
  end_stream(*session);
  Stream stream;
  stream.session = slot;
  stream.title = order.first_title % static_cast<std::uint32_t>(order.sounds->titles.size());
  stream.loop = order.loop || order.sounds->endless;
  stream.payload_type = order.payload_type;
  stream.serial = order.serial;
  stream.sounds = std::move(order.sounds);
  session->stream = wheel_.create(std::move(stream));
  start_waiting_stream(slot, *session, now);
}

void Core::start_waiting_stream(Slot slot, Session& session, runtime::Instant now) {
  if (session.stream == kNoStream || !session.ready()) return;
  start_stream(session, now);
  watch(slot, session, now);
}

void Core::start_stream(Session& session, runtime::Instant now) {
  const Stream& stream = wheel_.at(session.stream);
  if (stream.turning) return;
  SessionMargin& extra = margin(stream.session);
  catch_up(extra, stream.sounds->titles.front()->clock_rate, now);
  extra.transcoded = false;
  wheel_.at(session.stream).begins_spurt = true;
  wheel_.start(session.stream, now);
}

void Core::end_stream(Session& session) {
  if (session.stream == kNoStream) return;
  Stream& stream = wheel_.at(session.stream);
  if (stream.sounds.use_count() == 1) {
    const SessionMargin& extra = margin(stream.session);
    SessionEvent event;
    event.kind = SessionEvent::Kind::Released;
    event.id = extra.id;
    event.slot = stream.session;
    event.released = std::move(stream.sounds);
    events_.tell(extra.face, std::move(event));
  }
  session.mark_next = true;
  wheel_.destroy(session.stream);
  session.stream = kNoStream;
}

void Core::stop_playing(Slot slot) {
  if (Session* session = find(slot)) end_stream(*session);
}

void Core::close(Slot slot) {
  Session* session = find(slot);
  if (session == nullptr) return;
  const SessionMargin& extra = margin(slot);
  SessionEvent event;
  event.kind = SessionEvent::Kind::Closed;
  event.id = extra.id;
  event.slot = slot;
  event.statistics = statistics(slot);
  event.carried_packets = session->carried_packets;
  cut(slot);
  drop_conversion(slot, *session);
  end_stream(*session);
  if (session->latch.connected()) network_.unlock(slot);
  session->open = false;
  margin(slot).srtp.reset();
  margin(slot).agreement.reset();
  --open_count_;
  events_.tell(extra.face, std::move(event));
}

std::unique_ptr<MovingSession> Core::take_out(Slot slot) {
  Session* session = find(slot);
  if (session == nullptr) return nullptr;
  cut(slot);
  drop_conversion(slot, *session);
  auto moving = std::make_unique<MovingSession>();
  if (session->stream != kNoStream) {
    wheel_.halt(session->stream);
    moving->stream = std::move(wheel_.at(session->stream));
    wheel_.destroy(session->stream);
    session->stream = kNoStream;
  }
  moving->session = *session;
  moving->margin = std::move(margin(slot));
  session->open = false;
  --open_count_;
  return moving;
}

void Core::put_in(Slot slot, MovingSession moving, runtime::Instant now) {
  XIVO_ASSERT(find(slot) == nullptr);
  Session& session = sessions_.make_room(slot);
  const bool watched = session.watched;
  session = moving.session;
  session.watched = watched;
  margins_.make_room(slot) = std::move(moving.margin);
  ++open_count_;
  plan_conversion(slot);
  if (moving.stream) {
    moving.stream->session = slot;
    session.stream = wheel_.create(std::move(*moving.stream));
    if (session.ready()) start_stream(session, now);
  }
  if (auto* agreement = margin(slot).agreement.get(); agreement != nullptr && agreement->armed())
    arm_handshake(slot, *agreement, std::exchange(agreement->deadline, {}));
  if (session.carried_packets || session.stream != kNoStream) watch(slot, session, now);
  if (silence_limit(session).count() > 0) visit_from_now_on(slot, session, now);
}

Statistics Core::statistics(Slot slot) const {
  const Session* session = find(slot);
  if (session == nullptr) return {};
  const SessionMargin& extra = margin(slot);
  const auto to_us = [&](std::uint32_t units) {
    return static_cast<std::uint32_t>(std::uint64_t{units} * 1'000'000 / session->clock_rate);
  };
  Statistics s;
  s.packets_received = session->packets_received;
  s.packets_sent = session->packets_sent;
  s.bytes_received = session->bytes_received;
  s.bytes_sent = session->bytes_sent;
  s.packets_lost = session->reception.lost();
  s.jitter_us = to_us(session->reception.jitter());
  s.jitter_us_max = to_us(session->jitter_max);
  s.round_trip_us = extra.round_trip_us;
  s.remote_loss_permille = extra.remote_loss_permille;
  s.packets_refused = session->packets_refused;
  if (s.packets_received > 0) {
    const auto expected = s.packets_received + s.packets_lost;
    s.mos_hundredths =
        mos_hundredths(static_cast<double>(s.packets_lost) * 1000 / static_cast<double>(expected),
                       s.jitter_us / 1000.0, s.round_trip_us / 1000.0, session->interval_ms * 2);
  }
  if (extra.quality) s.quality = extra.quality->samples();
  return s;
}

bool Core::playing(Slot slot) const {
  const Session* session = find(slot);
  return session != nullptr && session->stream != kNoStream;
}

Slot Core::peer(Slot slot) const {
  const Session* session = find(slot);
  return session != nullptr ? session->peer : kNoSlot;
}

}  // namespace xivo::media
