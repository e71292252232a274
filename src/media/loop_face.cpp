#include "media/loop_face.hpp"

#include <algorithm>
#include <cerrno>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "media/codec/key_sound.hpp"
#include "media/udp_port.hpp"

namespace xivo::media {
namespace {

metrics::Counter sessions_opened("xivo_media_sessions_total", "Media sessions opened");
metrics::Counter sessions_refused("xivo_media_sessions_refused_total",
                                  "Media sessions refused for want of a port");
metrics::Counter packets_received("xivo_media_packets_received_total",
                                  "RTP packets taken, of closed sessions");
metrics::Counter packets_sent("xivo_media_packets_sent_total", "RTP packets sent, of closed sessions");
metrics::Counter packets_refused("xivo_media_packets_refused_total",
                                 "Packets of strangers, malformed or beyond the rate, of closed sessions");
metrics::Counter commands_dropped("xivo_media_commands_dropped_total",
                                  "Commands that a stalled media loop never got");

constexpr std::string_view kMusicPrefix = "moh:";
constexpr auto kRingAgain =
    std::chrono::seconds(1);  // a shard whose queue was full has dropped what we posted

std::uint16_t after(std::uint16_t port) { return static_cast<std::uint16_t>(port + 1); }

}  // namespace

// ------------------------------------------------------------------------------------------------ ports

LoopEngine::Face::Home::Home(Face& owner, unsigned number, const PortPool::Slice& slice)
    : face(owner), loop(*owner.plane_->loops()[number]), ports(slice, *this, owner.rng_) {}

Result<void> LoopEngine::Face::Home::open(Slot slot, const SocketAddress& rtp) {
  auto& descriptors = face.plane_->descriptors();
  if (!descriptors.take()) return fail("no descriptor left for media", EMFILE);
  auto socket = open_udp_port(rtp);
  if (!socket) {
    descriptors.give_back();
    return Unexpected{socket.error()};
  }
  const int fd = socket->get();
  Command command{slot, AddPort{std::move(*socket), {rtp.ip, after(rtp.port)}}};
  face.flush_spilled(*this);
  if (spilled.empty() && loop.push(face.number_, command, Urgency::WithNextPacket)) {
    auto watched = loop.watch_port(slot, PortKind::Rtp, fd);
    if (!watched) close(slot);
    return watched;
  }
  std::get<AddPort>(command.order).watch = true;
  if (face.push_or_spill(*this, std::move(command), Urgency::WithNextPacket)) return {};
  descriptors.give_back();
  return fail("media loop is busy", EAGAIN);
}

void LoopEngine::Face::Home::close(Slot slot) {
  face.give(*this, slot, ClosePort{}, Urgency::WithNextPacket);
}

void LoopEngine::Face::settle(std::shared_ptr<Plane> plane, const std::vector<unsigned>& homes,
                              const std::vector<PortPool::Slice>& slices) {
  plane_ = std::move(plane);
  for (std::size_t i = 0; i < homes.size(); ++i) {
    homes_.push_back(std::make_unique<Home>(*this, homes[i], slices[i]));
  }
}

LoopEngine::Face::Home& LoopEngine::Face::home_for(SessionId beside) {
  if (const Entry* entry = entries_.find(beside)) return entry->moving ? *entry->moves_to : *entry->home;
  return **std::min_element(homes_.begin(), homes_.end(),
                            [](const auto& a, const auto& b) { return a->sessions < b->sessions; });
}

void LoopEngine::Face::refill_later(Home& home, const IpAddress& local) {
  if (home.refilling || !home.ports.wants_refill(local)) return;
  home.refilling = true;
  post_([weak = weak_from_this(), &home, local] {
    const auto face = weak.lock();
    if (!face) return;
    home.refilling = false;
    home.ports.refill(local, face->clock_.now());
  });
}

Result<Engine::Opened> LoopEngine::Face::open(IpAddress local, SessionUser& user, SessionId beside) {
  Home& home = home_for(beside);
  const auto pair = home.ports.take(local, clock_.now());
  if (!pair) {
    sessions_refused.add();
    return Unexpected{pair.error()};
  }
  Entry entry;
  entry.user = &user;
  entry.home = entry.port_home = &home;
  entry.slot = pair->slot;
  entry.port = *pair;
  const auto id = entries_.emplace(std::move(entry));
  ++home.sessions;
  ++open_count_;
  sessions_opened.add();
  give(home, pair->slot, OpenSession{id}, Urgency::WithNextPacket);
  refill_later(home, local);
  return Opened{id, {local, pair->rtp}, {local, after(pair->rtp)}};
}

// ------------------------------------------------------------------------------------------------ commands

LoopEngine::Face::Entry* LoopEngine::Face::live(SessionId id) {
  Entry* entry = entries_.find(id);
  return entry != nullptr && !entry->closing ? entry : nullptr;
}

bool LoopEngine::Face::held(Entry& entry, runtime::Task task) {
  if (!entry.moving) return false;
  if (entry.held.size() < kHeldMax) {
    entry.held.push_back(std::move(task));
  } else {
    commands_dropped.add();
  }
  return true;
}

void LoopEngine::Face::give(Home& home, Slot slot, decltype(Command::order) order, Urgency urgency) {
  if (!push_or_spill(home, {slot, std::move(order)}, urgency)) commands_dropped.add();
}

bool LoopEngine::Face::push_or_spill(Home& home, Command command, Urgency urgency) {
  flush_spilled(home);
  if (home.spilled.empty() && home.loop.push(number_, command, urgency)) return true;
  if (home.spilled.size() >= kSpilledMax) return false;
  home.spilled.emplace_back(std::move(command), urgency);
  return true;
}

void LoopEngine::Face::flush_spilled(Home& home) {
  while (!home.spilled.empty() &&
         home.loop.push(number_, home.spilled.front().first, home.spilled.front().second)) {
    home.spilled.pop_front();
  }
}

void LoopEngine::Face::set_remote(SessionId id, const Remote& remote) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id, remote] { set_remote(id, remote); })) return;
  if (auto change = entry->protection.change_to(remote, plane_->dtls()))
    give(*entry->home, entry->slot, Protect{std::move(*change)}, Urgency::WithNextPacket);
  // As the client of a handshake we speak first.
  const bool begins = remote.key_exchange && remote.key_exchange->role == KeyExchange::Role::Client;
  give(*entry->home, entry->slot, SetRemote{FarSide::of(remote)},
       entry->waits_to_play || begins ? Urgency::Now : Urgency::WithNextPacket);
}

