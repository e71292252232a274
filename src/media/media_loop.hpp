#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "media/chunked_array.hpp"
#include "media/command.hpp"
#include "media/core.hpp"
#include "media/spsc_queue.hpp"
#include "runtime/clock.hpp"
#include "runtime/pulse.hpp"
#include "runtime/rng.hpp"
#include "runtime/socket.hpp"
#include "runtime/thread.hpp"

struct epoll_event;

namespace xivo::media {

/// Open descriptors of the media plane against its share of the process's limit.
/// Thread  any
class DescriptorBudget {
 public:
  explicit DescriptorBudget(std::size_t most) : most_(static_cast<std::int64_t>(most)) {}
  /// Returns false, and takes nothing, when no more may be opened.
  bool take() {
    if (used_.fetch_add(1, std::memory_order_relaxed) < most_) return true;
    give_back();
    return false;
  }
  void give_back() { used_.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const std::int64_t most_;
  std::atomic<std::int64_t> used_{0};
};

/// One media thread: an epoll set of its own, the packet logic of its sessions, and a queue from each shard.
///
/// A turn: wait for packets or the next deadline; carry out commands; handle one packet of each ready socket; send what is due;
/// hand events back. Commands that only matter to the next packet do not wake the loop: each wake carries them out
/// before it looks at packets. The others wake it through one eventfd, once however many there are; closes are answered
/// at once when they come singly and every kSoon when they come in numbers.
///
/// Above `batch_from` packets a second the loop works in turns of 1 ms: it sleeps to the next full millisecond
/// and then takes all that has come, since waking costs more than relaying does. That adds 0.5 ms on average, and as much
/// to the resolution of the jitter figures.
/// Thread  the constructor, push() and watch_port() are the shards', each with its own face number; the rest is the
///         loop's own
class MediaLoop final : MediaNetwork, EventSink {
 public:
  static constexpr std::size_t kCommandsMax = 4'096;  // queued by a shard: 50 ms of its busiest hour
  static constexpr std::size_t kEventsMax = 1'024;  // queued for a shard
  static constexpr std::size_t kWaitingMax =
      65'536;  // beyond the queue; digits are dropped from half of it on
  static constexpr int kTurnPacketsMax = 256;
  static constexpr auto kSoon = std::chrono::milliseconds(100);

  struct Options {
    std::uint32_t batch_from = 2'000;  // packets a second; 0 = never work in 1 ms turns
    std::size_t fine_from = PlayWheel::kFineFromDefault;
    int nice = -10;
    SilenceLimits silence;
  };
  /// Asks a shard to look into its event queues. Called from the loop.
  using Ring = std::function<void()>;

  MediaLoop(unsigned number, const Options& options, std::vector<Ring> shards, DescriptorBudget& descriptors);
  ~MediaLoop() override;
  MediaLoop(const MediaLoop&) = delete;
  MediaLoop& operator=(const MediaLoop&) = delete;

  /// Errors  the kernel refused epoll or eventfd
  Result<void> start();
  /// Ends the thread; events not yet told are dropped, sockets stay open until the destructor.
  void stop();

  /// Returns false, and leaves the command alone, when the queue is full: the loop is then woken, and rings when it is not.
  bool push(std::uint16_t face, Command& command, Urgency urgency);
  /// Lets the loop receive from a slot's RTP socket, after the AddPort or PutIn that names it has been pushed.
  Result<void> watch_port(Slot slot, PortKind kind, int fd);
  bool pop_event(std::uint16_t face, LoopEvent& event) { return channels_[face]->events.pop(event); }

 private:
  static constexpr std::uint64_t kWakeData = ~std::uint64_t{0};  // in epoll, beside slots and kinds

  struct Channel {
    explicit Channel(Ring function) : commands(kCommandsMax), events(kEventsMax), ring(std::move(function)) {}
    SpscQueue<Command> commands;
    SpscQueue<LoopEvent> events;
    std::vector<LoopEvent> waiting;  // the loop's, when `events` is full
    std::atomic<bool> refused{false};
    bool told = false;  // in this turn
    Ring ring;
  };

  // MediaNetwork
  void send(Slot slot, PortKind kind, const SocketAddress* to, rtp::Bytes bytes) override;
  bool lock(Slot slot, const SocketAddress& remote) override;
  void unlock(Slot slot) override;
  void open_rtcp(Slot slot) override;
  // EventSink
  void tell(std::uint16_t face, SessionEvent event) override;

  void run();
  void turn();
  int wait(::epoll_event* events);
  [[nodiscard]] runtime::Instant next_wake() const;
  void wait_for_batch();
  [[nodiscard]] bool commands_waiting() const;
  void wake();
  void drain_commands();
  void carry_out(std::uint16_t face, Command& command);
  void take_out(std::uint16_t face, Slot slot);
  void put_in(Slot slot, std::unique_ptr<MovingPort> moving);
  void add_port(Slot slot, AddPort& order);
  void close_port(Slot slot);
  void tell_loop_event(std::uint16_t face, LoopEvent event);
  void hand_over_events();
  void on_ready(std::uint64_t what);
  void receive_unlocked(Slot slot, Port& port, PortKind kind);
  bool receive_from(Slot slot, int fd, PortKind kind);
  void receive_locked(Slot slot, Port& port);
  void count_turn(int packets);

  const Options options_;
  const unsigned number_;
  char name_[16];
  runtime::Pulse pulse_{name_};
  runtime::SystemClock clock_;
  runtime::SystemRng rng_;
  DescriptorBudget& descriptors_;
  runtime::Fd epoll_;
  runtime::Fd
      idle_epoll_;  // holds the eventfd only: sleeping to the next millisecond, but not through a wake
  runtime::Fd wake_;
  std::vector<std::unique_ptr<Channel>> channels_;
  ChunkedArray<Port> ports_;
  Core core_;
  runtime::Instant now_{};
  runtime::Instant linger_until_{};  // closes have come: look again by then, unasked
  bool events_waiting_ = false;
  bool batching_ = false;
  std::uint32_t window_packets_ = 0;
  runtime::Instant window_end_{};
  std::array<std::uint8_t, 2048> buffer_;

  // When the loop wakes by itself, microseconds; 0 = it is awake and will look at its queues before it sleeps.
  std::atomic<std::int64_t> wakes_at_{0};
  std::atomic<bool> woken_{false};
  std::atomic<bool> stopping_{false};
  runtime::Thread thread_;
};

}  // namespace xivo::media
