#include "model/numbering/number_plan.hpp"

#include <algorithm>
#include <array>

#include "model/numbering/french_plan.hpp"
#include "model/numbering/world_numbers.hpp"

namespace xivo::model::numbering {

namespace {

/// The numbers for help of a country; what is not listed has the European and the North American one.
struct EmergencyNumbers {
  std::string_view country;
  std::vector<std::string> numbers;
};

const std::vector<EmergencyNumbers>& emergency_table() {
  static const std::vector<EmergencyNumbers> kAll{
      {"", {"112", "911"}},
      {"FR", {"15", "17", "18", "112", "114", "115", "116000", "116117", "119", "191", "196", "197"}},
      {"BE", {"112", "100", "101", "110", "116000"}},
      {"CH", {"112", "117", "118", "143", "144", "145", "147", "1414"}},
      {"LU", {"112", "113"}},
      {"DE", {"112", "110"}},
      {"AT", {"112", "122", "133", "140", "144"}},
      {"ES", {"112", "061", "062", "080", "091", "092"}},
      {"IT", {"112", "113", "114", "115", "118"}},
      {"PT", {"112"}},
      {"NL", {"112"}},
      {"IE", {"112", "999"}},
      {"GB", {"999", "112"}},
      {"US", {"911", "988"}},
      {"CA", {"911", "988"}},
  };
  return kAll;
}

/// Departments overseas have the numbers and the plan of France.
bool is_french(std::string_view country) {
  constexpr std::array kFrench{"FR", "GP", "MQ", "GF", "RE", "YT"};
  return std::find(kFrench.begin(), kFrench.end(), country) != kFrench.end();
}

}  // namespace

Words words(CallClass of) {
  switch (of) {
    case CallClass::Internal: return {"interne", "internal"};
    case CallClass::Emergency: return {"urgence", "emergency"};
    case CallClass::National: return {"national", "national"};
    case CallClass::Mobile: return {"mobile", "mobile"};
    case CallClass::Free: return {"gratuit", "free of charge"};
    case CallClass::Premium: return {"surtaxé", "premium rate"};
    case CallClass::International: return {"international", "international"};
    case CallClass::Other: return {"autre", "other"};
  }
  return {};
}

const std::vector<std::string>& emergency_numbers_of(std::string_view country) {
  const std::string_view wanted = is_french(country) ? "FR" : country;
  for (const EmergencyNumbers& each : emergency_table()) {
    if (each.country == wanted) return each.numbers;
  }
  return emergency_table().front().numbers;
}

const std::vector<std::string>& emergency_numbers(const Config& config) {
  static const General kDefault;
  const General* general = config.find(GeneralId{1});
  if (general == nullptr) general = &kDefault;
  return general->emergency_numbers.empty() ? emergency_numbers_of(general->country)
                                            : general->emergency_numbers;
}

CallClass class_of(std::string_view number, std::string_view country) {
  const auto& emergency = emergency_numbers_of(country);
  if (std::find(emergency.begin(), emergency.end(), number) != emergency.end()) return CallClass::Emergency;
  if (is_french(country)) return french::class_of(number);
  if (const auto read = read_world_number(number, country)) return read->call_class;
  return class_of_short_number(number, country);
}

std::string national(std::string_view number, std::string_view country) {
  const std::string plain = without_separators(number);
  if (is_french(country)) return french::national(plain);
  const auto read = read_world_number(plain, country);
  if (!read) return plain;
  return read->domestic ? read->national : "00" + read->international;
}

std::string international(std::string_view number, std::string_view country) {
  const std::string plain = without_separators(number);
  if (is_french(country)) return french::international(plain);
  const auto read = read_world_number(plain, country);
  return read ? read->international : std::string();
}

std::string formatted(std::string_view number, std::string_view format, std::string_view country) {
  if (format != "+E164" && format != "E164") return national(number, country);
  std::string digits = international(number, country);
  if (digits.empty()) return without_separators(number);
  return format == "E164" ? digits : "+" + digits;
}

std::string without_separators(std::string_view dialled) {
  std::string number;
  number.reserve(dialled.size());
  for (const char c : dialled) {
    if (std::string_view("-. ()/").find(c) == std::string_view::npos) number += c;
  }
  return number;
}

}  // namespace xivo::model::numbering
