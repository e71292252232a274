#pragma once

#include "base/slot_map.hpp"

namespace xivo::call {

class Call;
class Leg;
using CallId = Handle<Call>;
using LegId = Handle<Leg>;

}  // namespace xivo::call