void LoopEngine::Face::set_direction(SessionId id, Direction direction) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id, direction] { set_direction(id, direction); })) return;
  give(*entry->home, entry->slot, SetDirection{direction}, Urgency::WithNextPacket);
}

void LoopEngine::Face::connect(SessionId a, SessionId b) {
  Entry* first = live(a);
  Entry* second = live(b);
  if (first == nullptr || second == nullptr || a == b) return;
  for (Entry* entry : {first, second}) {
    if (held(*entry, [this, a, b] { connect(a, b); })) return;
  }
  for (Entry* entry : {first, second}) {
    ++entry->serial;
    entry->waits_to_play = false;
  }
  if (first->home != second->home) {
    move(b, *second, *first->home);
    held(*second, [this, a, b] { connect(a, b); });
    return;
  }
  give(*first->home, first->slot, Connect{second->slot}, Urgency::WithNextPacket);
}

void LoopEngine::Face::disconnect(SessionId id) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id] { disconnect(id); })) return;
  give(*entry->home, entry->slot, Disconnect{}, Urgency::WithNextPacket);
}

void LoopEngine::Face::echo(SessionId id, bool on) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id, on] { echo(id, on); })) return;
  give(*entry->home, entry->slot, Echo{on}, Urgency::WithNextPacket);
}

