#pragma once

#include <string>
#include <string_view>

namespace xivo::cli {

/// Where the server's socket is looked for, the first that applies:
/// `option` if not empty; XIVO_SOCKET; var/run/xivo.sock of the checkout that the current folder or this program lies
/// in, if it exists; /run/xivo/ctl.sock.
std::string socket_path(std::string_view option);

/// var/run/xivo.sock in `folder` or the nearest folder above it that has one; empty when none has.
std::string socket_above(const std::string& folder);

}  // namespace xivo::cli
