#pragma once

#include <optional>
#include <string>

#include "sdp/session.hpp"

/// ICE in session descriptions, as a side without checks of its own (ICE-lite) needs it.                  RFC 8839
namespace xivo::sdp {

/// a=ice-ufrag and a=ice-pwd. Shape  4 to 256 and 22 to 256 characters of A-Z a-z 0-9 + /
struct IceCredentials {
  std::string fragment;
  std::string password;
  bool operator==(const IceCredentials&) const = default;
};

/// Of a media, its own or else its session's. Nothing when they are missing or malformed: the writer does no ICE then.
/// Source  RFC 8839 §5.4
std::optional<IceCredentials> ice_credentials_of(const Session& session, const Media& media);

/// What follows "a=candidate:" for the only address that we have; RTP and RTCP share it.       RFC 8839 §5.1, RFC 8445 §5.1.2
std::string write_host_candidate(const SocketAddress& address);

}  // namespace xivo::sdp