// A loop that plays wakes at least every 20 ms, so it need not be woken to stop.
void LoopEngine::Face::stop_playing(SessionId id) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id] { stop_playing(id); })) return;
  ++entry->serial;
  entry->waits_to_play = false;
  give(*entry->home, entry->slot, StopPlaying{}, Urgency::WithNextPacket);
}

void LoopEngine::Face::close(SessionId id) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id] { close(id); })) return;
  entry->closing = true;
  --open_count_;
  give(*entry->home, entry->slot, CloseSession{}, Urgency::Soon);
}

// ------------------------------------------------------------------------------------------------ playing

void LoopEngine::Face::play(SessionId id, const Play& what) {
  Entry* entry = live(id);
  if (entry == nullptr || held(*entry, [this, id, what] { play(id, what); })) return;
  stop_playing(id);
  if (auto press = key_events(what)) return start_playing(id, entry->serial, what, std::move(press));
  const auto kind = kind_of(what.codec);
  if (kind == CodecKind::None) return play_failed(id, entry->serial);
  const auto key = fmt::format("{}:{}:{}", static_cast<int>(kind), what.language, what.file);
  if (auto sounds = known_sound(key)) return start_playing(id, entry->serial, what, std::move(sounds));
  load(id, what, kind, key);
}

void LoopEngine::Face::load(SessionId id, const Play& what, CodecKind kind, const std::string& key) {
  const auto serial = entries_.find(id)->serial;
  const bool submitted = plane_->submit(
      [weak = weak_from_this(), post = post_, &sounds = plane_->sounds(), id, what, kind, key, serial] {
        auto loaded = sounds.load(what.file, what.language, kind);
        if (!loaded) log::notice("media", "cannot play {}: {}", what.file, loaded.error().what);
        post([weak, id, what, key, serial, list = loaded ? *loaded : nullptr] {
          const auto face = weak.lock();
          if (!face) return;
          if (!list) return face->play_failed(id, serial);
          face->remember_sound(key, list);
          face->start_playing(id, serial, what, list);
        });
      });
  if (!submitted) play_failed(id, serial);
}

void LoopEngine::Face::start_playing(SessionId id, std::uint32_t serial, const Play& what,
                                     std::shared_ptr<const Playlist> sounds) {
  Entry* entry = live(id);
  if (entry == nullptr || entry->serial != serial) return;
  if (held(*entry, [this, id, serial, what, sounds] { start_playing(id, serial, what, sounds); })) return;
  PlayOrder order{std::move(sounds), 0, serial, what.codec.payload_type, what.loop};
  if (what.file.compare(0, kMusicPrefix.size(), kMusicPrefix) == 0) order.first_title = rotation_++;
  entry->waits_to_play = true;
  give(*entry->home, entry->slot, StartPlaying{std::move(order)}, Urgency::Now);
}

// Told from a task of its own: never from inside play().
void LoopEngine::Face::play_failed(SessionId id, std::uint32_t serial) {
  post_([weak = weak_from_this(), id, serial] {
    const auto face = weak.lock();
    Entry* entry = face ? face->live(id) : nullptr;
    if (entry != nullptr && entry->serial == serial) entry->user->on_play_ended(id, false);
  });
}

std::shared_ptr<const Playlist> LoopEngine::Face::known_sound(const std::string& key) {
  const auto found = known_sounds_.find(key);
  if (found == known_sounds_.end() || clock_.now() - found->second.loaded > kSoundFresh) return nullptr;
  return found->second.list.lock();
}

void LoopEngine::Face::remember_sound(const std::string& key, const std::shared_ptr<const Playlist>& list) {
  if (known_sounds_.size() >= kKnownSoundsMax) known_sounds_.clear();
  known_sounds_[key] = {list, clock_.now()};
}

