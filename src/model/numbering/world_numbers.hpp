#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/numbering/number_plan.hpp"

/// The numbering plans of the world, for countries whose plan we do not carry ourselves: a face on libphonenumber.
namespace xivo::model::numbering {

/// A number of the public network.
struct WorldNumber {
  std::string international;  // "41441234567", without the +
  std::string national;  // as dialled within its country: "0441234567"
  bool domestic = false;  // of the country that was asked for
  CallClass call_class = CallClass::National;  // as seen from that country
};

/// Reads a number as people of a country (ISO 3166-1) dial it, or with a leading +. Nothing for short numbers and for what is
/// no number. Costs some 10 µs, the first call some 10 ms more.
/// Thread  any.
std::optional<WorldNumber> read_world_number(std::string_view number, std::string_view country);

/// Short numbers, which are dialled within the country only.
CallClass class_of_short_number(std::string_view number, std::string_view country);

}  // namespace xivo::model::numbering
