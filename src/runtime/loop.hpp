#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/slot_map.hpp"
#include "runtime/pulse.hpp"
#include "runtime/scheduler.hpp"

namespace xivo::runtime {

struct WatchTag;
using WatchId = Handle<WatchTag>;

/// One thread's event loop: readiness of descriptors (epoll, level-triggered), timers, and tasks posted by others.
/// Thread  everything but post() and stop() belongs to the thread that calls run().
class Loop {
 public:
  static constexpr std::size_t kPostedMax = 65'536;

  explicit Loop(const char* name);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  struct Events {
    bool readable = false;
    bool writable = false;
  };
  using OnReady = std::function<void(Events)>;

  /// Watches `fd` until unwatch(); the loop does not own the descriptor. unwatch() before closing it: the number may
  /// be somebody else's a moment later. The callback's captures live until the end of the turn that unwatches it.
  WatchId watch(int fd, OnReady on_ready, bool writable = false);
  void want_write(WatchId id, bool on);
  void unwatch(WatchId id);

  /// Runs `task` in the loop's thread. Returns false, and drops the task, when kPostedMax are waiting or the loop is
  /// being destroyed.
  bool post(Task task);

  void run();
  /// Makes run() return after the current turn.
  void stop();

  [[nodiscard]] Scheduler scheduler() { return {clock_, timers_, rng_}; }
  [[nodiscard]] TimerWheel& timers() { return timers_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] bool in_loop() const {
    return std::this_thread::get_id() == thread_.load();
  }  // from any thread
  [[nodiscard]] const char* name() const { return name_; }

 private:
  struct Watch {
    int fd;
    OnReady on_ready;
  };

  void turn(int timeout_ms) noexcept;
  [[nodiscard]] int timeout_ms() const;
  void run_posted();
  void bury();

  const char* name_;
  Pulse pulse_;
  SystemClock clock_;
  SystemRng rng_;
  TimerWheel timers_;
  int epoll_;
  int wake_;
  SlotMap<Watch, WatchTag> watches_;
  std::mutex posted_lock_;
  std::vector<Task> posted_;
  bool closed_ = false;  // under posted_lock_
  std::atomic<bool> stopping_{false};
  std::atomic<std::thread::id> thread_{};
  std::vector<std::unique_ptr<Watch>> graveyard_;
};

}  // namespace xivo::runtime
