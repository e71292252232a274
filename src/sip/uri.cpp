#include "sip/uri.hpp"

#include "base/address.hpp"
#include "base/text.hpp"
#include "sip/grammar.hpp"

namespace xivo::sip {
namespace {

using grammar::all_or_escaped;
using text::equal_ignoring_case;

std::string_view cut_at(std::string_view text, char separator, std::string_view& rest) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) {
    rest = {};
    return text;
  }
  rest = text.substr(at + 1);
  return text.substr(0, at);
}

Result<Uri> parse_sip(Uri uri, std::string_view rest) {
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    uri.user = cut_at(rest.substr(0, at), ':', uri.password);
    if (!all_or_escaped(uri.user, grammar::kUser))
      return fail("character not allowed in the user part of a URI");
    if (!all_or_escaped(uri.password, grammar::kUser))
      return fail("character not allowed in the password of a URI");
    rest.remove_prefix(at + 1);
  }
  grammar::Scanner scanner{rest};
  if (!scanner.take_host(uri.host)) return fail("no host in the URI");
  if (scanner.peek() == ':') {
    scanner.rest.remove_prefix(1);
    const std::size_t digits = scanner.rest.find_first_not_of("0123456789");
    const auto port = text::parse_decimal<std::uint16_t>(scanner.rest.substr(0, digits));
    if (!port || *port == 0) return fail("bad port in the URI");
    uri.port = *port;
    scanner.rest.remove_prefix(digits == std::string_view::npos ? scanner.rest.size() : digits);
  }
  if (scanner.done()) return uri;
  if (scanner.peek() == ';') {
    const std::size_t question = scanner.rest.find('?');
    uri.parameters = scanner.rest.substr(0, question);
    scanner.rest.remove_prefix(uri.parameters.size());
    if (!all_or_escaped(uri.parameters, grammar::kUriParameter)) {
      return fail("character not allowed in a URI parameter");
    }
  }
  if (scanner.take('?')) {
    uri.headers = scanner.rest;
    if (!all_or_escaped(uri.headers, grammar::kUriHeader))
      return fail("character not allowed in the headers of a URI");
    return uri;
  }
  if (!scanner.done()) return fail("character not allowed in the host of a URI");
  return uri;
}

Result<Uri> parse_tel(Uri uri, std::string_view rest) {
  const std::size_t semicolon = rest.find(';');
  uri.user = rest.substr(0, semicolon);
  if (uri.user.empty() || !all_or_escaped(uri.user, grammar::kUser)) return fail("bad number in a tel URI");
  if (semicolon != std::string_view::npos) uri.parameters = rest.substr(semicolon);
  if (!all_or_escaped(uri.parameters, grammar::kUriParameter))
    return fail("character not allowed in a URI parameter");
  return uri;
}

/// Walks ";name=value;flag" or "name=value&name=value" without copying.
struct PairReader {
  std::string_view rest;
  char separator;

  bool next(std::string_view& name, std::string_view& value) {
    while (!rest.empty()) {
      const std::string_view item = cut_at(rest, separator, rest);
      if (item.empty()) continue;
      name = cut_at(item, '=', value);
      return true;
    }
    return false;
  }
};

constexpr int kEnd = -1;
constexpr int kEscapedReserved = 0x100;

/// Reads a URI component one comparable unit at a time: "%61" is 'a', but "%40" is not '@' (RFC 3261 §19.1.4:
/// only characters outside the reserved set equal their escapes).
struct UnitReader {
  std::string_view rest;
  bool fold_case;

  int next() {
    if (rest.empty()) return kEnd;
    char c = rest.front();
    std::size_t size = 1;
    int mark = 0;
    if (c == '%' && rest.size() >= 3) {
      const int high = grammar::hex_digit(rest[1]);
      const int low = grammar::hex_digit(rest[2]);
      if (high >= 0 && low >= 0) {
        c = static_cast<char>(high * 16 + low);
        size = 3;
        if (std::string_view(";/?:@&=+$,").find(c) != std::string_view::npos) mark = kEscapedReserved;
      }
    }
    rest.remove_prefix(size);
    return static_cast<unsigned char>(fold_case ? text::lower(c) : c) | mark;
  }
};

bool same(std::string_view a, std::string_view b, bool fold_case) {
  UnitReader left{a, fold_case};
  UnitReader right{b, fold_case};
  for (;;) {
    const int unit = left.next();
    if (unit != right.next()) return false;
    if (unit == kEnd) return true;
  }
}

