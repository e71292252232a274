#pragma once

#include "base/address.hpp"
#include "runtime/socket.hpp"

namespace xivo::media {

/// A bound UDP socket whose packets ask for the treatment of voice. Source  RFC 4594 §4.1 (DSCP EF)
Result<runtime::Fd> open_udp_port(const SocketAddress& local);

}  // namespace xivo::media
