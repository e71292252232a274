#pragma once

#include <string_view>

#include "base/result.hpp"
#include "sdp/session.hpp"

namespace xivo::sdp {

/// Reads one description. Strict where calls depend on it (v=0, the six fields of o=, m=, ports, addresses), mild in
/// what phones get wrong without harm: LF for CRLF, a missing last line end, s= or t= absent, lines in another order
/// within their level, unknown line types.
/// Shape   text: at most kBytesMax; the value owns everything, `text` may go
/// Errors  a phrase and the byte offset of the line that is wrong; bounds of session.hpp exceeded
/// Source  RFC 8866 §5, §9
Result<Session> parse(std::string_view text);

}  // namespace xivo::sdp
