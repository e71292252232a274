#pragma once

#include <cstdint>
#include <unordered_map>

#include "api/live_view.hpp"
#include "call/call_registry.hpp"
#include "endpoint/defence/failure_memory.hpp"
#include "endpoint/registrar.hpp"
#include "model/config.hpp"

/// What the engine knows as the REST interface shows it: copies that may leave the shard.
/// Thread  the shard's.
namespace xivo::app {

/// When lines that no phone registers with any more lost their last one, since the start. Shard 0's.
using Departures = std::unordered_map<std::int64_t, runtime::WallTime>;

api::Registration copy_of(const endpoint::Binding& binding, const model::Config& config);
api::RegistrationFailure copy_of(endpoint::Failure failure);
api::TollAccount copy_of(const call::TollMeter::Account& account);
api::LiveCall copy_of(const call::Call& call, const call::CallRegistry& calls);

}  // namespace xivo::app
