#pragma once

#include <functional>
#include <string>

#include "console/console_view.hpp"
#include "sip/flow.hpp"

namespace xivo::app {

/// Whether a message on that path is one that `sip set debug` asked for.
bool wanted(const console::SipDebug& filter, const sip::Flow& flow);
/// The message with a head line that says which way it went, as Asterisk's `sip set debug` shows it.
std::string debug_text(bool sent, const sip::Flow& flow, std::string_view bytes);

}  // namespace xivo::app
