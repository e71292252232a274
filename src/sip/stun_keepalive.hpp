#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace xivo::sip {

/// The answer to a STUN binding request on a SIP port: how a phone behind NAT keeps its UDP flow alive and learns whether its
/// address has changed. Nothing when the bytes are none.
/// Source  RFC 5626 §4.4.2, §8; RFC 5389 §6, §15.2
std::optional<std::string> stun_answer(std::string_view bytes, const SocketAddress& from);

}  // namespace xivo::sip
