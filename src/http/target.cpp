// RFC 9112 §3.2 (request target), RFC 3986 §2.1 (percent-encoding).
#include "http/target.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::http {
namespace {

int hex_digit(char c) {
  if (text::is_digit(c)) return c - '0';
  const char l = text::lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool read_segments(Request& request) {
  std::string_view path = request.path;
  path.remove_prefix(1);
  if (path.empty()) return true;
  for (const auto part : text::split(path, '/')) {
    auto segment = percent_decode(part, false);
    if (!segment || *segment == "." || *segment == "..") return false;
    if (request.segments.size() == kSegmentsMax) return false;
    request.segments.push_back(std::move(*segment));
  }
  return true;
}

bool read_query(Request& request, std::string_view query) {
  if (query.empty()) return true;
  for (const auto pair : text::split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value =
        percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value || request.query.size() == kParametersMax) return false;
    request.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

bool read_target(Request& request) {
  std::string_view target = request.target;
  if (target == "*") return request.method == "OPTIONS";
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto slash = target.find('/', scheme.size());
    if (slash == std::string_view::npos) return false;
    target.remove_prefix(slash);
  }
  if (!target.starts_with('/')) return false;
  const auto question = target.find('?');
  request.path = std::string(target.substr(0, question));
  const auto query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return read_segments(request) && read_query(request, query);
}

}  // namespace xivo::http
