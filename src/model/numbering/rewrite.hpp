#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace xivo::model::numbering {

/// A regular expression (ECMAScript without back references) and what a number that it matches as a whole becomes.
/// Time for a number is bounded by its length times the expression's: no expression can make it blow up.
/// Thread  any.
class Rewrite {
 public:
  /// Nothing when the expression cannot be read, is longer than kExpressionMax, or `replace` names more parentheses than it has.
  static std::optional<Rewrite> parse(std::string_view expression, std::string_view replace);
  /// The number itself when it does not match.
  [[nodiscard]] std::string apply(const std::string& number) const;

  static constexpr std::size_t kExpressionMax = 64;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace xivo::model::numbering
