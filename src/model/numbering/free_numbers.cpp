#include "model/numbering/free_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/numbering/number_plan.hpp"

namespace xivo::model::numbering {
namespace {

constexpr std::uint64_t kTriesMax = 10'000;

bool is_in(const NumberRange& range, std::string_view number) {
  const std::string& end = range.end.empty() ? range.start : range.end;
  return number.size() == range.start.size() && number >= range.start && number <= end;
}

/// First and last of what may be proposed beside `exten`.
NumberRange around(const Context& context, std::string_view exten) {
  for (const NumberRange& range : context.user_ranges) {
    if (is_in(range, exten)) return {range.start, range.end.empty() ? range.start : range.end};
  }
  return {std::string(exten), std::string(exten.size(), '9')};
}

}  // namespace

bool is_emergency_number(const Config& config, std::string_view number) {
  const auto& all = emergency_numbers(config);
  return std::find(all.begin(), all.end(), number) != all.end();
}

std::vector<std::string> emergency_numbers_in(const Config& config, const NumberRange& range) {
  std::vector<std::string> found;
  for (const std::string& number : emergency_numbers(config)) {
    if (is_in(range, number)) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string next_free_number(const Config& config, const Context& context, std::string_view exten) {
  const NumberRange range = around(context, exten);
  const auto first = text::parse_decimal<std::uint64_t>(range.start);
  const auto last = text::parse_decimal<std::uint64_t>(range.end);
  const auto from = text::parse_decimal<std::uint64_t>(exten);
  if (!first || !last || !from || *last < *first) return {};
  const std::uint64_t tries = std::min(*last - *first, kTriesMax);
  for (std::uint64_t step = 1; step <= tries; ++step) {
    const std::uint64_t at = *first + (*from - *first + step) % (*last - *first + 1);
    std::string number = fmt::format("{:0{}}", at, exten.size());
    if (config.extension(context.id, number) == nullptr && !is_emergency_number(config, number))
      return number;
  }
  return {};
}

}  // namespace xivo::model::numbering
