#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace xivo::http {

/// Undoes percent-encoding; `plus_is_blank` for queries. Nothing when an escape is broken or stands for NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);
/// Encodes everything but the unreserved characters of RFC 3986 §2.3.
std::string percent_encode(std::string_view text);

/// Takes request.target apart into path, segments and query.
/// Shape   at most kSegmentsMax segments and kParametersMax parameters; an absolute-form target loses its authority
/// Errors  false: not a target of a resource here (broken escape, "." or ".." as a segment, a bound exceeded)
bool read_target(Request& request);

inline constexpr std::size_t kSegmentsMax = 32;
inline constexpr std::size_t kParametersMax = 64;

}  // namespace xivo::http
