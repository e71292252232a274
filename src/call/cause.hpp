#pragma once

#include <cstdint>
#include <string_view>

#include "model/routing/route.hpp"

namespace xivo::call {

/// ITU-T Q.850 cause values.
using Cause = model::routing::Cause;

/// "User busy", as console and records show it. "Unknown" for a value without a name.
std::string_view describe(Cause cause);

/// Of several phones that all failed, the cause the caller is told: what a person did counts more than what a machine did.
Cause stronger(Cause a, Cause b);

/// What a cause means to routing.
model::routing::Outcome outcome_of(Cause cause);

}  // namespace xivo::call
