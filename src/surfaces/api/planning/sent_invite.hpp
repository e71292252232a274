#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/kinds/trunk.hpp"
#include "model/routing/route.hpp"

namespace xivo::api {

/// What an operator would be sent of who calls whom.
struct SentInvite {
  std::string request_uri;
  std::vector<std::pair<std::string, std::string>> headers;  // name, value
};

/// The engine's own words for an attempt to call the outside; whoever has the engine knows them.
/// Shape   diverted_by: the number that the call was forwarded from; empty: none
using InvitePreview = std::function<SentInvite(
    const model::Trunk& trunk, const model::routing::TrunkAttempt& attempt, const std::string& diverted_by)>;

}  // namespace xivo::api
