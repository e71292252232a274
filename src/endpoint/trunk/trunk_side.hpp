#pragma once

#include <string>

#include "endpoint/trunk/digest_client.hpp"
#include "endpoint/trunk/identity.hpp"
#include "model/ids.hpp"

namespace xivo::endpoint {

/// What is particular to a leg that has an operator at its other end.
struct TrunkSide {
  model::TrunkId id{};
  DigestClient digest;  // answers what it challenges
  std::string number{};  // that was dialled
  OutgoingIdentity identity{};  // of a call to it
  bool counted = false;  // among the channels of the trunk
  std::string invite_credentials{};  // of the last INVITE; its ACK says them again
};

}  // namespace xivo::endpoint
