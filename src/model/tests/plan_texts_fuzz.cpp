// The texts that people write into a numbering plan: patterns, expressions that rewrite numbers, times, and the numbers that strangers
// dial. One a line.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/assert.hpp"
#include "model/numbering/number_plan.hpp"
#include "model/numbering/pattern.hpp"
#include "model/numbering/pattern_tree.hpp"
#include "model/numbering/rewrite.hpp"
#include "model/schedule/clock_text.hpp"

namespace {

using namespace xivo::model;

std::array<std::string_view, 5> lines_of(std::string_view text) {
  std::array<std::string_view, 5> lines;
  for (auto& line : lines) {
    const auto end = std::min(text.find('\n'), text.size());
    line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void try_pattern(std::string_view text, std::string_view number) {
  const auto pattern = numbering::Pattern::parse(text);
  XIVO_ASSERT(pattern.has_value() != numbering::Pattern::fault(text).has_value());
  if (!pattern) return;
  numbering::PatternTree tree;
  tree.add(*pattern, 1);
  XIVO_ASSERT(tree.find(number, [](std::uint32_t) { return true; }) == pattern->matches(number));
  XIVO_ASSERT(pattern->overlaps(*pattern));
  XIVO_ASSERT(!pattern->matches(number) || number.size() >= pattern->length_min());
}

void try_times(std::string_view text) {
  if (const auto minute = schedule::minute_of_day(text))
    XIVO_ASSERT(schedule::minute_of_day(schedule::minute_text(*minute)) == minute);
  if (const auto date = schedule::date_of(text)) XIVO_ASSERT(schedule::date_text(*date) == text);
  schedule::wall_time_of(text);
  schedule::is_week_days(text);
  schedule::is_month_days(text);
  schedule::is_months(text);
}

void try_number(std::string_view number) {
  numbering::class_of(number, "FR");
  const auto plain = numbering::without_separators(number);
  const auto international = numbering::international(plain, "FR");
  XIVO_ASSERT(international.empty() || numbering::international("+" + international, "FR") == international);
  numbering::formatted(plain, "+E164", "FR");
  numbering::national(plain, "FR");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [pattern, number, expression, replacement, time] =
      lines_of({reinterpret_cast<const char*>(bytes), size});
  try_pattern(pattern, number);
  if (const auto rewrite = numbering::Rewrite::parse(expression, replacement)) {
    const std::string dialled(number.substr(0, 64));
    XIVO_ASSERT(rewrite->apply(dialled).size() <=
                dialled.size() * (replacement.size() + 1) + replacement.size());
  }
  try_times(time);
  try_number(number);
  return 0;
}
