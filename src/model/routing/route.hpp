#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/config.hpp"
#include "model/language.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/routing/live_state.hpp"

/// Where a call goes: a pure function of configuration, live state, time and the call.        DESIGN.md idea 3
namespace xivo::model::routing {

/// What is being asked.
struct Request {
  std::string dialled{};  // the number as the caller sent it
  SipLineId from_line{};  // 0: no line of ours
  ContextId
      context{};  // where the number is looked for; includes of it follow. Of a call from a trunk: 0 is the trunk's
  TrunkId from_trunk{};  // 0: from no trunk. Neither line nor trunk: a stranger, who reaches nothing
  std::string caller_number{};  // as the trunk tells it; of a line it is not looked at
  std::string caller_name{};
  std::chrono::sys_seconds at{};  // now
  std::string code{};  // what the caller entered when a permission asked for its code
  bool direct = true;  // false: the number comes from a phone's 302 or a transfer; feature codes are refused
  std::vector<UserId>
      forwarded_by{};  // whose phones have sent the call on so far, oldest first; the last one's rights count
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

/// "User busy": as Asterisk says it, and in French. "Unknown" for a value without a name.
Words words_of(Cause cause);

/// One rule that was looked at. Data; worded at the edge by describe().
struct Step {
  enum class Rule : std::uint8_t {
    CallerKnown,
    CallerEnabled,
    CallerLimit,
    FeatureCode,
    Extension,  // the number exists, and where
    Destination,  // what the number leads to
    HopLimit,  // numbers that lead to numbers, forwards of forwards
    UserEnabled,
    HasLines,
    LineEnabled,
    CallLimit,
    CallWaiting,
    Registered,
    OwnNumber,  // the caller's own line is not rung
    // ---- calls from a trunk
    TrunkKnown,
    TrunkEnabled,
    TrunkChannelsIn,
    CallerNormalised,  // the caller's number, in the country's own form
    IncomingRoute,
    CallerName,  // what the incoming route made of the caller's name
    Greeting,
    // ---- when, and who may
    Schedule,  // met: open
    Permission,
    PermissionCode,  // met: the code was right
    Guard,
    // ---- calls to the outside
    Emergency,
    OutgoingRoute,
    Rewritten,  // what is dialled on the trunk
    OutgoingCaller,  // what the outside is shown
    TrunkUsable,
    TrunkChannelsOut,
    NextTrunk,
    // ---- the called user
    Blocklist,
    DoNotDisturb,
    Forward,  // facts: reason unconditional, busy, noanswer
    ForwardLoop,
    Fallback,  // facts: reason busy, noanswer, congestion, fail
    Outcome,  // what continue_after() was told
  };
  /// What the rule is about; a page makes links of them.
  struct Object {
    std::string_view kind;  // "user": a name of the registry
    std::int64_t id = 0;
    bool operator==(const Object&) const = default;
  };
  Rule rule;
  bool met = false;
  std::vector<std::pair<std::string_view, std::string>> facts;  // e.g. {"exten","102"}, {"user","Bob Martin"}
  std::vector<Object> objects{};

  [[nodiscard]] std::string_view fact(std::string_view name) const;  // empty: there is none
};
/// "caller-known": a rule's stable name on the wire.
std::string_view name(Step::Rule rule);

/// One try to call the outside.
struct TrunkAttempt {
  TrunkId trunk{};
  std::string number{};  // to dial: as the route has rewritten it
  std::string
      caller_number{};  // what the called is shown, in the trunk's format; empty: the trunk's own identity
  std::string caller_name{};
  bool anonymous = false;  // Privacy: id; caller_number is asserted to the operator all the same
  bool operator==(const TrunkAttempt&) const = default;
};

/// What is to happen with the call, and why.
struct Plan {
  enum class Action : std::uint8_t {
    Ring,  // ring `lines` for `ring_time`
    Dial,  // try `attempts[0]` for `ring_time`
    Feature,  // run `feature` with `argument`
    AskCode,  // ask the caller for the code of `permission`, and route again with it in Request::code
    Refuse,  // say `prompt` (when not empty) and end with `cause`
  };
  Action action = Action::Refuse;
  UserId user{};  // the called user, if any
  std::vector<SipLineId> lines{};  // Ring: with at least one contact, or a fixed host
  std::chrono::seconds ring_time{30};
  std::vector<TrunkAttempt> attempts{};  // Dial: in their order; what is tried now comes first
  std::string feature{};
  std::string argument{};  // what followed the feature code
  CallPermissionId permission{};  // AskCode
  Cause cause = Cause::UnallocatedNumber;
  std::string prompt{};  // e.g. "cannot-complete-as-dialed"

