#pragma once

#include <string>
#include <string_view>

#include "sip/message.hpp"

/// What this system can do, as its messages say it.                              RFC 3261 §20.5, §20.37, §20.32
namespace xivo::endpoint {

/// The methods we answer other than by 405 or 501. REFER is missing on purpose: phones then hide their transfer key.
inline constexpr std::string_view kAllow =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, MESSAGE, REGISTER, SUBSCRIBE\r\n";
/// Inside the dialog of a call.
inline constexpr std::string_view kAllowInDialog =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE\r\n";
inline constexpr std::string_view kSupported = "Supported: 100rel, timer\r\n";

/// RFC 6665 asks for this field with 489: inside a call nothing can be subscribed to.
inline constexpr std::string_view kNoEvents = "Allow-Events:\r\n";

/// "Unsupported: a, b" with its line end: what the request requires and we have not; empty when there is nothing.
std::string unsupported_line(const sip::Message& request);
/// Why a request whose session description cannot be used is refused, as a Warning field.      RFC 3261 §20.43
std::string warning_line(int code, std::string_view host);

/// How the body of an INVITE, UPDATE, PRACK or ACK is to be taken.
struct SessionBody {
  int refused = 0;  // 415 when it is of a kind we cannot read and must not ignore
  std::string_view sdp;  // empty: none
};
/// RFC 3261 §8.2.3; RFC 3204 §6 (a part whose handling is optional may be left out)
SessionBody session_body(const sip::Message& message);
/// Max-Forwards of a request; 70 when there is none that can be read.                        RFC 3261 §8.1.1.6
int forwards_of(const sip::Message& request);
/// What a 415 has to say.
inline constexpr std::string_view kAccept = "Accept: application/sdp\r\nAccept-Encoding: identity\r\n";

}  // namespace xivo::endpoint
