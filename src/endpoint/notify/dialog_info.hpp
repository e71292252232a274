#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xivo::endpoint {

inline constexpr std::string_view kDialogInfo = "application/dialog-info+xml";

/// What tells a phone whether a lamp is lit: a dialog that is confirmed, or one that is over.
/// Shape   entity: the URI that is watched, without angle brackets; version: counts the documents of one subscription from 0
/// Source  RFC 4235 §4.1
std::string dialog_info(std::string_view entity, std::uint32_t version, bool lit);

}  // namespace xivo::endpoint
