#pragma once

#include <string>
#include <string_view>

#include "sip/message.hpp"

namespace xivo::sip {

/// The two requests that a transaction makes itself out of the INVITE it has sent. They are read back from its bytes, which
/// only happens for calls that fail or are cancelled; an empty result means that the bytes are no request.

/// Source  RFC 3261 §17.1.1.3
std::string make_ack(std::string& invite, const Message& response);
/// `extra_headers`: whole lines.                                       Source  RFC 3261 §9.1
std::string make_cancel(std::string& invite, std::string_view extra_headers);

}  // namespace xivo::sip
