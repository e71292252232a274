#pragma once

#include <memory>

#include "runtime/openssl_handles.hpp"
#include "runtime/tls_context.hpp"

namespace xivo::runtime {

/// TLS on a socket. `session` knows which end it is; `context` is kept because the session calls back into it.
std::unique_ptr<Channel> tls_channel(Fd fd, openssl::Session session,
                                     std::shared_ptr<const TlsContext> context);

}  // namespace xivo::runtime
