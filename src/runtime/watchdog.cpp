#include "runtime/watchdog.hpp"

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "runtime/stacks.hpp"

namespace xivo::runtime {
namespace {

metrics::Counter stalls_seen("runtime_stalls", "turns of a loop that took longer than the watchdog allows");

using std::chrono::duration_cast;
using std::chrono::milliseconds;

}  // namespace

Watchdog::Watchdog(const Limits& limits) : limits_(limits) {
  prepare_thread_stacks();
  thread_ = Thread("watchdog", [this] { watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(lock_);
    ending_ = true;
  }
  wake_.notify_all();
}

void Watchdog::watch() {
  std::unique_lock lock(lock_);
  while (!wake_.wait_for(lock, limits_.look_every, [this] { return ending_; })) {
    look(std::chrono::steady_clock::now());
  }
}

void Watchdog::look(Time now) {
  if (now - looked_at_ > limits_.look_every + limits_.turn_max / 2) turns_.clear();
  std::unordered_map<const Pulse*, Turn> turns;
  for (const auto& loop : Pulse::all()) {
    const auto before = turns_.find(loop.pulse);
    const bool same = before != turns_.end() && before->second.number == loop.turn && loop.turn != 0;
    auto turn = same ? before->second : Turn{loop.turn, now, false};
    if (!same && before != turns_.end() && before->second.told) {
      log::warning("runtime", "loop '{}' goes on after {} ms", loop.name,
                   duration_cast<milliseconds>(now - before->second.since).count());
    }
    const auto late = duration_cast<milliseconds>(now - turn.since);
    if (loop.turn != 0 && !turn.told && late >= limits_.turn_max) {
      turn.told = true;
      tell(loop, late, now);
    }
    turns.emplace(loop.pulse, turn);
  }
  turns_ = std::move(turns);
  looked_at_ = std::chrono::steady_clock::
      now();  // writing stacks takes its time, and is no reason to forget what was told
}

void Watchdog::tell(const Pulse::Seen& loop, milliseconds late, Time now) {
  stalls_.fetch_add(1);
  stalls_seen.add();
  const bool with_stacks = stacks_at_ == Time{} || now - stacks_at_ >= limits_.stacks_every;
  log::error("runtime", "loop '{}' has been in one turn for {} ms{}", loop.name, late.count(),
             with_stacks ? "; what every thread is doing:" : "");
  if (!with_stacks) return;
  stacks_at_ = now;
  for (const auto& thread : thread_stacks()) {
    log::error("runtime", "  thread '{}' ({}){}", thread.name, thread.id,
               thread.frames.empty() ? " does not answer" : "");
    for (const auto& frame : thread.frames) log::error("runtime", "    {}", frame);
  }
}

}  // namespace xivo::runtime
