#pragma once

#include <string>

#include "sip/flow.hpp"
#include "sip/message.hpp"
#include "sip/writer.hpp"

namespace xivo::sip {

/// Where the responses to `request`, which came by `flow`, go.
///
/// UDP: back to the source when the client asks for it (rport), or when it sits behind NAT whether it knows or not; else to
/// the port it names. Streams: the same connection, and should that be gone, a new one to the port it names.
/// Source  RFC 3261 §18.2.2, RFC 3581 §4
Flow way_back(const Message& request, const Flow& flow);

/// What is said instead of a final response that no datagram can carry; empty when even that is too large.
/// Shape   response: whole bytes, which may be changed
std::string instead_of_too_large(std::string& response);
/// Whether it can go by `flow` at all.
bool fits(const Flow& flow, std::string_view bytes);

Source source_of(const Flow& flow);

}  // namespace xivo::sip
