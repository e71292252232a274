#include "call/leg.hpp"

namespace xivo::call {

std::string_view name(LegState state) {
  switch (state) {
    case LegState::Ring: return "Ring";
    case LegState::Dialing: return "Down";
    case LegState::Ringing: return "Ringing";
    case LegState::Up: return "Up";
    case LegState::Ended: return "Down";
  }
  return "Unknown";
}

}  // namespace xivo::call
