#pragma once

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "rtp/bytes.hpp"

namespace xivo::rtp {

/// How packets of one direction are protected.  RFC 4568 §6.2, RFC 7714 §12
enum class SrtpSuite : std::uint8_t {
  AesCm128HmacSha1_80,
  AesCm128HmacSha1_32,
  AeadAes128Gcm,
  AeadAes256Gcm
};
inline constexpr std::size_t kSrtpSuites = 4;

constexpr bool is_aead(SrtpSuite suite) {
  return suite == SrtpSuite::AeadAes128Gcm || suite == SrtpSuite::AeadAes256Gcm;
}
constexpr std::size_t srtp_key_size(SrtpSuite suite) { return suite == SrtpSuite::AeadAes256Gcm ? 32 : 16; }
constexpr std::size_t srtp_salt_size(SrtpSuite suite) { return is_aead(suite) ? 12 : 14; }
/// What is appended to an RTP packet.
constexpr std::size_t srtp_tag_size(SrtpSuite suite) {
  if (is_aead(suite)) return 16;
  return suite == SrtpSuite::AesCm128HmacSha1_32 ? 4 : 10;
}
/// The tag of an RTCP packet; the word with its index comes on top. The short tag is for RTP only.  RFC 3711 §4.2
constexpr std::size_t srtcp_tag_size(SrtpSuite suite) { return is_aead(suite) ? 16 : 10; }

/// A master key and its salt: what two sides agree on for one direction. Wiped when it goes.
struct SrtpKey {
  SrtpSuite suite = SrtpSuite::AesCm128HmacSha1_80;
  std::array<std::uint8_t, 32> key{};  // srtp_key_size(suite) of them
  std::array<std::uint8_t, 14> salt{};  // srtp_salt_size(suite) of them

  SrtpKey() = default;
  SrtpKey(const SrtpKey&) = default;
  SrtpKey& operator=(const SrtpKey&) = default;
  ~SrtpKey();
  bool operator==(const SrtpKey&) const = default;
};

/// The keys of one kind of packet (RTP or RTCP), derived from a master key at rate 0.  RFC 3711 §4.3
struct SrtpSessionKeys {
  std::array<std::uint8_t, 32> cipher{};
  std::array<std::uint8_t, 20> authentication{};
  std::array<std::uint8_t, 14> salt{};

  enum class Of : std::uint8_t { Rtp, Rtcp };
  /// Errors  the crypto library refused (out of memory)
  static Result<SrtpSessionKeys> derive(const SrtpKey& master, Of of);
  ~SrtpSessionKeys();
};

/// Encrypts and authenticates packets of one kind and direction with session keys. Knows nothing of sequence numbers
/// beyond those it is told: who may send or receive which index is SrtpProtector's and SrtpUnprotector's to judge.
/// No allocation per packet.
/// Source  RFC 3711 §4.1.1 (AES counter mode), §4.2 (HMAC-SHA1), RFC 7714 §8, §9 (AES-GCM)
class SrtpCipher {
 public:
  static Result<SrtpCipher> make(SrtpSuite suite, const SrtpSessionKeys& keys);

  /// Of RTP: `clear` octets of header stay readable, `index` is roll-over counter and sequence number. The buffer has
  /// room for the tag. Returns false when the library fails.
  bool seal_rtp(WritableBytes buffer, std::size_t clear, std::size_t size, std::uint32_t ssrc,
                std::uint64_t index);
  /// `size` with the tag. False: not authentic; an AEAD suite has spoilt the bytes then.
  bool open_rtp(WritableBytes buffer, std::size_t clear, std::size_t size, std::uint32_t ssrc,
                std::uint64_t index);
  /// Of RTCP: `index` without the E bit. Room for tag and index word.
  bool seal_rtcp(WritableBytes buffer, std::size_t size, std::uint32_t ssrc, std::uint32_t index);
  /// `size` with tag and index word; a packet whose E bit is clear is authenticated only.
  bool open_rtcp(WritableBytes buffer, std::size_t size, std::uint32_t ssrc, std::uint32_t index,
                 bool encrypted);

 private:
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;
  using Nonce = std::array<std::uint8_t, 16>;

  SrtpCipher() = default;
  [[nodiscard]] Nonce counter_nonce(std::uint32_t ssrc, std::uint64_t index) const;
  [[nodiscard]] Nonce gcm_nonce(std::uint32_t ssrc, std::uint64_t index) const;
  bool count_through(const Nonce& nonce, WritableBytes text);
  bool gcm(bool seal, const Nonce& nonce, Bytes clear, Bytes more_clear, WritableBytes text,
           WritableBytes tag);
  [[nodiscard]] std::array<std::uint8_t, 20> authenticate(Bytes bytes, Bytes more) const;

  SrtpSuite suite_ = SrtpSuite::AesCm128HmacSha1_80;
  Context context_;
  std::array<std::uint8_t, 14> salt_{};
  SHA_CTX inner_{};  // HMAC's pads, hashed once
  SHA_CTX outer_{};
};

}  // namespace xivo::rtp
