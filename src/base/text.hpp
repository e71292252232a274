#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Locale-free text primitives for protocol grammars. Nothing here allocates unless it returns a std::string.
namespace xivo::text {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
constexpr bool is_space(char c) { return c == ' ' || c == '\t'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

constexpr std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

/// The whole of `s` as an unsigned decimal number; nothing when it is empty, has any other character or overflows.
template <class Integer>
constexpr std::optional<Integer> parse_decimal(std::string_view s) {
  Integer value{};
  if (s.empty() || !is_digit(s.front())) return std::nullopt;
  const auto [end, code] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (code != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}

std::string to_lower(std::string_view s);
std::vector<std::string_view> split(std::string_view s, char separator);
std::string hex(const void* bytes, std::size_t size);

}  // namespace xivo::text
