#pragma once

#include "runtime/clock.hpp"
#include "runtime/rng.hpp"
#include "runtime/timer_wheel.hpp"

namespace xivo::runtime {

/// What a loop lends to the objects it owns: time, timers and randomness. Passed down through constructors, so that a
/// test can drive everything above by hand.
/// Thread  the loop's.
struct Scheduler {
  const Clock& clock;
  TimerWheel& timers;
  Rng& rng;

  /// Runs `task` after the current callback has returned, in this loop.
  void defer(Task task) const { timers.set(Duration::zero(), std::move(task)); }
};

}  // namespace xivo::runtime
