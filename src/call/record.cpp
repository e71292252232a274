#include "call/record.hpp"

namespace xivo::call {

std::string_view name(Disposition disposition) {
  switch (disposition) {
    case Disposition::Answered: return "ANSWERED";
    case Disposition::NoAnswer: return "NO ANSWER";
    case Disposition::Busy: return "BUSY";
    case Disposition::Failed: return "FAILED";
    case Disposition::Congestion: return "CONGESTION";
  }
  return "FAILED";
}

}  // namespace xivo::call
