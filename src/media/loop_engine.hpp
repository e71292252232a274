#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "media/engine.hpp"
#include "media/sound_options.hpp"
#include "runtime/timer_wheel.hpp"

namespace xivo::media {

/// The media plane of production: sockets, and media threads that shards talk to without locks. One LoopEngine is the
/// face of one shard; the faces of a process share the media threads, the port range and the sounds.
///
/// A session lives on one media thread; connect() of two on different threads first moves one to the other's.
///
/// Ports: each face has a slice of the range on each of its media threads, a pair of ports chosen from it at random, kept open
/// between sessions and at rest for up to 30 s (PortPool says how). The RTCP port of a pair is opened when media first
/// flows, so a call that never carries a packet costs one descriptor a leg.
/// Errors  open(): "no free media port" when the slice or the descriptors are used up, "media loop is busy" when its
///         queue is full
/// Thread  of one face, all calls: its shard's. Construction and destruction: before the shard's loop runs and after it
///         has ended, or in it.
class LoopEngine final : public Engine {
 public:
  struct Options {
    unsigned loops = 1;  // media threads
    std::uint16_t first_port = 10'000;  // RTP takes the even ones, RTCP the odd ones
    std::uint16_t last_port = 20'000;
    SoundOptions sounds;
    SilenceLimits silence;
    std::size_t descriptors_max = 0;  // for media ports; 0 = the process's limit less a reserve for all else
    std::size_t spare_ports_max =
        1'024;  // open pairs that no session uses, per face and thread: more are closed
    std::uint32_t batch_from =
        2'000;  // packets a second of a thread above which it works in turns of 1 ms; 0 = never
    int nice = -10;  // of the media threads, where permitted
  };
  /// Runs a task in the shard's loop, later. May be called from any thread, for as long as a face lives.
  using Post = std::function<void(runtime::Task)>;

  /// Starts the media threads for a process with one shard.
  /// Errors  no even pair in the range, or the kernel refused a descriptor (detail: errno)
  static Result<std::unique_ptr<LoopEngine>> start(const Options& options, Post post);
  /// One face a shard, in the order of `shards`. The media threads end with the first face that is destroyed.
  static Result<std::vector<std::unique_ptr<LoopEngine>>> start_shared(const Options& options,
                                                                       std::vector<Post> shards);
  ~LoopEngine() override;
  LoopEngine(const LoopEngine&) = delete;
  LoopEngine& operator=(const LoopEngine&) = delete;

  Result<Opened> open(IpAddress local, SessionUser& user, SessionId beside) override;
  void set_remote(SessionId id, const Remote& remote) override;
  void set_direction(SessionId id, Direction direction) override;
  void connect(SessionId a, SessionId b) override;
  void disconnect(SessionId id) override;
  void echo(SessionId id, bool on) override;
  void play(SessionId id, const Play& what) override;
  void stop_playing(SessionId id) override;
  void close(SessionId id) override;
  [[nodiscard]] std::size_t open_count() const override;
  [[nodiscard]] const Fingerprint& fingerprint() const override;

  /// Descriptors of media ports open now, of all faces.
  [[nodiscard]] std::size_t descriptors() const;

 private:
  class Face;
  class Plane;
  explicit LoopEngine(std::shared_ptr<Face> face);

  std::shared_ptr<Face> face_;
};

}  // namespace xivo::media
