#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/config.hpp"

/// Who may call what: a pure function of the configuration. It fails closed.
namespace xivo::model::permission {

struct Question {
  UserId
      user{};  // with whose rights: who calls, forwards or transfers; 0: nobody's, so only a route's permissions count
  OutgoingRouteId route{};  // the route that would take the number; 0: it stays inside
  std::string_view dialled{};  // as the caller sent it, with the digit for the outside
  std::string_view number{};  // without that digit, before the route rewrites it; empty: the same
  std::string_view code{};  // entered for a challenge; empty: none yet
};

enum class Answer : std::uint8_t {
  Allowed,
  Refused,
  AskCode,  // allowed to who enters the code
};
enum class Reason : std::uint8_t {
  NoRule,  // no permission speaks of the number
  Emergency,
  AllowRule,
  CodeRight,
  DenyRule,
  CodeNeeded,
  CodeWrong,  // the answer is AskCode again: who asks counts the tries
  CodesDiffer,  // several permissions ask for different codes: no code can open them all
  UserUnknown,
  RouteUnknown,
};
/// "no-rule", ...
std::string_view name(Reason reason);

struct Verdict {
  Answer answer = Answer::Refused;
  Reason reason = Reason::UserUnknown;
  CallPermissionId permission{};  // that decided; 0: none did
  std::string pattern{};  // of that permission, which matched
  bool own_code = false;  // the user's own code is the one that opens
};

/// Emergency numbers are always allowed. Otherwise the first level whose permissions speak of the number decides: the user's, then
/// the route's; within a level one that allows wins over those that deny. No permission speaks of it: allowed.
/// The number is looked at in every form: as dialled, without the digit for the outside, and as people of the country dial it,
/// so that +33 8 99 is not a way around a pattern of 0899. A permission that denies and whose patterns cannot be read speaks of
/// every number; one that allows, of none. A deny with a code asks for it; a user's own code (User::call_permission_password) takes
/// its place. Source  features.md 2.16
Verdict permitted(const Config& config, const Question& question);

}  // namespace xivo::model::permission
