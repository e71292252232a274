#include "api/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace xivo::api {
namespace {

/// "0.8" in thousandths; 1000 when absent, 0 when it is none.
int quality(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string_view value = text::trim(parameters.substr(at + 2));
  if (value.starts_with('1')) return 1000;
  if (!value.starts_with("0.")) return 0;
  int thousandths = 0;
  int weight = 100;
  for (const char c : value.substr(2, 3)) {
    if (!text::is_digit(c)) break;
    thousandths += (c - '0') * weight;
    weight /= 10;
  }
  return thousandths;
}

/// A number of exactly `digits` digits off the front of `rest`.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
  if (rest.size() < digits) return std::nullopt;
  const auto number = text::parse_decimal<int>(rest.substr(0, digits));
  if (number) rest.remove_prefix(digits);
  return number;
}

bool take(std::string_view& rest, char expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<std::chrono::milliseconds> take_fraction(std::string_view& rest) {
  int ms = 0;
  int weight = 100;
  if (rest.empty() || !text::is_digit(rest.front())) return std::nullopt;
  while (!rest.empty() && text::is_digit(rest.front())) {
    ms += (rest.front() - '0') * weight;
    weight /= 10;
    rest.remove_prefix(1);
  }
  return std::chrono::milliseconds(ms);
}

/// "Z" or "+01:00": what to subtract.
std::optional<std::chrono::minutes> take_offset(std::string_view& rest) {
  if (take(rest, 'Z') || take(rest, 'z')) return std::chrono::minutes(0);
  const int sign = rest.starts_with('-') ? -1 : 1;
  if (!take(rest, '+') && !take(rest, '-')) return std::nullopt;
  const auto hours = take_number(rest, 2);
  const bool colon = take(rest, ':');
  const auto minutes = take_number(rest, 2);
  if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(sign * (*hours * 60 + *minutes));
}

std::optional<std::chrono::milliseconds> take_time_of_day(std::string_view& rest) {
  const auto hours = take_number(rest, 2);
  const bool first = take(rest, ':');
  const auto minutes = take_number(rest, 2);
  const bool second = take(rest, ':');
  const auto seconds = take_number(rest, 2);
  if (!hours || !first || !minutes || !second || !seconds) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  std::chrono::milliseconds time =
      std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
  if (take(rest, '.')) {
    const auto fraction = take_fraction(rest);
    if (!fraction) return std::nullopt;
    time += *fraction;
  }
  const auto offset = take_offset(rest);
  if (!offset) return std::nullopt;
  return time - *offset;
}

// U+00C0..U+00FF without accents; '.' where there is no one letter for it.
constexpr std::string_view kLatin1 = "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y";
static_assert(kLatin1.size() == 64);

std::string_view ligature(unsigned code_point) {
  switch (code_point) {
    case 0xC6:
    case 0xE6: return "ae";
    case 0xDF: return "ss";
    case 0x152:
    case 0x153: return "oe";
    default: return {};
  }
}

}  // namespace

model::Language preferred_language(const http::Request& request) {
  int french = -1;
  int english = -1;
  int any = -1;
  for (std::string_view range : text::split(request.header("accept-language").value_or(""), ',')) {
    range = text::trim(range);
    const auto semicolon = range.find(';');
    const std::string_view name = text::trim(range.substr(0, semicolon));
    const int q = semicolon == std::string_view::npos ? 1000 : quality(range.substr(semicolon));
    const std::string_view primary = name.substr(0, name.find('-'));
    if (text::equal_ignoring_case(primary, "fr")) french = std::max(french, q);
    if (text::equal_ignoring_case(primary, "en")) english = std::max(english, q);
    if (name == "*") any = std::max(any, q);
  }
  const int wanted_french = french >= 0 ? french : any;
  const int wanted_english = english >= 0 ? english : any;
  return wanted_french > std::max(wanted_english, 0) ? model::Language::French : model::Language::English;
}

std::string_view tag(model::Language language) { return language == model::Language::French ? "fr" : "en"; }

std::string time_text(runtime::WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::optional<runtime::WallTime> parse_time(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool first = take(text, '-');
  const auto month = take_number(text, 2);
  const bool second = take(text, '-');
  const auto day = take_number(text, 2);
  if (!year || !first || !month || !second || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const runtime::WallTime midnight = std::chrono::sys_days(date);
  if (text.empty()) return midnight;
  if (!take(text, 'T') && !take(text, 't')) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time || !text.empty()) return std::nullopt;
  return midnight + *time;
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0xC3 || lead > 0xC5 || i + 1 == text.size()) {
      out += text::lower(text[i]);
      continue;
    }
    const auto next = static_cast<unsigned char>(text[i + 1]);
    const unsigned code_point = (lead & 0x1Fu) << 6 | (next & 0x3Fu);
    if (const auto letters = ligature(code_point); !letters.empty()) {
      out += letters;
    } else if (lead == 0xC3 && kLatin1[code_point - 0xC0] != '.') {
      out += kLatin1[code_point - 0xC0];
    } else {
      out += text.substr(i, 2);
    }
    ++i;
  }
  return out;
}

bool contains_folded(std::string_view text, std::string_view folded_part) {
  return folded_part.empty() || folded(text).find(folded_part) != std::string::npos;
}

}  // namespace xivo::api
