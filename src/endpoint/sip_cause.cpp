#include "endpoint/sip_cause.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"

namespace xivo::endpoint {
namespace {

using call::Cause;

struct Pair {
  Cause cause;
  int status;
};

constexpr std::array kStatusFor = {
    Pair{Cause::UnallocatedNumber, 404},
    Pair{Cause::UserBusy, 486},
    Pair{Cause::NoUserResponding, 408},
    Pair{Cause::NoAnswer, 480},
    Pair{Cause::SubscriberAbsent, 480},
    Pair{Cause::CallRejected, 603},
    Pair{Cause::AnsweredElsewhere, 487},
    Pair{Cause::DestinationOutOfOrder, 502},
    Pair{Cause::InvalidNumberFormat, 484},
    Pair{Cause::FacilityRejected, 501},
    Pair{Cause::NormalUnspecified, 480},
    Pair{Cause::Congestion, 503},
    Pair{Cause::NetworkOutOfOrder, 503},
    Pair{Cause::TemporaryFailure, 503},
    Pair{Cause::IncompatibleDestination, 488},
    Pair{Cause::RecoveryOnTimerExpiry, 504},
    Pair{Cause::Interworking, 500},
    Pair{Cause::NormalClearing, 487},
};

constexpr std::array kCauseFor = {
    Pair{Cause::CallRejected, 401},      Pair{Cause::CallRejected, 403},
    Pair{Cause::UnallocatedNumber, 404}, Pair{Cause::CallRejected, 407},
    Pair{Cause::NoUserResponding, 408},  Pair{Cause::UnallocatedNumber, 410},
    Pair{Cause::NoAnswer, 480},          Pair{Cause::InvalidNumberFormat, 484},
    Pair{Cause::UnallocatedNumber, 485}, Pair{Cause::UserBusy, 486},
    Pair{Cause::NormalClearing, 487},    Pair{Cause::IncompatibleDestination, 488},
    Pair{Cause::FacilityRejected, 501},  Pair{Cause::DestinationOutOfOrder, 502},
    Pair{Cause::Congestion, 503},        Pair{Cause::RecoveryOnTimerExpiry, 504},
    Pair{Cause::UserBusy, 600},          Pair{Cause::CallRejected, 603},
    Pair{Cause::UnallocatedNumber, 604}, Pair{Cause::IncompatibleDestination, 606},
    Pair{Cause::CallRejected, 607},
};

bool known(int value) { return call::describe(static_cast<Cause>(value)) != "Unknown"; }

}  // namespace

int status_for(Cause cause) {
  for (const auto& pair : kStatusFor) {
    if (pair.cause == cause) return pair.status;
  }
  return 480;
}

Cause cause_for(int status) {
  for (const auto& pair : kCauseFor) {
    if (pair.status == status) return pair.cause;
  }
  if (status >= 600) return Cause::CallRejected;
  return status >= 500 ? Cause::TemporaryFailure : Cause::Interworking;
}

std::optional<Cause> reason_cause(const sip::Message& message) {
  for (const auto& field : message.headers()) {
    if (field.id != sip::HeaderId::Reason) continue;
    for (const auto value : text::split(field.value, ',')) {
      const auto parts = text::split(value, ';');
      if (!text::equal_ignoring_case(text::trim(parts[0]), "Q.850")) continue;
      for (const auto part : parts) {
        const auto pair = text::trim(part);
        if (!pair.starts_with("cause=")) continue;
        const auto number = text::parse_decimal<std::uint8_t>(pair.substr(6));
        if (number && known(*number)) return static_cast<Cause>(*number);
      }
    }
  }
  return std::nullopt;
}

std::string reason_line(Cause cause) {
  return fmt::format("Reason: Q.850;cause={};text=\"{}\"\r\n", static_cast<int>(cause),
                     call::describe(cause));
}

std::string elsewhere_line() { return "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"; }

}  // namespace xivo::endpoint
