#pragma once

#include <string>

#include "http/message.hpp"
#include "runtime/clock.hpp"

namespace xivo::http {

/// Status line and headers of an answer, the empty line included. Control characters in a header are dropped, so that no
/// value can add a line.
/// Shape   `response.body` is not written, its size is (Content-Length), also for an answer to HEAD
std::string write_head(const Response& response, bool keep_alive, runtime::WallTime now);

/// "Sun, 06 Nov 1994 08:49:37 GMT"                                                              RFC 9110 §5.6.7
std::string http_date(runtime::WallTime at);

}  // namespace xivo::http
