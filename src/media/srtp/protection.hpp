#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xivo::media {

/// How a session's packets are protected (SRTP) and with which keys: what signalling has agreed on.
/// Shape   keys: octets of master key and salt, protection_key_size() of them
struct Protection {
  enum class Suite : std::uint8_t { AesCm128HmacSha1_80, AesCm128HmacSha1_32, AeadAes128Gcm, AeadAes256Gcm };
  Suite suite = Suite::AesCm128HmacSha1_80;
  std::string send_key;
  std::string receive_key;
  /// Grows with each change of keys, from 1: the same number again means that sequence numbers and replay windows go on.
  std::uint32_t generation = 0;
};
inline constexpr std::size_t kProtectionSuites = 4;

/// "AES_CM_128_HMAC_SHA1_80": its name in a=crypto.  RFC 4568 §6.2, RFC 7714 §14.1
constexpr std::string_view name(Protection::Suite suite) {
  switch (suite) {
    case Protection::Suite::AesCm128HmacSha1_32: return "AES_CM_128_HMAC_SHA1_32";
    case Protection::Suite::AeadAes128Gcm: return "AEAD_AES_128_GCM";
    case Protection::Suite::AeadAes256Gcm: return "AEAD_AES_256_GCM";
    case Protection::Suite::AesCm128HmacSha1_80: break;
  }
  return "AES_CM_128_HMAC_SHA1_80";
}

/// Octets of master key and salt together.
constexpr std::size_t protection_key_size(Protection::Suite suite) {
  switch (suite) {
    case Protection::Suite::AeadAes128Gcm: return 28;
    case Protection::Suite::AeadAes256Gcm: return 44;
    case Protection::Suite::AesCm128HmacSha1_80:
    case Protection::Suite::AesCm128HmacSha1_32: break;
  }
  return 30;
}

}  // namespace xivo::media
