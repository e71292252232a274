#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shard.hpp"
#include "console/console_view.hpp"

/// Copies of the engine's state for people to look at.
/// Thread  the shard's loop.
namespace xivo::app {

/// Everything but `taken` and `started`.
console::EngineSnapshot engine_snapshot(Shard& shard, const model::Config& config);
std::vector<console::CallSummary> live_calls(Shard& shard);
/// By call id or channel name.
std::optional<console::TraceListing> live_trace(Shard& shard, const std::string& wanted);

}  // namespace xivo::app
