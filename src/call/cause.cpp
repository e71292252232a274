#include "call/cause.hpp"

#include <algorithm>
#include <array>

namespace xivo::call {

std::string_view describe(Cause cause) {
  switch (cause) {
    case Cause::UnallocatedNumber: return "Unallocated (unassigned) number";
    case Cause::NormalClearing: return "Normal Clearing";
    case Cause::UserBusy: return "User busy";
    case Cause::NoUserResponding: return "No user responding";
    case Cause::NoAnswer: return "No answer from user";
    case Cause::SubscriberAbsent: return "Subscriber absent";
    case Cause::CallRejected: return "Call Rejected";
    case Cause::AnsweredElsewhere: return "Answered elsewhere";
    case Cause::DestinationOutOfOrder: return "Destination out of order";
    case Cause::InvalidNumberFormat: return "Invalid number format";
    case Cause::FacilityRejected: return "Facility rejected";
    case Cause::NormalUnspecified: return "Normal, unspecified";
    case Cause::Congestion: return "Circuit/channel congestion";
    case Cause::NetworkOutOfOrder: return "Network out of order";
    case Cause::TemporaryFailure: return "Temporary failure";
    case Cause::IncompatibleDestination: return "Bearer capability not available";
    case Cause::RecoveryOnTimerExpiry: return "Recover on timer expiry";
    case Cause::Interworking: return "Interworking, unspecified";
  }
  return "Unknown";
}

Cause stronger(Cause a, Cause b) {
  static constexpr std::array kStrongestFirst = {Cause::CallRejected,     Cause::UserBusy,
                                                 Cause::NoAnswer,         Cause::Congestion,
                                                 Cause::NoUserResponding, Cause::SubscriberAbsent};
  const auto rank = [](Cause cause) {
    return std::find(kStrongestFirst.begin(), kStrongestFirst.end(), cause) - kStrongestFirst.begin();
  };
  return rank(b) < rank(a) ? b : a;
}

// Only congestion and what cannot be reached lead to the next trunk.
model::routing::Outcome outcome_of(Cause cause) {
  switch (cause) {
    case Cause::UserBusy: return model::routing::Outcome::Busy;
    case Cause::CallRejected:
    case Cause::NormalClearing: return model::routing::Outcome::Rejected;
    case Cause::NoAnswer: return model::routing::Outcome::NoAnswer;
    case Cause::UnallocatedNumber:
    case Cause::InvalidNumberFormat:
    case Cause::SubscriberAbsent:
    case Cause::NoUserResponding:
    case Cause::DestinationOutOfOrder:
    case Cause::NetworkOutOfOrder: return model::routing::Outcome::Unavailable;
    default: return model::routing::Outcome::Congestion;
  }
}

}  // namespace xivo::call
