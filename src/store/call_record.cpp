#include "store/call_record.hpp"

namespace xivo::store {

std::string_view name(Disposition disposition) {
  switch (disposition) {
    case Disposition::Answered: return "answered";
    case Disposition::NoAnswer: return "no-answer";
    case Disposition::Busy: return "busy";
    case Disposition::Failed: return "failed";
    case Disposition::Cancelled: return "cancelled";
  }
  return "";
}

std::string_view name(HungUpBy who) {
  switch (who) {
    case HungUpBy::Nobody: return "nobody";
    case HungUpBy::Caller: return "caller";
    case HungUpBy::Called: return "called";
    case HungUpBy::System: return "system";
  }
  return "";
}

std::string_view name(LegRecord::Role role) { return role == LegRecord::Role::Caller ? "caller" : "called"; }

}  // namespace xivo::store
