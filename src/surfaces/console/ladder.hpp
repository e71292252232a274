#pragma once

#include <cstddef>
#include <string>

#include "console/console_view.hpp"

namespace xivo::console {

/// How wide a ladder may be. Narrower than kLadderWidthMin is drawn at kLadderWidthMin.
inline constexpr std::size_t kLadderWidthMin = 60;
inline constexpr std::size_t kLadderWidthDefault = 100;
/// Columns for parties, ours included; further parties share the last one.
inline constexpr std::size_t kLadderLanesMax = 5;

/// One call as a ladder: a vertical line for each party, an arrow for each message with the time since the first
/// entry, and between them what we decided and which state changed.
///
///      time  101                            xivo                         102
///                                                                   192.0.2.7:5060
///    +0.000   |-- INVITE sip:102@x --------->|                            |
///    +0.001   |                              * route: internal, user Bob  |
///    +0.002   |                              |-- INVITE sip:102@192... -->|
///
/// Shape   parties stand in order of appearance, the first left of us, the others right of us;  lines end in a line
///         feed and carry no trailing blanks;  plain ASCII but for the texts themselves
std::string ladder(const TraceListing& trace, std::size_t width = kLadderWidthDefault);

}  // namespace xivo::console
