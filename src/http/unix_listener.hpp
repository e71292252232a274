#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "runtime/socket.hpp"

namespace xivo::http {

/// Opens a listening stream socket at `path`, which nobody may connect to before it has `mode`. A socket file left by a
/// program that is gone is replaced; one that somebody answers on is not.
/// Errors  the failing step; detail: errno
Result<runtime::Fd> open_unix_listener(const std::string& path, mode_t mode);
/// Connects, blocking for no longer than the listener's queue is full.
Result<runtime::Fd> connect_unix(const std::string& path);

}  // namespace xivo::http
