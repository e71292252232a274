#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "runtime/socket.hpp"

namespace xivo::console {

/// Opens a listening stream socket at `path`, which nobody may connect to before it has `mode`. A socket file that
/// nobody answers on is removed first.
/// Shape   non-blocking, close-on-exec
/// Errors  "socket path is too long", "socket is in use by a running program", "path exists and is no socket",
///         or the failing step with errno as detail
Result<runtime::Fd> listen_unix(const std::string& path, mode_t mode, int backlog);

/// Connects to `path`.
/// Shape   blocking, close-on-exec
/// Errors  "socket path is too long", "cannot open a socket", "cannot connect" with errno as detail
Result<runtime::Fd> connect_unix(const std::string& path);

/// Who is at the other end: "uid 1000, pid 4711"; "unknown" when the kernel will not say.
std::string peer_identity(int fd);

}  // namespace xivo::console
