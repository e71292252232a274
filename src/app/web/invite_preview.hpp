#pragma once

#include "api/planning/sent_invite.hpp"

namespace xivo::app {

/// Request-URI, From, To and the lines of identity, privacy and diversion, by the function that makes the engine's requests.
api::SentInvite preview_of(const model::Trunk& trunk, const model::routing::TrunkAttempt& attempt,
                           const std::string& diverted_by);

}  // namespace xivo::app
