#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kinds/incoming_route.hpp"
#include "model/kinds/outgoing_route.hpp"
#include "model/kinds/trunk.hpp"
#include "model/routing/number_index.hpp"
#include "model/routing/route.hpp"

/// The parts that route() is made of; for the files of this folder only. Each settles the plan or hands on to the next.
namespace xivo::model::routing {

// Names common to the French and English core sound packs.
constexpr std::string_view kNotInService =
    "ss-noservice";  // "the number you have dialed is not in service ..."
constexpr std::string_view kAllBusy = "all-circuits-busy-now";  // "all circuits are busy now"
constexpr std::string_view kCallLater = "please-try-call-later";  // "please try your call again later"

constexpr std::chrono::seconds kRingLongest{10'800};  // what 0 seconds, "until the caller hangs up", comes to

using Rule = Step::Rule;

/// One decision in the making.
class Decision {
 public:
  Decision(const Config& of, const LiveState& now, const Request& asked, Tracing tracing)
      : config(of), live(now), request(asked), traced_(tracing == Tracing::On) {}

  const Config& config;
  const LiveState& live;
  const Request& request;
  Plan plan;
  const SipLine* caller = nullptr;  // the calling line; null: the call comes from a trunk
  const Trunk* trunk = nullptr;  // that the call comes from
  std::string caller_number;  // of a trunk's call, as people of the country dial it

  /// Adds a step; `tell` gives it its facts and is not called when nobody wants them.
  template <class Tell>
  void note(Rule rule, bool met, Tell&& tell) {
    if (!traced_) return;
    Step& step = plan.trace.emplace_back(Step{rule, met, {}, {}});
    tell(step);
  }
  void refuse(Cause cause, std::string_view prompt = {});
  /// Counts a number, a forward or a fallback that is followed. False: it was one too many, and the call is refused.
  bool hop();
  /// With whose rights the call goes on; nullptr: a trunk's, or of a line without a user.
  [[nodiscard]] const User* payer() const { return config.user(plan.payer); }
  [[nodiscard]] bool forwarded() const { return !plan.forwarded_by.empty(); }
  /// ISO 3166-1, of the company.
  [[nodiscard]] std::string_view country() const;

 private:
  bool traced_;
};

inline void fact(Step& step, std::string_view name, std::string value) {
  step.facts.emplace_back(name, std::move(value));
}
inline void about(Step& step, std::string_view kind, std::int64_t id) {
  if (id != 0) step.objects.push_back({kind, id});
}

/// The number without what people put between digits, and without the + of an international one.
std::string bare(std::string_view dialled);

// ---- caller.cpp
void call_from_line(Decision& d);
// ---- emergency.cpp: true when the number is one, and the call settled
bool call_emergency(Decision& d, std::string_view number);
// ---- incoming.cpp
void call_from_trunk(Decision& d);

// ---- numbers.cpp
enum class Reach : std::uint8_t { Inside, Everywhere };
/// Looks a number up and follows it. `dialled` may have its +.
void call_number(Decision& d, std::string_view dialled, ContextId context, Reach reach);
/// Goes where a destination says. `home`: the context of a number that names none.
void follow(Decision& d, const Destination& to, ContextId home);
/// Whether a schedule is open. Closed: follows its destination; false then, and the call is settled unless there is none.
enum class Hours : std::uint8_t { Open, Settled, ClosedWithoutDestination };
Hours keep_hours(Decision& d, ScheduleId schedule, ContextId home);

// ---- outgoing.cpp
/// The number that a system behind a line gives as its caller's; empty: the call is the line's own.
std::string own_caller(const Decision& d);
/// Tries what takes the number, in order; settles the plan.
void call_outside(Decision& d, const std::vector<const OutgoingEntry*>& ways, std::string_view number,
                  std::string_view dialled);
/// The outside's number and what it is shown, for one trunk.
TrunkAttempt attempt_by(const Decision& d, const Trunk& trunk, const OutgoingRoute& route,
                        std::string_view row_caller_id, std::string number);
/// Forms of a number with a + that an outgoing route may know: itself, and as it is dialled in the country.
std::vector<std::string> outside_forms(const Decision& d, std::string_view dialled);

// ---- user.cpp
void call_user(Decision& d, const ToUser& to);
void call_line(Decision& d, const ToLine& to);
// ---- forward.cpp
/// What a user wants done after an outcome, else a refusal.
void after_user(Decision& d, const User& user, Outcome outcome, Cause cause, std::string_view prompt);
/// Follows a forward with the user's own rights. False: it cannot be followed, and nothing is settled.
bool forward(Decision& d, const User& user, const std::string& number, std::string_view reason);

// ---- permission: numbers.cpp
enum class Right : std::uint8_t { Granted, Settled };
/// Whether the payer may call the number; settles the plan when not.
Right check_right(Decision& d, OutgoingRouteId route, std::string_view dialled, std::string_view number);

}  // namespace xivo::model::routing
