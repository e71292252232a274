#include "runtime/loop.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "base/assert.hpp"

namespace xivo::runtime {
namespace {
constexpr int kEventsMax = 256;
constexpr std::uint64_t kWakeData = 0;  // no watch handle has generation 0
}  // namespace

Loop::Loop(const char* name)
    : name_(name),
      pulse_(name),
      timers_(clock_),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  XIVO_ASSERT(epoll_ >= 0 && wake_ >= 0);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeData;
  XIVO_ASSERT(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0);
}

// What callbacks captured may still unwatch, cancel and post while it is destroyed, so it goes while every part of the
// loop exists.
Loop::~Loop() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(posted_lock_);
    closed_ = true;
    tasks.swap(posted_);
  }
  tasks.clear();
  timers_.close();
  for (const auto id : watches_.ids()) unwatch(id);
  bury();
  close(wake_);
  close(epoll_);
}

WatchId Loop::watch(int fd, OnReady on_ready, bool writable) {
  const auto id = watches_.emplace(Watch{fd, std::move(on_ready)});
  epoll_event event{};
  event.events = EPOLLIN | (writable ? EPOLLOUT : 0u);
  event.data.u64 = id.bits();
  XIVO_ASSERT(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0);
  return id;
}

void Loop::want_write(WatchId id, bool on) {
  const Watch* watch = watches_.find(id);
  if (watch == nullptr) return;
  epoll_event event{};
  event.events = EPOLLIN | (on ? EPOLLOUT : 0u);
  event.data.u64 = id.bits();
  epoll_ctl(epoll_, EPOLL_CTL_MOD, watch->fd, &event);
}

void Loop::unwatch(WatchId id) {
  auto watch = watches_.take(id);
  if (!watch) return;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, watch->fd, nullptr);
  graveyard_.push_back(std::move(watch));
}

bool Loop::post(Task task) {
  {
    const std::lock_guard lock(posted_lock_);
    if (closed_ || posted_.size() >= kPostedMax) return false;
    posted_.push_back(std::move(task));
    if (posted_.size() > 1) return true;  // somebody has woken the loop already
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
  return true;
}

void Loop::stop() {
  stopping_.store(true);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

void Loop::run() {
  thread_ = std::this_thread::get_id();
  pthread_setname_np(pthread_self(), name_);
  while (!stopping_.load(std::memory_order_relaxed)) turn(timeout_ms());
  run_posted();
  stopping_.store(false);  // it may run again
}

int Loop::timeout_ms() const {
  const auto deadline = timers_.next_deadline();
  if (!deadline) return -1;
  const auto left = *deadline - clock_.now();
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<long>(ms, 0, INT_MAX));
}

void Loop::turn(int timeout_ms) noexcept {
  epoll_event events[kEventsMax];
  const int ready = epoll_wait(epoll_, events, kEventsMax, timeout_ms);
  pulse_.beat();
  for (int i = 0; i < ready; ++i) {
    if (events[i].data.u64 == kWakeData) {
      std::uint64_t count;
      [[maybe_unused]] const auto got = read(wake_, &count, sizeof count);
      run_posted();
      continue;
    }
    const auto id = WatchId::from_bits(events[i].data.u64);
    const Watch* watch = watches_.find(id);
    if (watch == nullptr) continue;  // unwatched earlier in this turn
    const auto flags = events[i].events;
    watch->on_ready({(flags & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0, (flags & (EPOLLOUT | EPOLLERR)) != 0});
  }
  timers_.run_due();
  bury();
  pulse_.rest();
}

// Destroying one watch may unwatch another.
void Loop::bury() {
  while (!graveyard_.empty()) std::exchange(graveyard_, {}).clear();
}

void Loop::run_posted() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(posted_lock_);
    tasks.swap(posted_);
  }
  for (auto& task : tasks) task();
}

}  // namespace xivo::runtime
