#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/value.hpp"

/// JSON text to Value and back (RFC 8259, integers only).
namespace xivo::model {

/// How much of a stranger's JSON is read.
struct JsonLimits {
  std::size_t bytes_max = 1 << 20;
  std::size_t depth_max = 16;
  std::size_t values_max = 100'000;
  std::size_t members_max = 256;  // of one object
};

/// Reads exactly one JSON document.
/// Errors  the phrase says what is wrong; detail: the byte offset, where known. Refused besides bad syntax: a member
///         named twice, a number with a fraction or beyond 64 bits, bad UTF-8, anything past a limit
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Writes compact JSON, members in their order. Bytes that are not UTF-8 become U+FFFD.
std::string to_json(const Value& value);

/// Adds `text` to `out` as a JSON string, for whoever writes a large document without building its Value first.
void append_json_text(std::string& out, std::string_view text);

}  // namespace xivo::model
