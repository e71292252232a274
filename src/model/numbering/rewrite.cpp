#include "model/numbering/rewrite.hpp"

#include <locale>
#include <regex>

#include "base/text.hpp"

namespace xivo::model::numbering {

struct Rewrite::Compiled {
  std::regex expression;  // lint: allow regex an administrator writes it
  std::string replace;
};

namespace {

/// Repetitions of repetitions make a machine of thousands of states out of a few characters.
bool counts_are_small(std::string_view expression) {
  for (std::size_t open = expression.find('{'); open != std::string_view::npos;
       open = expression.find('{', open + 1)) {
    std::size_t digits = 0;
    for (std::size_t i = open + 1; i < expression.size() && expression[i] != '}'; ++i) {
      digits = text::is_digit(expression[i]) ? digits + 1 : 0;
      if (digits > 2) return false;
    }
  }
  return true;
}

/// At most one level of {n}: (x{20}){20} is refused.
bool counts_are_few(std::string_view expression) {
  constexpr int kCountsMax = 3;
  int counts = 0;
  for (const char c : expression) counts += c == '{' ? 1 : 0;
  return counts <= kCountsMax && counts_are_small(expression);
}

/// The bounded engine has no back references, and libstdc++ reads the number of one without looking at its size.
bool refers_back(std::string_view expression) {
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    if (expression[i] != '\\') continue;
    if (text::is_digit(expression[++i])) return true;
  }
  return false;
}

bool names_known_parentheses(std::string_view replace, unsigned parentheses) {
  for (std::size_t i = 0; i < replace.size(); ++i) {
    if (replace[i] != '\\') continue;
    if (++i == replace.size() || !text::is_digit(replace[i]) || replace[i] == '0') return false;
    if (static_cast<unsigned>(replace[i] - '0') > parentheses) return false;
  }
  return true;
}

}  // namespace

std::optional<Rewrite> Rewrite::parse(std::string_view expression, std::string_view replace) {
  if (expression.empty() || expression.size() > kExpressionMax || !counts_are_few(expression) ||
      refers_back(expression))
    return std::nullopt;
  auto compiled = std::make_shared<Compiled>();
  compiled->replace = replace;
  try {
    compiled->expression.imbue(std::locale::classic());
    // The engine whose time is bounded.
    const auto bounded = std::regex::ECMAScript |  // lint: allow regex an administrator's own expression
                         std::regex_constants::__polynomial;
    compiled->expression.assign(std::string(expression), bounded);
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
  if (!names_known_parentheses(replace, compiled->expression.mark_count())) return std::nullopt;
  Rewrite rewrite;
  rewrite.compiled_ = std::move(compiled);
  return rewrite;
}

std::string Rewrite::apply(const std::string& number) const {
  std::smatch match;
  if (!std::regex_match(number, match, compiled_->expression)) return number;
  std::string rewritten;
  const std::string& replace = compiled_->replace;
  for (std::size_t i = 0; i < replace.size(); ++i) {
    if (replace[i] == '\\' && i + 1 < replace.size()) {
      rewritten += match.str(static_cast<std::size_t>(replace[++i] - '0'));
    } else {
      rewritten += replace[i];
    }
  }
  return rewritten;
}

}  // namespace xivo::model::numbering
