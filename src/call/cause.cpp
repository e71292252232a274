#include "call/cause.hpp"

#include <algorithm>
#include <array>

namespace xivo::call {

std::string_view describe(Cause cause) { return model::routing::words_of(cause).english; }

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
