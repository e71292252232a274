#include "runtime/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.hpp"

namespace xivo::runtime {
namespace {
constexpr auto kTick = std::chrono::milliseconds(1);
constexpr std::uint64_t kTicksMax = (std::uint64_t{1} << 40) - 1;  // what the wheel can tell apart
constexpr Duration kDelayMax = std::chrono::hours(24) * 365 * 10;
}  // namespace

TimerWheel::TimerWheel(const Clock& clock) : clock_(clock), now_tick_(tick_of(clock.now())) {}

std::uint64_t TimerWheel::tick_of(Instant at) {
  return static_cast<std::uint64_t>(at.time_since_epoch() / kTick);
}

std::uint64_t TimerWheel::due_tick(Duration delay) const {
  const auto due = clock_.now() + std::clamp(delay, Duration::zero(), kDelayMax) + kTick - Duration(1);
  return std::max(tick_of(due), now_tick_ + 1);
}

TimerId TimerWheel::set(Duration delay, Task task) { return add(due_tick(delay), std::move(task), false); }

TimerId TimerWheel::set_lazy(Duration delay, Task task) {
  return add((due_tick(delay) + kLazyTicks - 1) / kLazyTicks * kLazyTicks, std::move(task), true);
}

TimerId TimerWheel::add(std::uint64_t tick, Task task, bool lazy) {
  if (closed_) return {};
  std::uint32_t index;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Node& node = nodes_[index];
  node.tick = tick;
  node.task = std::move(task);
  node.live = true;
  node.lazy = lazy;
  place(index);
  ++size_;
  return {index, node.generation};
}

bool TimerWheel::pending(TimerId id) const {
  return id.index < nodes_.size() && nodes_[id.index].live && nodes_[id.index].generation == id.generation;
}

void TimerWheel::cancel(TimerId id) {
  if (!pending(id)) return;
  unlink(id.index);
  // Destroyed last: what the task captured may set and cancel timers in its destructor, this one included.
  const Task dropped = release(id.index);
}

void TimerWheel::close() {
  closed_ = true;
  for (std::uint32_t index = 0; index < nodes_.size(); ++index) cancel({index, nodes_[index].generation});
}

Task TimerWheel::release(std::uint32_t index) {
  Node& node = nodes_[index];
  node.live = false;
  if (++node.generation == 0) node.generation = 1;
  free_.push_back(index);
  --size_;
  return std::exchange(node.task, nullptr);
}

// The level is the highest byte in which the deadline differs from now; the position is that byte of the deadline.
// A deadline beyond the wheel (the clock leapt by decades) waits in its last position and is then placed again.
void TimerWheel::place(std::uint32_t index) {
  Node& node = nodes_[index];
  const auto tick = std::min(node.tick, now_tick_ + kTicksMax);
  const auto differing = tick ^ now_tick_;
  int level = differing == 0 ? 0 : (63 - std::countl_zero(differing)) / 8;
  level = std::min(level, kLevels - 1);
  const auto position = (tick >> (8 * level)) & (kSlots - 1);
  node.slot = static_cast<std::uint16_t>(level * kSlots + position);
  List& list = slots_[node.slot];
  node.prev = list.tail;
  node.next = 0;
  if (list.tail != 0) {
    nodes_[list.tail - 1].next = index + 1;
  } else {
    list.head = index + 1;
    occupied_[level][position / 64] |= std::uint64_t{1} << (position % 64);
  }
  list.tail = index + 1;
}

void TimerWheel::unlink(std::uint32_t index) {
  Node& node = nodes_[index];
  List& list = slots_[node.slot];
  if (node.prev != 0) {
    nodes_[node.prev - 1].next = node.next;
  } else {
    list.head = node.next;
  }
  if (node.next != 0) {
    nodes_[node.next - 1].prev = node.prev;
  } else {
    list.tail = node.prev;
  }
  if (list.head == 0) {
    const auto position = node.slot % kSlots;
    occupied_[node.slot / kSlots][position / 64] &= ~(std::uint64_t{1} << (position % 64));
  }
}

// Deals the timers of the current position of `level` out to the levels below.
void TimerWheel::cascade(int level) {
  const auto position = (now_tick_ >> (8 * level)) & (kSlots - 1);
  List& list = slots_[level * kSlots + position];
  while (list.head != 0) {
    const auto index = list.head - 1;
    unlink(index);
    place(index);
  }
}

// Runs the timers due at now_tick_. A task that sets a timer always gets a later tick, so the list only shrinks; what is put off goes to
// the ticks that follow, as many to each as it may run.
void TimerWheel::run_slot(List& list) {
  std::uint64_t lazy = 0;
  while (list.head != 0) {
    const auto index = list.head - 1;
    unlink(index);
    if (nodes_[index].lazy && ++lazy > kLazyTurn) {
      nodes_[index].tick = now_tick_ + (lazy - 1) / kLazyTurn;
      place(index);
      continue;
    }
    const Task task = release(index);
    task();
  }
}

int TimerWheel::first_set(int level, std::uint64_t from) const {
  for (std::uint64_t position = from; position < kSlots;) {
    const auto word = occupied_[level][position / 64] >> (position % 64);
    if (word != 0) return static_cast<int>(position) + std::countr_zero(word);
    position = (position / 64 + 1) * 64;
  }
  return -1;
}

// A timer shares all bytes above its level with now, and its own byte is greater: so the lowest occupied level holds
// the soonest, and between now and the stop there is nothing to do. Only the highest level can hold timers of its next
// turn, at or before the current position.
std::optional<TimerWheel::Stop> TimerWheel::next_stop() const {
  if (size_ == 0) return std::nullopt;
  for (int level = 0; level < kLevels; ++level) {
    const auto shift = 8 * level;
    const auto base = (now_tick_ >> (shift + 8)) << (shift + 8);
    const auto next = first_set(level, ((now_tick_ >> shift) & (kSlots - 1)) + 1);
    if (next >= 0) return Stop{base + (static_cast<std::uint64_t>(next) << shift), level};
  }
  constexpr int kTop = kLevels - 1;
  const auto next_turn = ((now_tick_ >> (8 * kLevels)) + 1) << (8 * kLevels);
  const auto next = first_set(kTop, 0);
  XIVO_ASSERT(next >= 0);
  return Stop{next_turn + (static_cast<std::uint64_t>(next) << (8 * kTop)), kTop};
}

void TimerWheel::run_due() {
  XIVO_ASSERT(!running_);
  running_ = true;
  const auto target = tick_of(clock_.now());
  for (auto stop = next_stop(); stop && stop->tick <= target; stop = next_stop()) {
    now_tick_ = stop->tick;
    if (stop->level > 0) cascade(stop->level);
    run_slot(slots_[now_tick_ & (kSlots - 1)]);
  }
  now_tick_ = std::max(now_tick_, target);
  running_ = false;
}

std::optional<Instant> TimerWheel::next_deadline() const {
  const auto stop = next_stop();
  if (!stop) return std::nullopt;
  return Instant(std::chrono::duration_cast<Duration>(kTick) * static_cast<Duration::rep>(stop->tick));
}

}  // namespace xivo::runtime
