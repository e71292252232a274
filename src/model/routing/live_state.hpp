#pragma once

#include <chrono>
#include <cstdint>

#include "model/ids.hpp"
#include "model/numbering/number_plan.hpp"

namespace xivo::model::routing {

enum class Direction : std::uint8_t { In, Out };

/// What routing must know of the moment; the engine implements it, a simulator may invent it.
/// Thread  one answer may differ from the next: who needs a moment that stands still puts a witness in between.
class LiveState {
 public:
  virtual ~LiveState() = default;
  /// Reachable contacts right now.
  [[nodiscard]] virtual int contacts_of(SipLineId line) const = 0;
  /// In progress, ringing included, the asked one excluded.
  [[nodiscard]] virtual int calls_of(UserId user) const = 0;

  /// Calls in progress on a trunk, the asked one excluded.
  [[nodiscard]] virtual int channels_of(TrunkId, Direction) const { return 0; }
  /// False: it is known not to answer now (not registered, OPTIONS unanswered).
  [[nodiscard]] virtual bool trunk_usable(TrunkId) const { return true; }

  /// Calls to the outside of a class, the asked one excluded, that a user paid for or a trunk carried: started within the last
  /// `window`, over or not; a window of 0: those in progress.
  [[nodiscard]] virtual int external_calls_of(UserId, numbering::CallClass,
                                              std::chrono::seconds /*window*/) const {
    return 0;
  }
  [[nodiscard]] virtual int external_calls_on(TrunkId, numbering::CallClass,
                                              std::chrono::seconds /*window*/) const {
    return 0;
  }
  /// Blocked by a guard until somebody releases it.
  [[nodiscard]] virtual bool user_blocked(UserId) const { return false; }
  [[nodiscard]] virtual bool trunk_blocked(TrunkId) const { return false; }
};

}  // namespace xivo::model::routing
