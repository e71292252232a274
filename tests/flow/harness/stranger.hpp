#pragma once

#include <string>

#include "world.hpp"

namespace xivo::flow {

/// Somebody without credentials sends a request of every method to everything that can be dialled: each person, line,
/// feature code, and some that are none. Whatever gets more than a refusal is named; empty when nothing does.
std::string try_everything(World& world);

}  // namespace xivo::flow
