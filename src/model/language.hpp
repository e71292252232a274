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

}  // namespace xivo::model
