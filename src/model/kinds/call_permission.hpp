#pragma once

#include <string>
#include <vector>

#include "model/ids.hpp"

namespace xivo::model {

/// Numbers that certain users may not call, or may; or that a route takes not from everybody.
struct CallPermission {
  CallPermissionId id{};
  std::string name{};  // unique
  std::string mode = "deny";  // deny, allow
  std::string password{};  // deny: who enters this code may call after all; never read back
  std::vector<std::string> extensions{};  // numbers and _patterns
  std::vector<UserId> users{};
  std::vector<OutgoingRouteId> outgoing_routes{};
  bool enabled = true;
  std::string description{};
};

}  // namespace xivo::model