// ------------------------------------------------------------------------------------------------ events

void LoopEngine::Face::ring() {
  const auto now = clock_.now().time_since_epoch().count();
  auto since = rung_at_us_.load();
  if (since != 0 && now - since < std::chrono::microseconds(kRingAgain).count()) return;
  if (!rung_at_us_.compare_exchange_strong(since, now)) return;  // another loop has just rung
  post_([weak = weak_from_this()] {
    if (const auto face = weak.lock()) face->take_events();
  });
}

void LoopEngine::Face::take_events() {
  rung_at_us_.store(0);
  for (const auto& home : homes_) {
    flush_spilled(*home);
    LoopEvent event;
    for (std::size_t left = MediaLoop::kEventsMax; left > 0 && home->loop.pop_event(number_, event); --left) {
      on_event(*home, event);
      event = {};
    }
  }
}

void LoopEngine::Face::on_event(Home& home, LoopEvent& event) {
  if (event.moved) return on_moved(home, event);
  const auto& told = event.session;
  if (told.kind == SessionEvent::Kind::Closed) return on_closed(told.id, told);
  Entry* entry = live(told.id);
  if (entry == nullptr) return;
  if (told.kind == SessionEvent::Kind::Digit) {
    entry->user->on_digit(told.id, told.digit, told.held);
  } else if (told.kind == SessionEvent::Kind::Silent) {
    entry->user->on_silent(told.id, std::chrono::duration_cast<std::chrono::seconds>(told.held));
  } else if (told.kind == SessionEvent::Kind::Quality) {
    entry->user->on_quality(told.id, told.quality);
  } else if (told.kind == SessionEvent::Kind::KeysAgreed) {
    entry->user->on_keys_agreed(told.id, told.text);
  } else if (told.kind == SessionEvent::Kind::KeyExchangeFailed) {
    entry->user->on_key_exchange_failed(told.id, told.text);
  } else if (told.kind == SessionEvent::Kind::PlayEnded && told.serial == entry->serial) {
    entry->waits_to_play = false;
    entry->user->on_play_ended(told.id, told.reached_end);
  }
}

void LoopEngine::Face::on_closed(SessionId id, const SessionEvent& event) {
  const auto entry = entries_.take(id);
  if (!entry) return;
  const auto now = clock_.now();
  --entry->home->sessions;
  if (entry->home == entry->port_home) {
    entry->home->ports.give_back(entry->port, event.carried_packets, now);
  } else {
    give(*entry->home, entry->slot, ClosePort{}, Urgency::Soon);
    entry->home->ports.give_back_slot(entry->slot);
    entry->port_home->ports.give_back_port(entry->port.rtp, now);
  }
  packets_received.add(static_cast<std::int64_t>(event.statistics.packets_received));
  packets_sent.add(static_cast<std::int64_t>(event.statistics.packets_sent));
  packets_refused.add(static_cast<std::int64_t>(event.statistics.packets_refused));
  entry->user->on_closed(id, event.statistics);
}

void LoopEngine::Face::move(SessionId, Entry& entry, Home& to) {
  entry.moving = true;
  entry.moves_to = &to;
  give(*entry.home, entry.slot, TakeOut{}, Urgency::Now);
}

void LoopEngine::Face::on_moved(Home& from, LoopEvent& event) {
  const auto id = event.session.id;
  Entry* entry = entries_.find(id);
  XIVO_ASSERT(entry != nullptr && entry->moving);
  if (const auto slot = entry->moves_to->ports.take_slot()) {
    from.ports.give_back_slot(entry->slot);
    --from.sessions;
    entry->home = entry->moves_to;
    ++entry->home->sessions;
    entry->slot = *slot;
  }
  entry->moving = false;
  give(*entry->home, entry->slot, PutIn{std::move(event.moved)}, Urgency::Now);
  for (const auto& task : std::exchange(entry->held, {})) task();
}

}  // namespace xivo::media
