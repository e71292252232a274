#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.hpp"
#include "model/language.hpp"

/// What the public numbering plan of a country says of a number.
namespace xivo::model::numbering {

/// Where a number of the public network leads, as far as cost and danger go.
enum class CallClass : std::uint8_t {
  Internal,  // leaves no trunk
  Emergency,
  National,  // geographic and other ordinary numbers
  Mobile,
  Free,
  Premium,  // shared cost and surcharged numbers, short ones of service providers
  International,
  Other,  // short numbers and what the plan does not know
};
Words words(CallClass of);

/// The numbers that always go through: General::emergency_numbers, else those of General::country.
const std::vector<std::string>& emergency_numbers(const Config& config);
const std::vector<std::string>& emergency_numbers_of(std::string_view country);

/// The class of a number as it is dialled to the outside, without the digit for it. Country  ISO 3166-1, "FR".
CallClass class_of(std::string_view number, std::string_view country);

/// A caller's number as people of the country would dial it: in France +33123456789, 33123456789 and 123456789 become 0123456789,
/// another + becomes 00, 0123456789 stays. What is no number of the public network stays as it is.
std::string national(std::string_view number, std::string_view country);

/// "33123456789" from any of its forms, without the +; empty when the number has no such form (a short number, an extension).
std::string international(std::string_view number, std::string_view country);

/// How a trunk wants numbers: "+E164", "E164" or "national". What has no international form stays.
std::string formatted(std::string_view number, std::string_view format, std::string_view country);

/// Without what people put between digits (blank - . parentheses /).
std::string without_separators(std::string_view dialled);

}  // namespace xivo::model::numbering
