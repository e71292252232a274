#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/session.hpp"

/// a=fingerprint and a=setup: keys that are agreed on by DTLS.                            RFC 5763, RFC 8122, RFC 8842
namespace xivo::sdp {

inline constexpr std::size_t kFingerprintsMax = 8;  // looked at in one media

/// The digest of a certificate. Shape  hash: in lower case, "sha-256"; digest: as many octets as that hash has
struct Fingerprint {
  std::string hash;
  std::string digest;
  bool operator==(const Fingerprint&) const = default;
};

/// Who begins the handshake.                                                                     RFC 4145 §4
enum class Setup : std::uint8_t { ActPass, Active, Passive, HoldConn };
std::string_view name(Setup setup);  // "actpass"

/// UDP/TLS/RTP/SAVP and UDP/TLS/RTP/SAVPF.                                                       RFC 5764 §8
bool is_dtls_profile(std::string_view protocol);

/// What follows "a=fingerprint:". Nothing when it is malformed or of a hash that is broken (md2, md5) or unknown.
std::optional<Fingerprint> parse_fingerprint(std::string_view value);
std::string write_fingerprint(const Fingerprint& fingerprint);

/// The best fingerprint that a media has, of its own or else of its session; nothing when there is none that can be used. RFC 8122 §5
std::optional<Fingerprint> fingerprint_of(const Session& session, const Media& media);
/// Nothing when nothing, or something unknown, was said.
std::optional<Setup> setup_of(const Session& session, const Media& media);

}  // namespace xivo::sdp
