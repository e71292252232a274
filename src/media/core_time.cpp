// What a media loop does by itself as time passes: playback, reports, noticing that a far side has gone silent.
#include <algorithm>

#include "media/core.hpp"

namespace xivo::media {
namespace {

constexpr auto kSilence = std::chrono::seconds(3);  // then a far side may have moved
constexpr auto kBeat = std::chrono::milliseconds(250);
constexpr auto kFirstReport = std::chrono::milliseconds(
    1500);  // with the second until the first visit: half the interval, RFC 3550 §6.2

std::uint64_t beat_of(runtime::Instant at) {
  return static_cast<std::uint64_t>(at.time_since_epoch() / kBeat);
}

}  // namespace

void Core::on_time(runtime::Instant now) {
  wheel_.run(now, [&](std::uint32_t index, std::uint64_t skipped) {
    const bool goes_on =
        wheel_.at(index).converts ? convert_frame(index, now) : play_frame(index, skipped, now);
    if (!goes_on) ended_.push_back(index);
  });
  for (const auto index : ended_) {
    if (wheel_.at(index).converts) {
      wheel_.halt(index);
      continue;
    }
    const Slot slot = wheel_.at(index).session;
    Session& session = *find(slot);
    const SessionMargin& extra = margin(slot);
    SessionEvent event;
    event.kind = SessionEvent::Kind::PlayEnded;
    event.id = extra.id;
    event.slot = slot;
    event.serial = wheel_.at(index).serial;
    event.reached_end = true;
    end_stream(session);
    events_.tell(extra.face, std::move(event));
  }
  ended_.clear();
  if (next_handshake_ <= now) run_handshakes(now);
  if (watched_count_ > 0 && beat_of(now) >= next_beat_) beat(now);
}

std::optional<runtime::Instant> Core::next_deadline() const {
  auto deadline = wheel_.next_deadline();
  if (watched_count_ > 0) {
    const runtime::Instant next(kBeat * next_beat_);
    if (!deadline || next < *deadline) deadline = next;
  }
  if (next_handshake_ != runtime::Instant::max() && (!deadline || next_handshake_ < *deadline))
    deadline = next_handshake_;
  return deadline;
}

// Returns false after the last frame of a stream.
bool Core::play_frame(std::uint32_t index, std::uint64_t skipped, runtime::Instant now) {
  Stream& stream = wheel_.at(index);
  Session& session = *find(stream.session);
  SessionMargin& extra = margin(stream.session);
  const Sound& sound = *stream.sounds->titles[stream.title];

  extra.play_timestamp += static_cast<std::uint32_t>(skipped * sound.frame_ticks);
  if (session.may_send()) {
    send_own(stream.session, session,
             {stream.begins_spurt || skipped > 0, stream.payload_type, 0, extra.play_timestamp, 0},
             std::span(sound.frames).subspan(stream.offset, sound.frame_size));
    stream.begins_spurt = false;
  } else {
    stream.begins_spurt = true;
  }
  extra.play_timestamp += sound.frame_ticks;
  extra.play_clock = now;

  stream.offset += sound.frame_size;
  if (stream.offset < sound.frames.size()) return true;
  extra.play_timestamp += sound.closing_ticks;
  stream.offset = 0;
  stream.title = (stream.title + 1) % static_cast<std::uint32_t>(stream.sounds->titles.size());
  return stream.title != 0 || stream.loop;
}

// Sound of ours goes to it: a prompt, or what has been transcoded.
bool Core::originates(const Session& session, const SessionMargin& extra, runtime::Instant now) const {
  if (session.stream != kNoStream && wheel_.at(session.stream).turning) return true;
  return extra.play_clock != runtime::Instant{} && now - extra.play_clock < std::chrono::seconds(1) &&
         session.stream == kNoStream && extra.transcoded;
}

void Core::watch(Slot slot, Session& session, runtime::Instant now) {
  session.rtcp_asked = true;
  if (!session.rtcp_mux && !session.ice) network_.open_rtcp(slot);
  visit_from_now_on(slot, session, now);
}

void Core::visit_from_now_on(Slot slot, Session& session, runtime::Instant now) {
  if (session.watched) return;
  session.watched = true;
  if (watched_count_ == 0) next_beat_ = beat_of(now) + 1;
  watched_[beat_of(now) % kBeats].push_back(slot);
  ++watched_count_;
}

// Late beats are not made up for: a visit looks at the time, not at how often it came.
void Core::beat(runtime::Instant now) {
  const auto this_beat = beat_of(now);
  const auto first = std::max(next_beat_, this_beat - std::min<std::uint64_t>(this_beat, kBeats - 1));
  for (auto beat = first; beat <= this_beat; ++beat) {
    auto& visited = watched_[beat % kBeats];
    const auto gone = std::remove_if(visited.begin(), visited.end(), [&](Slot slot) {
      Session& session = sessions_[slot];
      session.watched = session.open && look_after(slot, session, now);
      return !session.watched;
    });
    watched_count_ -= static_cast<std::size_t>(visited.end() - gone);
    visited.erase(gone, visited.end());
  }
  next_beat_ = this_beat + 1;
}

// Returns false when nothing is left to look after: no packets come and nothing plays.
bool Core::look_after(Slot slot, Session& session, runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  if (extra.report_due == runtime::Instant{}) extra.report_due = now + kFirstReport;
  const bool silent = now - session.last_packet >= kSilence;
  if (silent && session.listens() && session.latch.locked() && !session.ice) {
    if (session.latch.connected()) network_.unlock(slot);
    session.latch.relearn();
    extra.rtcp_learned = {};
  }
  if (!silent) sample_quality(slot, session, now);
  const bool checks = look_for_consent(slot, session, now);
  const bool expected = look_for_silence(slot, session, now) || checks;
  if (silent && !originates(session, extra, now)) return expected;
  send_own_report(slot, session, now);
  return true;
}

void Core::sample_quality(Slot slot, Session& session, runtime::Instant now) {
  SessionMargin& extra = margin(slot);
  if (!extra.quality) extra.quality = std::make_unique<QualitySeries>(now);
  if (!extra.quality->due(now)) return;
  const auto jitter = std::uint64_t{session.reception.jitter()} * 1'000'000 / session.clock_rate;
  const bool flowed = extra.quality->add({.received = session.packets_received,
                                          .lost = session.reception.lost(),
                                          .jitter_us = static_cast<std::uint32_t>(jitter),
                                          .round_trip_us = extra.round_trip_us,
                                          .remote_loss_permille = extra.remote_loss_permille,
                                          .packet_ms = session.interval_ms * 2u},
                                         now);
  if (!flowed) return;
  SessionEvent event;
  event.kind = SessionEvent::Kind::Quality;
  event.id = extra.id;
  event.slot = slot;
  event.quality = extra.quality->samples().back();
  events_.tell(extra.face, std::move(event));
}

std::chrono::seconds Core::silence_limit(const Session& session) const {
  if (!session.latch.known() && !session.keyed) return std::chrono::seconds(0);
  return session.direction == Direction::SendRecv ? silence_.talking : silence_.held;
}

// Returns false when this session may be silent for ever.
bool Core::look_for_silence(Slot slot, Session& session, runtime::Instant now) {
  const auto limit = silence_limit(session);
  if (limit.count() == 0) return false;
  SessionMargin& extra = margin(slot);
  const auto silence = now - std::max(extra.heard, session.last_packet);
  if (silence < limit) return true;
  extra.heard = now;
  SessionEvent event;
  event.kind = SessionEvent::Kind::Silent;
  event.id = extra.id;
  event.slot = slot;
  event.held = std::chrono::duration_cast<std::chrono::milliseconds>(silence);
  events_.tell(extra.face, std::move(event));
  return true;
}

}  // namespace xivo::media
