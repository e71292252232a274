#include "model/numbering/french_plan.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace xivo::model::numbering::french {

namespace {

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), text::is_digit); }

constexpr std::size_t kNational = 10;  // 0 and nine digits
constexpr std::size_t kSignificant = 9;
constexpr std::size_t kWithCountry = 11;  // 33 and nine digits

/// Departments that are countries of their own for E.164: their first digits at home, and their country code.
struct Overseas {
  std::string_view leading;
  std::string_view country;
};
constexpr std::array kOverseas{
    Overseas{"0262", "262"}, Overseas{"0263", "262"}, Overseas{"0269", "262"}, Overseas{"0639", "262"},
    Overseas{"0692", "262"}, Overseas{"0693", "262"}, Overseas{"0590", "590"}, Overseas{"0690", "590"},
    Overseas{"0691", "590"}, Overseas{"0594", "594"}, Overseas{"0694", "594"}, Overseas{"0596", "596"},
    Overseas{"0696", "596"}, Overseas{"0697", "596"},
};

bool is_national(std::string_view number) {
  return number.size() == kNational && number[0] == '0' && number[1] != '0' && all_digits(number);
}

/// "33123456789" to "0123456789"; empty when it is no French number.
std::string from_country_code(std::string_view number) {
  if (!all_digits(number)) return {};
  if (number.starts_with("330") && number.size() == kWithCountry + 1) {  // +33 (0)1 23 45 67 89
    return std::string(number.substr(2));
  }
  if (number.starts_with("33") && number.size() == kWithCountry && number[2] != '0') {
    return "0" + std::string(number.substr(2));
  }
  for (const auto& [leading, country] : kOverseas) {
    if (number.size() == country.size() + kSignificant && number.starts_with(country) &&
        number.substr(country.size()).starts_with(leading.substr(1))) {
      return "0" + std::string(number.substr(country.size()));
    }
  }
  return {};
}

CallClass class_of_short(std::string_view number) {
  if (!all_digits(number) || number.empty()) return CallClass::Other;
  if (number.size() == 4 && number[0] == '3') return number[1] <= '1' ? CallClass::Free : CallClass::Premium;
  if (number.size() == 6 && number.starts_with("118")) return CallClass::Premium;
  if (number.size() == 6 && number.starts_with("116")) return CallClass::Free;
  return CallClass::Other;
}

CallClass class_of_national(std::string_view number) {
  switch (number[1]) {
    case '6':
    case '7': return CallClass::Mobile;
    case '8':
      if (number[2] == '0' && number[3] <= '5') return CallClass::Free;
      return number[2] == '0' ? CallClass::National : CallClass::Premium;
    default: return CallClass::National;
  }
}

}  // namespace

std::string national(std::string_view number) {
  if (number.starts_with('+')) {
    std::string home = from_country_code(number.substr(1));
    return home.empty() ? "00" + std::string(number.substr(1)) : home;
  }
  if (number.starts_with("00")) {
    std::string home = from_country_code(number.substr(2));
    return home.empty() ? std::string(number) : home;
  }
  if (number.size() == kSignificant && number[0] != '0' && all_digits(number))
    return "0" + std::string(number);
  if (number.starts_with("33") && number.size() == kWithCountry) {
    std::string home = from_country_code(number);
    if (!home.empty()) return home;
  }
  return std::string(number);
}

std::string international(std::string_view number) {
  const std::string home = national(number);
  if (home.starts_with("00")) {
    const std::string_view abroad = std::string_view(home).substr(2);
    return all_digits(abroad) ? std::string(abroad) : std::string();
  }
  if (!is_national(home)) return {};
  const std::string_view significant = std::string_view(home).substr(1);
  for (const auto& [leading, country] : kOverseas) {
    if (home.starts_with(leading)) return std::string(country).append(significant);
  }
  return std::string("33").append(significant);
}

CallClass class_of(std::string_view number) {
  const bool abroad = number.starts_with('+') || number.starts_with("00");
  const std::string home = abroad ? national(number) : std::string(number);
  if (abroad && home.starts_with("00")) return CallClass::International;
  return is_national(home) ? class_of_national(home) : class_of_short(home);
}

}  // namespace xivo::model::numbering::french
