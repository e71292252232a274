#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace xivo::sip {

/// A sip:, sips: or tel: URI as views into the text it was parsed from; other schemes keep scheme and
/// `opaque` only. RFC 3261 §19.1, RFC 3966
struct Uri {
  std::string_view scheme;  // as written
  std::string_view user;    // escaped, as written; empty when there is none. tel: the number
  std::string_view password;
  std::string_view host;        // IPv6 keeps its brackets
  std::uint16_t port = 0;       // 0 = absent
  std::string_view parameters;  // from the first ';' on
  std::string_view headers;     // after '?'
  std::string_view opaque;      // everything after "scheme:" for schemes we do not know

  /// Shape   text: the URI alone, without angle brackets
  static Result<Uri> parse(std::string_view text);

  [[nodiscard]] bool is_sip() const;  // sip: or sips:
  [[nodiscard]] bool is_sips() const;
  [[nodiscard]] bool is_tel() const;
  /// A parameter's value; an empty view for a flag ("lr"); nothing when absent. Names ignore case.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  /// The user part with %XX resolved and, for telephone numbers, visual separators kept as they are.
  [[nodiscard]] std::string user_unescaped() const;
};

/// RFC 3261 §19.1.4, for finding a binding again and for Request-URI checks.
bool equivalent(const Uri& a, const Uri& b);

/// "%XX" resolved; a '%' that starts no escape stays.
std::string unescape(std::string_view text);
/// Escapes what may not stand in a user part.
std::string escape_user(std::string_view user);

}  // namespace xivo::sip
