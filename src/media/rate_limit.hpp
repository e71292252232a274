#pragma once

#include "runtime/clock.hpp"

namespace xivo::media {

/// Refuses what exceeds a rate for longer than a burst. The generic cell rate algorithm: one time stamp, no timer.
/// Source  ITU-T I.371
class RateLimit {
 public:
  bool allows(runtime::Duration interval, int burst, runtime::Instant now) {
    if (next_ < now) next_ = now;
    if (next_ - now > interval * burst) return false;
    next_ += interval;
    return true;
  }

 private:
  runtime::Instant next_{};
};

}  // namespace xivo::media
