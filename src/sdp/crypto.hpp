#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sdp/session.hpp"

/// a=crypto: keys of SRTP in a session description.                                              RFC 4568
namespace xivo::sdp {

inline constexpr std::size_t kCryptosMax = 16;  // looked at in one media

/// One a=crypto line with one key. A lifetime is not kept: the shortest that a standard names outlasts any call.
struct Crypto {
  std::uint32_t tag = 0;  // 1 to 9 digits
  std::string suite;  // "AES_CM_128_HMAC_SHA1_80"
  std::string key;  // octets of master key and salt, decoded
  bool operator==(const Crypto&) const = default;
};

/// Reads what follows "a=crypto:".
/// Errors  "crypto line is malformed"; "crypto line has several keys", "crypto line has a key identifier" and "crypto line has an
///         unknown parameter" for what is well formed but cannot be done here: another line may be taken
Result<Crypto> parse_crypto(std::string_view value);
/// What follows "a=crypto:".
std::string write_crypto(const Crypto& crypto);

/// The lines of a media that can be used, in order: the writer's preference.
std::vector<Crypto> cryptos_of(const Media& media);

/// RTP/SAVP and RTP/SAVPF: media must be protected. Not for keys that DTLS agrees on (UDP/TLS/RTP/SAVPF).
bool is_secure_profile(std::string_view protocol);

/// A message or description with each key of its a=crypto lines ("inline:...") replaced by "inline:***": for people and files.
std::string without_keys(std::string_view text);

}  // namespace xivo::sdp
