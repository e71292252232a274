#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// Just enough UTF-8 (RFC 3629) to refuse what is not text.
namespace xivo::model {

/// Bytes of the well-formed sequence at the start of `text`, 1..4; 0 when there is none. `text` is not empty.
std::size_t utf8_sequence(std::string_view text);

/// The number of characters; nothing when `text` is not UTF-8 or holds a control character (C0, DEL, C1): what could
/// break a SIP header, a log line or a CSV row never gets into a field.
std::optional<std::size_t> printable_length(std::string_view text);

}  // namespace xivo::model
