#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/config.hpp"
#include "model/language.hpp"

/// Where a call goes: a pure function of configuration, live state, time and the call.        DESIGN.md idea 3
namespace xivo::model::routing {

/// What is being asked.
struct Request {
  std::string dialled{};  // the number as the caller sent it
  SipLineId from_line{};  // 0: a stranger
  ContextId context{};  // where the number is looked for; includes of it follow
};

/// What routing must know of the moment; the engine implements it, a simulator may invent it.
class LiveState {
 public:
  virtual ~LiveState() = default;
  [[nodiscard]] virtual int contacts_of(SipLineId line) const = 0;  // reachable contacts right now
  [[nodiscard]] virtual int calls_of(
      UserId user) const = 0;  // in progress, ringing included, the asked one excluded
};

/// ITU-T Q.850 cause values that routing decides on.
enum class Cause : std::uint8_t {
  UnallocatedNumber = 1,
  NormalClearing = 16,
  UserBusy = 17,
  NoUserResponding = 18,
  NoAnswer = 19,
  SubscriberAbsent = 20,
  CallRejected = 21,
  AnsweredElsewhere = 26,
  DestinationOutOfOrder = 27,
  InvalidNumberFormat = 28,
  FacilityRejected = 29,
  NormalUnspecified = 31,
  Congestion = 34,
  NetworkOutOfOrder = 38,
  TemporaryFailure = 41,
  IncompatibleDestination = 58,
  RecoveryOnTimerExpiry = 102,
  Interworking = 127,
};

/// One rule that was looked at. Data; worded at the edge by describe().
struct Step {
  enum class Rule : std::uint8_t {
    CallerKnown,
    CallerEnabled,
    CallerLimit,
    FeatureCode,
    Extension,  // the number exists, and where
    Destination,  // what the number leads to
    HopLimit,  // numbers that lead to numbers
    UserEnabled,
    HasLines,
    LineEnabled,
    CallLimit,
    CallWaiting,
    Registered,
    OwnNumber,  // the caller's own line is not rung
  };
  Rule rule;
  bool met = false;
  std::vector<std::pair<std::string, std::string>> facts;  // e.g. {"exten","102"}, {"user","Bob Martin"}
};

/// What is to happen with the call, and why.
struct Plan {
  enum class Action : std::uint8_t {
    Ring,  // ring `lines` for `ring_time`; then `on_no_answer`
    Feature,  // run `feature` with `argument`
    Refuse,  // say `prompt` (when not empty) and end with `cause`
  };
  Action action = Action::Refuse;
  UserId user;  // the called user, if any
  std::vector<SipLineId> lines;  // with at least one contact, or a fixed host
  std::chrono::seconds ring_time{30};
  std::string feature;
  std::string argument;  // what followed the feature code
  Cause cause = Cause::UnallocatedNumber;
  std::string prompt;  // e.g. "cannot-complete-as-dialed"
  std::vector<Step> trace;
};

/// How many numbers may lead to another one in turn.
constexpr int kHopsMax = 10;

/// Never fails: what cannot be reached is a Refuse with its cause. The rules in their order: the caller's line is known and
/// enabled, and within the caller's own limit of simultaneous calls; the number is a feature's, or exists in the context or
/// in the first of its includes that has it, depth first; its destination is followed; the called user and at least one
/// line are enabled; the caller's own line is left out; the user is within limit, and not busy without call waiting; at
/// least one line can be reached. Separators (- . blank parentheses) and a leading + are ignored. Does not depend on the
/// clock yet (schedules will).
Plan route(const Config& config, const LiveState& live, const Request& request);

using model::Language;
/// One sentence for a step, one for the outcome.
std::string describe(const Step& step, Language language);
std::string describe(const Plan& plan, Language language);

}  // namespace xivo::model::routing
