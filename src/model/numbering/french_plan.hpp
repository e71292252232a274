#pragma once

#include <string>
#include <string_view>

#include "model/numbering/number_plan.hpp"

/// The French numbering plan, overseas departments included, without any table from elsewhere: it is asked for every call.
/// Source  ARCEP decision 2018-0881 and its amendments
namespace xivo::model::numbering::french {

/// The three functions of number_plan.hpp. Numbers are without separators.
CallClass class_of(std::string_view number);
std::string national(std::string_view number);
std::string international(std::string_view number);

}  // namespace xivo::model::numbering::french
