#include "media/inline_engine.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "media/codec/key_sound.hpp"
#include "media/codec/sound_encoder.hpp"
#include "media/core.hpp"
#include "media/sound_library.hpp"

namespace xivo::media {
namespace {

constexpr std::string_view kMusicPrefix = "moh:";

bool is_music(std::string_view file) { return file.substr(0, kMusicPrefix.size()) == kMusicPrefix; }

}  // namespace

struct InlineEngine::State final : MediaNetwork, EventSink {
  struct Entry {
    SessionUser* user;
    SocketAddress rtp;
    SocketAddress rtcp;
    SocketAddress locked;  // port 0 = not
    std::string file;      // plays now
    std::uint32_t serial = 0;
    ToldProtection protection;
    bool closing = false;
  };
  struct Packet {
    SocketAddress from;
    SocketAddress to;
    std::string bytes;
  };
  using Entries = SlotMap<Entry, SessionTag>;

  State(const runtime::Scheduler& lent, Send function, const Options& chosen)
      : scheduler(lent),
        send_packet(std::move(function)),
        options(chosen),
        library(chosen.sounds),
        core(*this, *this, lent.clock, lent.rng, Core::Options{.silence = chosen.silence}),
        next_port(chosen.first_port) {}
  ~State() override {
    scheduler.timers.cancel(deadline_timer);
    scheduler.timers.cancel(events_timer);
  }

  Entry* live(SessionId id) {
    Entry* entry = entries.find(id);
    return entry != nullptr && !entry->closing ? entry : nullptr;
  }
  [[nodiscard]] runtime::Instant now() const { return scheduler.clock.now(); }