  // ---- of the way here
  std::string number{};  // what was called at last: the extension, or the number outside as dialled
  IncomingRouteId incoming_route{};
  OutgoingRouteId outgoing_route{};
  bool emergency = false;  // no limit, guard or recording rule stops it
  numbering::CallClass call_class = numbering::CallClass::Internal;
  UserId
      payer{};  // Dial: with whose rights: the caller's user, or the last who forwarded; none: a trunk's call
  std::string greeting_sound{};  // to play before anything else; empty: none
  std::string caller_number{};  // of a call from a trunk: what the called is shown
  std::string caller_name{};
  std::vector<UserId> forwarded_by{};  // whose forwards or fallbacks brought the call here, oldest first
  int hops = 0;  // numbers, forwards and fallbacks followed so far
  std::vector<Step> trace{};  // of this decision
};

/// How many numbers and forwards may lead to another one in turn.
constexpr int kHopsMax = 10;

/// Whether the reasons are kept. Without them a decision costs a fraction; it is the same decision.
enum class Tracing : std::uint8_t { On, Off };

/// Never fails: what cannot be reached is a Refuse with its cause. Separators (- . / blank parentheses) are ignored.
///
/// From a line: the caller is known; an emergency number goes out at once, before every other rule; line and user are enabled and
/// within the limit of simultaneous calls; the number is a feature's, or exists in the context or in the first of its includes
/// that has it, depth first: an exact extension, else the patterns of extensions and outgoing routes. The permission allows it.
/// From a trunk: the trunk is known, enabled and within its channels; an incoming route or an extension of the context
/// takes the number. Calls from a trunk reach neither features nor, but by a destination or a forward, the outside.
/// A called user: schedule, enabled, do-not-disturb, unconditional forward, limit, blocklist, lines; what is known at once (busy,
/// nobody there) goes on as in continue_after().
/// To the outside: schedule, permission, guard, then the trunks that can be used, in their order.
Plan route(const Config& config, const LiveState& live, const Request& request,
           Tracing tracing = Tracing::On);

/// How what a plan said ended, when nobody answered.
enum class Outcome : std::uint8_t {
  Busy,
  NoAnswer,  // ring_time is over
  Congestion,  // 5xx and 6xx, no channel
  Unavailable,  // no phone, no answer of the other end, 404 and 480
  Rejected,  // cause 21: counts as busy
};

/// What follows. After Ring: the called user's own forward (busy: Busy, Rejected; no answer: NoAnswer, Unavailable), else the
/// fallback (busy, noanswer, congestion, fail), else a refusal. After Dial: the next trunk after Congestion or Unavailable, else a
/// refusal. After everything else: a refusal. Pure; `request` is that of the call, `plan` the one that was carried out; the
/// trace tells of this decision only.
Plan continue_after(const Config& config, const LiveState& live, const Request& request, const Plan& plan,
                    Outcome outcome, Tracing tracing = Tracing::On);

using model::Language;
/// One sentence for a step, one for the outcome.
std::string describe(const Step& step, Language language);
std::string describe(const Plan& plan, Language language);
std::string describe(Outcome outcome, Language language);

}  // namespace xivo::model::routing
