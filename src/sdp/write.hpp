#pragma once

#include <string>

#include "sdp/session.hpp"

namespace xivo::sdp {

/// The text of a description, lines in the order of RFC 8866 §5, CRLF ended. parse(write(s)) == s for every `s` that
/// parse() could return (and whose text, static rtpmap lines added, still fits kBytesMax). Control characters in any field are dropped, so a value cannot add a line of its own.
/// rtpmap is written for every named format, static ones too (some phones insist).
std::string write(const Session& session);

/// Gives `next` the origin of `previous`: same session id and, when anything but the origin's version differs, the
/// version increased by one; the same version when nothing changed.                            RFC 3264 §8
void continue_session(Session& next, const Session& previous);

}  // namespace xivo::sdp