  // MediaNetwork
  void send(Slot slot, PortKind kind, const SocketAddress* to, rtp::Bytes bytes) override {
    const Entry& entry = *entries.find(by_slot[slot]);
    sent.push_back({kind == PortKind::Rtp ? entry.rtp : entry.rtcp, to != nullptr ? *to : entry.locked,
                    std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
  }
  bool lock(Slot slot, const SocketAddress& remote) override {
    entries.find(by_slot[slot])->locked = remote;
    return true;
  }
  void unlock(Slot slot) override { entries.find(by_slot[slot])->locked = {}; }
  void open_rtcp(Slot) override {}

  // EventSink
  void tell(std::uint16_t, SessionEvent event) override { events.push_back(std::move(event)); }

  Result<std::uint16_t> free_port(const IpAddress& local);
  Result<std::shared_ptr<const Playlist>> load(const Play& what, CodecKind kind);
  void play_failed(SessionId id, std::uint32_t serial);
  void settle_command();
  void settle_now();
  void make_certificate();
  void flush_packets();
  void tell_events();
  void tell_one(const SessionEvent& event);
  void arm();

  runtime::Scheduler scheduler;
  Send send_packet;
  Options options;
  Fingerprint fingerprint;
  SoundLibrary library;
  Entries entries;
  std::vector<SessionId> by_slot;  // a session's slot is its index
  std::unordered_map<SocketAddress, std::pair<SessionId, PortKind>> ports;
  std::vector<Packet> sent;
  std::vector<SessionEvent> events;
  Core core;
  std::uint16_t next_port;
  std::uint32_t rotation = 0;
  bool flushing = false;
  bool telling = false;
  runtime::TimerId deadline_timer;
  std::optional<runtime::Instant> armed_for;
  runtime::TimerId events_timer;
};

// The port range is walked round, so a port rests for as long as the range allows.
Result<std::uint16_t> InlineEngine::State::free_port(const IpAddress& local) {
  const auto pairs = (options.last_port - options.first_port + 1) / 2;
  for (int i = 0; i < pairs; ++i) {
    const auto port = next_port;
    next_port = static_cast<std::uint16_t>(port + 3 > options.last_port ? options.first_port : port + 2);
    if (!ports.contains({local, port})) return port;
  }
  return fail("no free media port");
}

Result<std::shared_ptr<const Playlist>> InlineEngine::State::load(const Play& what, CodecKind kind) {
  if (!options.pretend_sound_length || pressed_key(what.file))
    return library.load(what.file, what.language, kind);
  const bool music = is_music(what.file);
  if (!is_sound_name(music ? what.file.substr(kMusicPrefix.size()) : what.file))
    return fail("not a sound name");
  const auto frames =
      std::max<std::int64_t>(1, *options.pretend_sound_length / std::chrono::milliseconds(kFrameMs));
  auto sound = silent_sound(kind, static_cast<std::size_t>(frames));
  if (!sound) return Unexpected{sound.error()};
  auto list = std::make_shared<Playlist>();
  list->titles.push_back(std::make_shared<const Sound>(std::move(*sound)));
  list->endless = music;
  return std::shared_ptr<const Playlist>(std::move(list));
}

void InlineEngine::State::play_failed(SessionId id, std::uint32_t serial) {
  SessionEvent event;
  event.kind = SessionEvent::Kind::PlayEnded;
  event.id = id;
  event.serial = serial;
  events.push_back(std::move(event));
}

void InlineEngine::State::settle_command() {
  flush_packets();
  if (!events.empty() && !scheduler.timers.pending(events_timer)) {
    events_timer = scheduler.timers.set(runtime::Duration::zero(), [this] { settle_now(); });
  }
  arm();
}

void InlineEngine::State::settle_now() {
  flush_packets();
  tell_events();
  arm();
}

void InlineEngine::State::make_certificate() {
  if (!options.dtls) {
    auto made = rtp::DtlsContext::make();
    XIVO_ASSERT(made.has_value());
    options.dtls = std::move(*made);
  }
  if (fingerprint.hash.empty()) fingerprint = {"sha-256", options.dtls->fingerprint()};
}

// What a packet causes in the caller's network may come back as deliver(): then the outer call does the rest.
void InlineEngine::State::flush_packets() {
  if (flushing) return;
  flushing = true;
  while (!sent.empty()) {
    const auto packets = std::exchange(sent, {});
    for (const auto& packet : packets) send_packet(packet.from, packet.to, packet.bytes);
  }
  flushing = false;
}

void InlineEngine::State::tell_events() {
  if (telling) return;
  telling = true;
  while (!events.empty()) {
    const auto told = std::exchange(events, {});
    for (const auto& event : told) tell_one(event);
  }
  telling = false;
}

void InlineEngine::State::tell_one(const SessionEvent& event) {
  Entry* entry = entries.find(event.id);
  if (entry == nullptr) return;
  SessionUser& user = *entry->user;
  switch (event.kind) {
    case SessionEvent::Kind::Digit:
      if (!entry->closing) user.on_digit(event.id, event.digit, event.held);
      return;
    case SessionEvent::Kind::PlayEnded:
      if (entry->closing || entry->serial != event.serial) return;
      entry->file.clear();
      user.on_play_ended(event.id, event.reached_end);
      return;
    case SessionEvent::Kind::Silent:
      if (!entry->closing)
        user.on_silent(event.id, std::chrono::duration_cast<std::chrono::seconds>(event.held));
      return;
    case SessionEvent::Kind::Quality:
      if (!entry->closing) user.on_quality(event.id, event.quality);
      return;
    case SessionEvent::Kind::KeysAgreed:
      if (!entry->closing) user.on_keys_agreed(event.id, event.text);
      return;
    case SessionEvent::Kind::KeyExchangeFailed:
      if (!entry->closing) user.on_key_exchange_failed(event.id, event.text);
      return;
    case SessionEvent::Kind::Closed:
      ports.erase(entry->rtp);
      ports.erase(entry->rtcp);
      entries.erase(event.id);
      user.on_closed(event.id, event.statistics);
      return;
    case SessionEvent::Kind::Released: return;
  }
}

void InlineEngine::State::arm() {
  const auto deadline = core.next_deadline();
  if (deadline == armed_for && scheduler.timers.pending(deadline_timer)) return;
  scheduler.timers.cancel(deadline_timer);
  armed_for = deadline;
  if (!deadline) return;
  deadline_timer = scheduler.timers.set(*deadline - now(), [this] {
    armed_for.reset();
    core.on_time(now());
    settle_now();
  });
}

InlineEngine::InlineEngine(const runtime::Scheduler& scheduler, Send send, const Options& options)
    : state_(std::make_unique<State>(scheduler, std::move(send), options)) {}

InlineEngine::InlineEngine(const runtime::Scheduler& scheduler, Send send)
    : InlineEngine(scheduler, std::move(send), Options{}) {}

InlineEngine::~InlineEngine() = default;

bool InlineEngine::deliver(const SocketAddress& to, const SocketAddress& from, std::string_view bytes) {
  auto& state = *state_;
  const auto found = state.ports.find(to);
  if (found == state.ports.end()) return false;
  const auto [id, kind] = found->second;
  State::Entry* entry = state.live(id);
  if (entry == nullptr) return false;
  const bool locked = kind == PortKind::Rtp && entry->locked.port != 0;
  if (locked && entry->locked != from) return true;  // the kernel would drop it unseen
  std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
  state.core.on_packet(id.index, kind, locked ? nullptr : &from, copy, state.now());
  state.settle_now();
  return true;
}

std::string InlineEngine::playing(SessionId id) const {
  State::Entry* entry = state_->live(id);
  return entry != nullptr ? entry->file : std::string();
}

SessionId InlineEngine::connected_to(SessionId id) const {
  if (state_->live(id) == nullptr) return {};
  const auto peer = state_->core.peer(id.index);
  return peer == kNoSlot ? SessionId{} : state_->by_slot[peer];
}

Statistics InlineEngine::statistics(SessionId id) const {
  return state_->live(id) != nullptr ? state_->core.statistics(id.index) : Statistics{};
}

Result<Engine::Opened> InlineEngine::open(IpAddress local, SessionUser& user, SessionId) {
  auto& state = *state_;
  const auto port = state.free_port(local);
  if (!port) return Unexpected{port.error()};
  const SocketAddress rtp{local, *port};
  const SocketAddress rtcp{local, static_cast<std::uint16_t>(*port + 1)};
  const auto id = state.entries.emplace(State::Entry{&user, rtp, rtcp, {}, {}, 0, {}, false});
  if (id.index >= state.by_slot.size()) state.by_slot.resize(id.index + 1);
  state.by_slot[id.index] = id;
  state.ports[rtp] = {id, PortKind::Rtp};
  state.ports[rtcp] = {id, PortKind::Rtcp};
  state.core.open(id.index, id, 0);
  return Opened{id, rtp, rtcp};
}

void InlineEngine::set_remote(SessionId id, const Remote& remote) {
  State::Entry* entry = state_->live(id);
  if (entry == nullptr) return;
  if (remote.key_exchange) state_->make_certificate();
  if (auto change = entry->protection.change_to(remote, state_->options.dtls))
    state_->core.protect(id.index, std::move(*change));
  state_->core.set_remote(id.index, FarSide::of(remote), state_->now());
  state_->settle_command();
}

void InlineEngine::set_direction(SessionId id, Direction direction) {
  if (state_->live(id) == nullptr) return;
  state_->core.set_direction(id.index, direction, state_->now());
  state_->settle_command();
}

void InlineEngine::connect(SessionId a, SessionId b) {
  State::Entry* first = state_->live(a);
  State::Entry* second = state_->live(b);
  if (first == nullptr || second == nullptr) return;
  for (State::Entry* entry : {first, second}) {
    entry->file.clear();
    ++entry->serial;
  }
  state_->core.connect(a.index, b.index);
  state_->settle_command();
}

void InlineEngine::disconnect(SessionId id) {
  if (state_->live(id) == nullptr) return;
  state_->core.disconnect(id.index);
  state_->settle_command();
}

void InlineEngine::echo(SessionId id, bool on) {
  if (state_->live(id) == nullptr) return;
  state_->core.echo(id.index, on);
  state_->settle_command();
}

void InlineEngine::play(SessionId id, const Play& what) {
  State::Entry* entry = state_->live(id);
  if (entry == nullptr) return;
  stop_playing(id);
  const auto serial = entry->serial;
  const auto press = key_events(what);
  auto sounds =
      press ? Result<std::shared_ptr<const Playlist>>(press) : state_->load(what, kind_of(what.codec));
  if (sounds) {
    entry->file = what.file;
    PlayOrder order{*sounds, 0, serial, what.codec.payload_type, what.loop};
    if (is_music(what.file)) order.first_title = state_->rotation++;
    state_->core.play(id.index, std::move(order), state_->now());
  } else {
    state_->play_failed(id, serial);
  }
  state_->settle_command();
}

void InlineEngine::stop_playing(SessionId id) {
  State::Entry* entry = state_->live(id);
  if (entry == nullptr) return;
  entry->file.clear();
  ++entry->serial;
  state_->core.stop_playing(id.index);
  state_->settle_command();
}

void InlineEngine::close(SessionId id) {
  State::Entry* entry = state_->live(id);
  if (entry == nullptr) return;
  entry->closing = true;
  state_->core.close(id.index);
  state_->settle_command();
}

const Fingerprint& InlineEngine::fingerprint() const {
  state_->make_certificate();
  return state_->fingerprint;
}

std::size_t InlineEngine::open_count() const { return state_->core.open_count(); }

}  // namespace xivo::media
