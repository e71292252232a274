#include "model/numbering/world_numbers.hpp"

#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include "base/text.hpp"

namespace xivo::model::numbering {

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using i18n::phonenumbers::ShortNumberInfo;

constexpr std::size_t kLengthMax = 32;  // longer is no telephone number

CallClass class_from(PhoneNumberUtil::PhoneNumberType type) {
  switch (type) {
    case PhoneNumberUtil::MOBILE: return CallClass::Mobile;
    case PhoneNumberUtil::TOLL_FREE: return CallClass::Free;
    case PhoneNumberUtil::PREMIUM_RATE:
    case PhoneNumberUtil::SHARED_COST: return CallClass::Premium;
    default: return CallClass::National;
  }
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (text::is_digit(c)) digits += c;
  }
  return digits;
}

}  // namespace

std::optional<WorldNumber> read_world_number(std::string_view number, std::string_view country) {
  if (number.empty() || number.size() > kLengthMax) return std::nullopt;
  const PhoneNumberUtil& plans = *PhoneNumberUtil::GetInstance();
  const std::string region(country);
  PhoneNumber parsed;
  if (plans.Parse(std::string(number), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR)
    return std::nullopt;
  if (!plans.IsPossibleNumber(parsed)) return std::nullopt;
  WorldNumber read;
  std::string text;
  plans.Format(parsed, PhoneNumberUtil::E164, &text);
  read.international = digits_of(text);
  plans.Format(parsed, PhoneNumberUtil::NATIONAL, &text);
  read.national = digits_of(text);
  read.domestic = parsed.country_code() == plans.GetCountryCodeForRegion(region);
  const CallClass within = class_from(plans.GetNumberType(parsed));
  read.call_class = read.domestic || within == CallClass::Premium ? within : CallClass::International;
  return read;
}

CallClass class_of_short_number(std::string_view number, std::string_view country) {
  if (number.empty() || number.size() > kLengthMax) return CallClass::Other;
  static const ShortNumberInfo kShort;
  const std::string region(country);
  PhoneNumber parsed;
  const PhoneNumberUtil& plans = *PhoneNumberUtil::GetInstance();
  if (plans.Parse(std::string(number), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR)
    return CallClass::Other;
  switch (kShort.GetExpectedCostForRegion(parsed, region)) {
    case ShortNumberInfo::TOLL_FREE: return CallClass::Free;
    case ShortNumberInfo::PREMIUM_RATE: return CallClass::Premium;
    default: return CallClass::Other;
  }
}

}  // namespace xivo::model::numbering