bool same_host(std::string_view a, std::string_view b) {
  if (equal_ignoring_case(a, b)) return true;
  if (a.empty() || b.empty() || a.front() != '[' || b.front() != '[') return false;
  const auto left = IpAddress::parse(a);
  return left && left == IpAddress::parse(b);
}

std::optional<std::string_view> find_pair(std::string_view pairs, char separator, std::string_view wanted) {
  PairReader reader{pairs, separator};
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    if (same(name, wanted, true)) return value;
  }
  return std::nullopt;
}

/// Parameters that count even when only one of the two URIs has them.
bool counts_alone(std::string_view name) {
  for (const std::string_view special : {"user", "ttl", "method", "maddr", "transport"}) {
    if (same(name, special, true)) return true;
  }
  return false;
}

/// Of a parameter that comes twice the first one counts, here as in Uri::parameter().
bool parameters_agree(std::string_view a, std::string_view b, bool all_count) {
  PairReader reader{a, ';'};
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    const auto other = find_pair(b, ';', name);
    if (other ? !same(*find_pair(a, ';', name), *other, true) : all_count || counts_alone(name)) return false;
  }
  return true;
}

bool headers_within(std::string_view a, std::string_view b) {
  PairReader reader{a, '&'};
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    const auto other = find_pair(b, '&', name);
    if (!other || !same(*find_pair(a, '&', name), *other, false)) return false;
  }
  return true;
}

/// RFC 3966 §5: visual separators do not count.
bool same_number(std::string_view a, std::string_view b) {
  const auto next_digit = [](UnitReader& reader) {
    int unit = reader.next();
    while (unit == '-' || unit == '.' || unit == '(' || unit == ')') unit = reader.next();
    return unit;
  };
  UnitReader left{a, true};
  UnitReader right{b, true};
  for (;;) {
    const int unit = next_digit(left);
    if (unit != next_digit(right)) return false;
    if (unit == kEnd) return true;
  }
}

}  // namespace

Result<Uri> Uri::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return fail("no scheme in the URI");
  Uri uri;
  uri.scheme = text.substr(0, colon);
  if (!text::is_alpha(uri.scheme.front()) || !grammar::all(uri.scheme, grammar::kScheme)) {
    return fail("bad scheme in the URI");
  }
  const std::string_view rest = text.substr(colon + 1);
  if (uri.is_sip()) return parse_sip(uri, rest);
  if (uri.is_tel()) return parse_tel(uri, rest);
  if (rest.empty() || !grammar::all(rest, grammar::kOpaque)) return fail("character not allowed in a URI");
  uri.opaque = rest;
  return uri;
}

bool Uri::is_sip() const { return equal_ignoring_case(scheme, "sip") || is_sips(); }
bool Uri::is_sips() const { return equal_ignoring_case(scheme, "sips"); }
bool Uri::is_tel() const { return equal_ignoring_case(scheme, "tel"); }

std::optional<std::string_view> Uri::parameter(std::string_view name) const {
  return find_pair(parameters, ';', name);
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && text.size() - i >= 3 ? grammar::hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? grammar::hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string Uri::user_unescaped() const { return unescape(user); }

bool equivalent(const Uri& a, const Uri& b) {
  if (!equal_ignoring_case(a.scheme, b.scheme)) return false;
  if (a.is_tel()) {
    return same_number(a.user, b.user) && parameters_agree(a.parameters, b.parameters, true) &&
           parameters_agree(b.parameters, a.parameters, true);
  }
  if (!a.is_sip()) return a.opaque == b.opaque;
  return same(a.user, b.user, false) && same(a.password, b.password, false) && same_host(a.host, b.host) &&
         a.port == b.port && parameters_agree(a.parameters, b.parameters, false) &&
         parameters_agree(b.parameters, a.parameters, false) && headers_within(a.headers, b.headers) &&
         headers_within(b.headers, a.headers);
}

std::string escape_user(std::string_view user) {
  constexpr std::string_view kPlain = "-_.!~*'()&=+$,;?/";  // RFC 3261 §25.1 mark and user-unreserved
  std::string out;
  out.reserve(user.size());
  for (const char c : user) {
    if (text::is_alnum(c) || kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace xivo::sip
