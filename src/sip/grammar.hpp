#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/text.hpp"

/// The character classes and small readers that the parsers of this folder share. Private to src/sip.
namespace xivo::sip::grammar {

using CharClass = std::uint8_t;
inline constexpr CharClass kToken = 1;  // RFC 3261 §25.1 token
inline constexpr CharClass kHost = 2;   // hostname and IPv4, with the '_' that real networks use
inline constexpr CharClass kUser =
    4;  // user part and password without '%'; wider than the RFC by '#' and bytes above 127
inline constexpr CharClass kUriParameter = 8;  // uri-parameters without '%', with ';' and '='
inline constexpr CharClass kUriHeader = 16;    // headers of a URI without '%', with '&' and '='
inline constexpr CharClass kScheme = 32;
inline constexpr CharClass kOpaque = 64;           // what a URI of a scheme we do not know may hold
inline constexpr CharClass kParameterValue = 128;  // an unquoted value of a header parameter

namespace detail {
constexpr bool among(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

constexpr CharClass classify(char c) {
  const bool alnum = text::is_alnum(c);
  const bool high = static_cast<unsigned char>(c) >= 0x80;
  const bool printable = high || (c > ' ' && c < 0x7f);
  const bool unreserved = alnum || among(c, "-_.!~*'()");
  CharClass classes = 0;
  if (alnum || among(c, "-.!%*_+`'~")) classes |= kToken;
  if (alnum || among(c, "-._")) classes |= kHost;
  if (unreserved || high || among(c, "&=+$,;?/#")) classes |= kUser;
  if (unreserved || among(c, "[]/:&+$;=")) classes |= kUriParameter;
  if (unreserved || among(c, "[]/?:+$&=")) classes |= kUriHeader;
  if (alnum || among(c, "+-.")) classes |= kScheme;
  if (printable && !among(c, "<>\"\\^`{|}")) classes |= kOpaque;
  if (printable && !among(c, ";,\"<>")) classes |= kParameterValue;
  return classes;
}

constexpr std::array<CharClass, 256> make_classes() {
  std::array<CharClass, 256> table{};
  for (int i = 0; i < 256; ++i) table[static_cast<std::size_t>(i)] = classify(static_cast<char>(i));
  return table;
}
inline constexpr std::array<CharClass, 256> kClasses = make_classes();
}  // namespace detail

constexpr bool is(char c, CharClass wanted) {
  return (detail::kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr bool all(std::string_view s, CharClass wanted) {
  for (const char c : s) {
    if (!is(c, wanted)) return false;
  }
  return true;
}

constexpr bool is_token(std::string_view s) { return !s.empty() && all(s, kToken); }

/// 0..15, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Every character of the class, or a "%XX".
constexpr bool all_or_escaped(std::string_view s, CharClass wanted) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (is(s[i], wanted)) continue;
    if (s[i] != '%' || s.size() - i < 3 || hex_digit(s[i + 1]) < 0 || hex_digit(s[i + 2]) < 0) return false;
    i += 2;
  }
  return true;
}

/// Reads a field value from the front. Every operation leaves `rest` at the first character not taken.
struct Scanner {
  std::string_view rest;

  [[nodiscard]] bool done() const { return rest.empty(); }
  [[nodiscard]] char peek() const { return rest.empty() ? '\0' : rest.front(); }
  void skip_space() {
    while (!rest.empty() && text::is_space(rest.front())) rest.remove_prefix(1);
  }
  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  /// White space, `c`, white space; nothing is taken unless `c` is there.
  bool take_separator(char c) {
    Scanner ahead = *this;
    ahead.skip_space();
    if (!ahead.take(c)) return false;
    ahead.skip_space();
    *this = ahead;
    return true;
  }
  std::string_view take_all(CharClass wanted) {
    std::size_t size = 0;
    while (size < rest.size() && is(rest[size], wanted)) ++size;
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
  /// A quoted string at the front, without its quotes, escapes left as they are. False when it does not end.
  bool take_quoted(std::string_view& inner);
  /// A host name, IPv4 address or IPv6 reference (brackets kept). False when there is none.
  bool take_host(std::string_view& host);
  /// ":" and 1..65535, if a colon follows (white space allowed around it). False when what follows is no
  /// port.
  bool take_port(std::uint16_t& port);
};

/// One ";name" or ";name=value" of a header field.
struct Parameter {
  std::string_view name;
  std::string_view value;  // quotes cut off, escapes left as they are
  bool has_value = false;
  std::string_view text;  // from the name on, as written
};

/// Walks the parameters of a header field value; white space is allowed around ';' and '='. Stops before a
/// comma.
class ParameterReader {
 public:
  explicit ParameterReader(std::string_view parameters) : scanner_{parameters} {}

  /// False at the end and on an error.
  bool next(Parameter& parameter);
  [[nodiscard]] bool failed() const { return failed_; }
  /// What follows the last parameter: empty, or from the comma on.
  [[nodiscard]] std::string_view rest() const { return scanner_.rest; }

 private:
  Scanner scanner_;
  bool failed_ = false;
};

/// Reads to the end of the parameters at the front of `scanner`, if there are any, and checks them.
/// Shape   parameters: from the first ';' on, trailing white space cut;  scanner.rest: empty or a comma
bool take_parameters(Scanner& scanner, std::string_view& parameters);

/// The next element of a comma-separated list, trimmed; commas inside quotes and angle brackets do not
/// separate. False at the end of the list.
bool next_element(std::string_view& list, std::string_view& element);

}  // namespace xivo::sip::grammar
