#pragma once

// Private to loop_engine.cpp and loop_face.cpp: one shard's side of the media plane.

#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "media/codec/audio_codec.hpp"
#include "media/loop_plane.hpp"
#include "media/port_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/rng.hpp"

namespace xivo::media {

/// Thread  the shard's
class LoopEngine::Face final : public std::enable_shared_from_this<Face> {
 public:
  Face(std::uint16_t number, Post post) : number_(number), post_(std::move(post)) {}

  /// Before the media threads start. `slices[i]` belongs to media loop `homes[i]`.
  void settle(std::shared_ptr<Plane> plane, const std::vector<unsigned>& homes,
              const std::vector<PortPool::Slice>& slices);
  /// What a media loop calls, from its thread, when it has events: the shard will take them.
  void ring();
  Plane& plane() { return *plane_; }

  Result<Opened> open(IpAddress local, SessionUser& user, SessionId beside);
  void set_remote(SessionId id, const Remote& remote);
  void set_direction(SessionId id, Direction direction);
  void connect(SessionId a, SessionId b);
  void disconnect(SessionId id);
  void echo(SessionId id, bool on);
  void play(SessionId id, const Play& what);
  void stop_playing(SessionId id);
  void close(SessionId id);
  [[nodiscard]] std::size_t open_count() const { return open_count_; }

 private:
  static constexpr std::size_t kHeldMax = 64;        // commands for a session on its way
  static constexpr std::size_t kSpilledMax = 65'536; // commands that a full queue has refused
  static constexpr std::size_t kKnownSoundsMax = 1'024;
  static constexpr auto kSoundFresh = std::chrono::seconds(10);  // then the file is looked at again

  /// A media loop that this face uses, and its ports there.
  class Home final : public PortOpener {
   public:
    Home(Face& face, unsigned loop, const PortPool::Slice& slice);
    Result<void> open(Slot slot, const SocketAddress& rtp) override;
    void close(Slot slot) override;

    Face& face;
    MediaLoop& loop;
    PortPool ports;
    std::deque<std::pair<Command, Urgency>> spilled;
    std::size_t sessions = 0;
    bool refilling = false;
  };
  struct Entry {
    SessionUser* user = nullptr;
    Home* home = nullptr;   // of the session
    Slot slot = kNoSlot;
    Home* port_home = nullptr;  // of its port; another one after a move
    PortPair port;
    std::uint32_t serial = 0;   // of its last play order
    ToldProtection protection;
    bool waits_to_play = false; // an order has been given, maybe before the far side was known
    bool closing = false;
    bool moving = false;
    Home* moves_to = nullptr;
    std::vector<runtime::Task> held;  // while it moves
  };
  struct KnownSound {
    std::weak_ptr<const Playlist> list;
    runtime::Instant loaded{};
  };

  Entry* live(SessionId id);
  /// Keeps what is to be done for a session that is on its way to another loop. Returns false when it is not.
  bool held(Entry& entry, runtime::Task task);
  Home& home_for(SessionId beside);
  void give(Home& home, Slot slot, decltype(Command::order) order, Urgency urgency);
  /// Pushes, or keeps what a full queue refuses; false when even that is too much.
  bool push_or_spill(Home& home, Command command, Urgency urgency);
  void flush_spilled(Home& home);
  void refill_later(Home& home, const IpAddress& local);

  void load(SessionId id, const Play& what, CodecKind kind, const std::string& key);
  void start_playing(SessionId id, std::uint32_t serial, const Play& what,
                     std::shared_ptr<const Playlist> sounds);
  void play_failed(SessionId id, std::uint32_t serial);
  std::shared_ptr<const Playlist> known_sound(const std::string& key);
  void remember_sound(const std::string& key, const std::shared_ptr<const Playlist>& list);

  void take_events();
  void on_event(Home& home, LoopEvent& event);
  void on_closed(SessionId id, const SessionEvent& event);
  void move(SessionId id, Entry& entry, Home& to);
  void on_moved(Home& from, LoopEvent& event);

  const std::uint16_t number_;
  const Post post_;
  std::shared_ptr<Plane> plane_;
  runtime::SystemClock clock_;
  runtime::SystemRng rng_;
  std::vector<std::unique_ptr<Home>> homes_;
  SlotMap<Entry, SessionTag> entries_;
  std::size_t open_count_ = 0;
  std::unordered_map<std::string, KnownSound> known_sounds_;
  std::uint32_t rotation_ = 0;  // where the next listener to music starts
  std::atomic<std::int64_t> rung_at_us_{
      0};  // when the shard was last asked to take events; 0 = it has since begun to
};

}  // namespace xivo::media
