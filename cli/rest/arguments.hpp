#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rest/failure.hpp"

namespace xivo::cli {

/// A command line taken apart: words, and options wherever they stand.
/// Shape   "--name value", "--name=value", "--flag", "--no-flag" (name "flag", value "false"); "--" ends the options
class Arguments {
 public:
  struct Option {
    std::string name;
    std::optional<std::string> value;
  };

  static Arguments parse(std::span<const std::string> arguments);

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] std::string word(std::size_t at) const {
    return at < words_.size() ? words_[at] : std::string();
  }

  /// Takes an option out, so that what is left can be complained of. The last one counts.
  std::optional<std::string> take(std::string_view name);
  bool take_flag(std::string_view name);
  std::string take_or(std::string_view name, std::string_view fallback) {
    return take(name).value_or(std::string(fallback));
  }
  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  /// Refuses what nobody took.
  [[nodiscard]] Outcome<void> nothing_left(model::Language language) const;

 private:
  std::vector<std::string> words_;
  std::vector<Option> options_;
};

/// Options that take no value, whatever stands behind them.
bool is_flag(std::string_view name);

}  // namespace xivo::cli
