#pragma once

#include <string>

#include "console/console_view.hpp"
#include "console/pattern.hpp"

/// The answers of `sip show ...`, in the columns of Asterisk's chan_sip.
namespace xivo::console {

/// Shape   like: only peers whose name matches; nullptr = all
std::string sip_peers(const EngineSnapshot& engine, const Pattern* like);
std::string sip_peer(const EngineSnapshot& engine, const Peer& peer);
std::string sip_channels(const EngineSnapshot& engine);
std::string sip_registry(const EngineSnapshot& engine);
std::string sip_subscriptions(const EngineSnapshot& engine);
/// Ours: who tried in vain, and why.
std::string sip_failures(const EngineSnapshot& engine);

/// The peer of that name, nullptr if there is none.
const Peer* find_peer(const EngineSnapshot& engine, std::string_view name);

}  // namespace xivo::console
