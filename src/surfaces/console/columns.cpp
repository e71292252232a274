#include "console/columns.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace xivo::console {
namespace {

struct Character {
  std::size_t size = 1;  // bytes
  std::uint32_t code = 0;
  bool valid = false;
};

/// Decodes the first character of `text`, which is not empty. Overlong forms, surrogates and what lies beyond
/// U+10FFFF are invalid and one byte long.                                                             RFC 3629 §3
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {1, lead, true};
  std::size_t size = 0;
  std::uint32_t code = 0;
  std::uint32_t least = 0;
  if ((lead & 0xE0) == 0xC0) {
    size = 2, code = lead & 0x1Fu, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    size = 3, code = lead & 0x0Fu, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    size = 4, code = lead & 0x07u, least = 0x10000;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {size, code, true};
}

bool is_control(std::uint32_t code) {
  const bool bidirectional = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 || bidirectional;
}

/// 0 for what combines with the character before, 2 for East Asian wide characters and pictographs, else 1.
std::size_t columns_of(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr std::array kZero = {Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}};
  constexpr std::array kWide = {Range{0x1100, 0x115F}, Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                                Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
                                Range{0xFF00, 0xFF60}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
  for (const auto& range : kZero) {
    if (code >= range.first && code <= range.last) return 0;
  }
  for (const auto& range : kWide) {
    if (code >= range.first && code <= range.last) return 2;
  }
  return 1;
}

std::string clean(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto character = first_character(text);
    const bool line = keep_lines && (character.code == '\n' || character.code == '\t');
    if (keep_lines && character.valid && character.code == '\r') {
      // dropped: the line feed that follows is enough
    } else if (character.valid && (line || !is_control(character.code))) {
      out.append(text.substr(0, character.size));
    } else {
      out.push_back('?');
    }
    text.remove_prefix(character.size);
  }
  return out;
}

struct Cell {
  std::string text;
  std::size_t width = 0;
};

Cell cell(std::string_view text, std::size_t width) {
  Cell result{printable(text), 0};
  std::string_view rest = result.text;
  while (!rest.empty()) {
    const auto character = first_character(rest);
    const auto columns = columns_of(character.code);
    if (result.width + columns > width) break;
    result.width += columns;
    rest.remove_prefix(character.size);
  }
  result.text.resize(result.text.size() - rest.size());
  return result;
}

constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::tm local(runtime::WallTime when) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string printable(std::string_view text) { return clean(text, false); }
std::string printable_lines(std::string_view text) { return clean(text, true); }

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto character = first_character(text);
    width += columns_of(character.code);
    text.remove_prefix(character.size);
  }
  return width;
}

std::string cut(std::string_view text, std::size_t width) { return cell(text, width).text; }

std::string left(std::string_view text, std::size_t width) {
  auto result = cell(text, width);
  result.text.append(width - result.width, ' ');
  return std::move(result.text);
}

std::string right(std::string_view text, std::size_t width) {
  auto result = cell(text, width);
  result.text.insert(0, width - result.width, ' ');
  return std::move(result.text);
}

std::string pad(std::string_view text, std::size_t width) {
  auto whole = printable(text);
  const auto columns = display_width(whole);
  if (columns < width) whole.append(width - columns, ' ');
  return whole;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string date_time(runtime::WallTime when) {
  const auto t = local(when);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec);
}

std::string date_time_long(runtime::WallTime when) {
  const auto t = local(when);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02}", kDays[static_cast<std::size_t>(t.tm_wday)],
                     t.tm_mday, kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

std::string hours_minutes_seconds(std::int64_t seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::int64_t seconds_between(runtime::WallTime from, runtime::WallTime to) {
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
  return passed < 0 ? 0 : passed;
}

}  // namespace xivo::console
