#pragma once

#include <cstdint>
#include <string_view>

namespace xivo::model {

/// The languages in which the product speaks of itself.
enum class Language : std::uint8_t { French, English };

/// One text in both languages. String literals only: it does not own them.
struct Words {
  std::string_view french;
  std::string_view english;

  [[nodiscard]] constexpr std::string_view in(Language language) const {
    return language == Language::French ? french : english;
  }
};

/// Whether a count takes the plural: "0 ligne", "1 ligne", "2 lignes"; "0 lines", "1 line", "2 lines".
constexpr bool is_plural(std::int64_t count, Language language) {
  return language == Language::French ? count >= 2 || count <= -2 : count != 1;
}

}  // namespace xivo::model
