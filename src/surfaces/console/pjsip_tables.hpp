#pragma once

#include <string>

#include "console/console_view.hpp"
#include "console/pattern.hpp"

/// The answers of `pjsip show ...`, in the columns of Asterisk's res_pjsip. A list may be filtered by `like`.
namespace xivo::console {

std::string pjsip_endpoints(const EngineSnapshot& engine, const Pattern* like);
std::string pjsip_endpoint(const EngineSnapshot& engine, std::string_view name);
std::string pjsip_aors(const EngineSnapshot& engine, const Pattern* like);
std::string pjsip_contacts(const EngineSnapshot& engine, const Pattern* like);
std::string pjsip_registrations(const EngineSnapshot& engine, const Pattern* like);
std::string pjsip_channels(const EngineSnapshot& engine, const Pattern* like);

}  // namespace xivo::console
