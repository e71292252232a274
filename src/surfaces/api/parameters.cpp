#include "api/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/wording.hpp"
#include "base/text.hpp"

namespace xivo::api {

using model::Value;

std::optional<std::string_view> Parameters::take(std::string_view name) {
  known_.emplace(name);
  return exchange_.request.parameter(name);
}

void Parameters::wrong(std::string_view name, std::string_view rule, std::string message) {
  problems_.push_back(Value::object({{"rule", rule}, {"message", std::move(message)}, {"parameter", name}}));
}

std::int64_t Parameters::integer(std::string_view name, const model::Bounds& bounds, std::int64_t fallback) {
  const auto given = take(name);
  if (!given) return fallback;
  const auto number = text::parse_decimal<std::int64_t>(*given);
  if (number && *number >= bounds.min && *number <= bounds.max) return *number;
  wrong(name, "out-of-range",
        fmt::format(fmt::runtime(exchange_.say("« {} » doit être un nombre entre {} et {}",
                                               "\"{}\" has to be a number between {} and {}")),
                    name, bounds.min, bounds.max));
  return fallback;
}

std::optional<std::string> Parameters::text(std::string_view name) {
  const auto given = take(name);
  if (!given) return std::nullopt;
  if (std::ssize(*given) <= kTextMax) return std::string(*given);
  wrong(name, "too-long",
        fmt::format(fmt::runtime(exchange_.say("« {} » est trop long (au plus {})",
                                               "\"{}\" is too long (at most {})")),
                    name, kTextMax));
  return std::nullopt;
}

std::optional<runtime::WallTime> Parameters::time(std::string_view name) {
  const auto given = take(name);
  if (!given) return std::nullopt;
  const auto at = parse_time(*given);
  if (!at) {
    wrong(name, "pattern",
          fmt::format(fmt::runtime(exchange_.say("« {} » doit être une date (2026-11-25T08:00:00Z)",
                                                 "\"{}\" has to be a time (2026-11-25T08:00:00Z)")),
                      name));
  }
  return at;
}

std::string_view Parameters::choice(std::string_view name, const std::vector<std::string_view>& choices) {
  const auto given = take(name);
  if (!given) return choices.front();
  const auto at = std::find(choices.begin(), choices.end(), *given);
  if (at != choices.end()) return *at;
  wrong(name, "unknown-choice",
        fmt::format(fmt::runtime(exchange_.say("« {} » : possibles : {}", "\"{}\": possible: {}")), name,
                    fmt::join(choices, ", ")));
  return choices.front();
}

bool Parameters::finish() {
  for (const auto& [name, value] : exchange_.request.query) {
    if (known_.contains(name)) continue;
    wrong(name, "unknown-parameter",
          exchange_.say("Ce paramètre n'existe pas ici", "There is no such parameter here"));
  }
  if (problems_.empty()) return true;
  ProblemDocument document;
  document.refusal = Refusal::BadParameter;
  document.detail = problems_.front().text_at("message");
  document.problems = std::move(problems_);
  exchange_.refuse(document);
  return false;
}

Page Page::read(Parameters& parameters) {
  Page page;
  page.limit = parameters.integer("limit", {1, kLimitMax}, kLimitDefault);
  page.offset = parameters.integer("offset", {0, 1'000'000'000}, 0);
  return page;
}

Value page_value(Value::List items, std::int64_t total) {
  return Value::object({{"items", std::move(items)}, {"total", total}});
}

}  // namespace xivo::api
