#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace xivo::media {

/// The digest of a certificate, as a=fingerprint says it.                                       RFC 8122 §5
/// Shape   hash: "sha-256" and the like, in lower case; digest: its octets
struct Fingerprint {
  std::string hash;
  std::string digest;
  bool operator==(const Fingerprint&) const = default;
};

/// What a side's connectivity checks are known by: a=ice-ufrag and a=ice-pwd.                   RFC 8839 §5.4
struct IceCredentials {
  std::string fragment;
  std::string password;
  bool operator==(const IceCredentials&) const = default;
};

/// A session whose keys are agreed on in its own packets (DTLS-SRTP), and which may find its path by ICE: what signalling has said
/// of it. We are ICE-lite: the far side checks the path and we answer.              RFC 5763, RFC 5764, RFC 8445 §2.5
struct KeyExchange {
  /// a=setup: who begins the handshake. Server: passive, Client: active.                      RFC 4145 §4
  enum class Role : std::uint8_t { Server, Client };
  struct Ice {
    IceCredentials ours;
    IceCredentials theirs;
    bool operator==(const Ice&) const = default;
  };

  Role role = Role::Server;
  Fingerprint theirs;  // a certificate that has another ends the handshake
  std::optional<Ice> ice;  // nothing: the described address is the path
  /// Grows with each new association, from 1: the same number again means that handshake and keys stay as they are.
  std::uint32_t generation = 0;
};

}  // namespace xivo::media
