#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "call/cause.hpp"
#include "sip/message.hpp"

/// SIP statuses and Q.850 causes, translated once, here.                              RFC 3398 §7.2.4.1, §8.2.6.1, RFC 3326
namespace xivo::endpoint {

/// The status that refuses an unanswered INVITE for that cause.
int status_for(call::Cause cause);
/// The cause that a failure response means, when it carries no Reason of its own.
call::Cause cause_for(int status);
/// The Q.850 cause of a Reason field, if it has one that we know.
std::optional<call::Cause> reason_cause(const sip::Message& message);
/// `Reason: Q.850;cause=17;text="User busy"` with its line end.
std::string reason_line(call::Cause cause);
/// What tells a phone not to show a missed call.
std::string elsewhere_line();

}  // namespace xivo::endpoint
