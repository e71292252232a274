// RFC 3711 §4: AES in counter mode, HMAC-SHA1 and key derivation; RFC 7714: AES-GCM. On OpenSSL: Debian 12's libsrtp is
// built on NSS and costs 12 µs and more a packet once a thousand streams have pushed each other out of the caches.
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA_CTX: a value that is copied, where EVP would allocate for each packet
#include "rtp/srtp_cipher.hpp"

#include <openssl/crypto.h>

#include <cstring>

namespace xivo::rtp {
namespace {

constexpr std::size_t kRtcpClear = 8;  // header and SSRC
constexpr std::uint32_t kEncryptedBit = 0x80000000u;
constexpr std::size_t kGcmNonce = 12;
constexpr std::size_t kGcmTag = 16;

enum Label : std::uint8_t { kCipherKey = 0, kAuthenticationKey = 1, kSalt = 2, kRtcpLabels = 3 };

int length(std::size_t size) { return static_cast<int>(size); }

const EVP_CIPHER* algorithm(SrtpSuite suite) {
  switch (suite) {
    case SrtpSuite::AeadAes128Gcm: return EVP_aes_128_gcm();
    case SrtpSuite::AeadAes256Gcm: return EVP_aes_256_gcm();
    case SrtpSuite::AesCm128HmacSha1_80:
    case SrtpSuite::AesCm128HmacSha1_32: break;
  }
  return EVP_aes_128_ctr();
}

/// One key: the counter mode's key stream under the master key, from a block that the label is mixed into.
bool derive_one(EVP_CIPHER_CTX* context, const SrtpKey& master, std::uint8_t label, WritableBytes out) {
  std::array<std::uint8_t, 16> block{};
  std::memcpy(block.data(), master.salt.data(), master.salt.size());  // a short salt is followed by zeros
  block[7] ^= label;
  const auto* cipher = srtp_key_size(master.suite) == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
  std::memset(out.data(), 0, out.size());
  int written = 0;
  return EVP_EncryptInit_ex(context, cipher, nullptr, master.key.data(), block.data()) == 1 &&
         EVP_EncryptUpdate(context, out.data(), &written, out.data(), length(out.size())) == 1;
}

}  // namespace

SrtpKey::~SrtpKey() {
  OPENSSL_cleanse(key.data(), key.size());
  OPENSSL_cleanse(salt.data(), salt.size());
}

SrtpSessionKeys::~SrtpSessionKeys() {
  OPENSSL_cleanse(cipher.data(), cipher.size());
  OPENSSL_cleanse(authentication.data(), authentication.size());
}

Result<SrtpSessionKeys> SrtpSessionKeys::derive(const SrtpKey& master, Of of) {
  SrtpSessionKeys keys;
  const auto base = static_cast<std::uint8_t>(of == Of::Rtcp ? kRtcpLabels : 0);
  const auto label = [&](Label which) { return static_cast<std::uint8_t>(base + which); };
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const bool derived =
      context != nullptr &&
      derive_one(context, master, label(kCipherKey),
                 std::span(keys.cipher).first(srtp_key_size(master.suite))) &&
      derive_one(context, master, label(kAuthenticationKey), keys.authentication) &&
      derive_one(context, master, label(kSalt), std::span(keys.salt).first(srtp_salt_size(master.suite)));
  EVP_CIPHER_CTX_free(context);
  if (!derived) return fail("cannot derive keys");
  return keys;
}

Result<SrtpCipher> SrtpCipher::make(SrtpSuite suite, const SrtpSessionKeys& keys) {
  SrtpCipher cipher;
  cipher.suite_ = suite;
  cipher.salt_ = keys.salt;
  cipher.context_.reset(EVP_CIPHER_CTX_new());
  if (!cipher.context_ || EVP_CipherInit_ex(cipher.context_.get(), algorithm(suite), nullptr,
                                            keys.cipher.data(), nullptr, 1) != 1) {
    return fail("cannot make a cipher");
  }
  std::array<std::uint8_t, SHA_CBLOCK> pad{};  // RFC 2104 §2
  const auto start = [&](SHA_CTX& hash, std::uint8_t fill) {
    pad.fill(fill);
    for (std::size_t i = 0; i < keys.authentication.size(); ++i) pad[i] ^= keys.authentication[i];
    SHA1_Init(&hash);
    SHA1_Update(&hash, pad.data(), pad.size());
  };
  start(cipher.inner_, 0x36);
  start(cipher.outer_, 0x5c);
  OPENSSL_cleanse(pad.data(), pad.size());
  return cipher;
}

// ------------------------------------------------------------------------------------------------ the two transforms

// RFC 3711 §4.1.1: salt, SSRC and index side by side, the last two octets count blocks.
SrtpCipher::Nonce SrtpCipher::counter_nonce(std::uint32_t ssrc, std::uint64_t index) const {
  Nonce nonce{};
  write32(nonce, 4, ssrc);
  write64(nonce, 6, read64(nonce, 6) ^ index);
  for (std::size_t i = 0; i < salt_.size(); ++i) nonce[i] ^= salt_[i];
  return nonce;
}

// RFC 7714 §8.1, §9.1: an RTP index is roll-over counter and sequence number, an RTCP index has 31 bits, so one form
// serves both.
SrtpCipher::Nonce SrtpCipher::gcm_nonce(std::uint32_t ssrc, std::uint64_t index) const {
  Nonce nonce{};
  write32(nonce, 2, ssrc);
  write16(nonce, 6, static_cast<std::uint16_t>(index >> 32));
  write32(nonce, 8, static_cast<std::uint32_t>(index));
  for (std::size_t i = 0; i < kGcmNonce; ++i) nonce[i] ^= salt_[i];
  return nonce;
}

bool SrtpCipher::count_through(const Nonce& nonce, WritableBytes text) {
  int written = 0;
  return EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data()) == 1 &&
         EVP_EncryptUpdate(context_.get(), text.data(), &written, text.data(), length(text.size())) == 1;
}

bool SrtpCipher::gcm(bool seal, const Nonce& nonce, Bytes clear, Bytes more_clear, WritableBytes text,
                     WritableBytes tag) {
  auto* context = context_.get();
  int written = 0;
  if (EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), seal ? 1 : 0) != 1 ||
      EVP_CipherUpdate(context, nullptr, &written, clear.data(), length(clear.size())) != 1) {
    return false;
  }
  if (!more_clear.empty() &&
      EVP_CipherUpdate(context, nullptr, &written, more_clear.data(), length(more_clear.size())) != 1) {
    return false;
  }
  if (!text.empty() &&
      EVP_CipherUpdate(context, text.data(), &written, text.data(), length(text.size())) != 1) {
    return false;
  }
  if (!seal && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTag, tag.data()) != 1) return false;
  std::array<std::uint8_t, 16> none;
  if (EVP_CipherFinal_ex(context, none.data(), &written) != 1) return false;
  return !seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTag, tag.data()) == 1;
}

std::array<std::uint8_t, 20> SrtpCipher::authenticate(Bytes bytes, Bytes more) const {
  std::array<std::uint8_t, 20> digest;
  SHA_CTX hash = inner_;
  SHA1_Update(&hash, bytes.data(), bytes.size());
  SHA1_Update(&hash, more.data(), more.size());
  SHA1_Final(digest.data(), &hash);
  hash = outer_;
  SHA1_Update(&hash, digest.data(), digest.size());
  SHA1_Final(digest.data(), &hash);
  return digest;
}

// ------------------------------------------------------------------------------------------------ RTP

bool SrtpCipher::seal_rtp(WritableBytes buffer, std::size_t clear, std::size_t size, std::uint32_t ssrc,
                          std::uint64_t index) {
  const auto text = buffer.subspan(clear, size - clear);
  if (is_aead(suite_)) {
    return gcm(true, gcm_nonce(ssrc, index), buffer.first(clear), {}, text, buffer.subspan(size, kGcmTag));
  }
  if (!count_through(counter_nonce(ssrc, index), text)) return false;
  std::array<std::uint8_t, 4> roll_over;
  write32(roll_over, 0, static_cast<std::uint32_t>(index >> 16));
  const auto tag = authenticate(buffer.first(size), roll_over);
  std::memcpy(buffer.data() + size, tag.data(), srtp_tag_size(suite_));
  return true;
}

bool SrtpCipher::open_rtp(WritableBytes buffer, std::size_t clear, std::size_t size, std::uint32_t ssrc,
                          std::uint64_t index) {
  const auto sealed = size - srtp_tag_size(suite_);
  const auto text = buffer.subspan(clear, sealed - clear);
  if (is_aead(suite_)) {
    return gcm(false, gcm_nonce(ssrc, index), buffer.first(clear), {}, text, buffer.subspan(sealed, kGcmTag));
  }
  std::array<std::uint8_t, 4> roll_over;
  write32(roll_over, 0, static_cast<std::uint32_t>(index >> 16));
  const auto tag = authenticate(buffer.first(sealed), roll_over);
  if (CRYPTO_memcmp(tag.data(), buffer.data() + sealed, srtp_tag_size(suite_)) != 0) return false;
  return count_through(counter_nonce(ssrc, index), text);
}

// ------------------------------------------------------------------------------------------------ RTCP

bool SrtpCipher::seal_rtcp(WritableBytes buffer, std::size_t size, std::uint32_t ssrc, std::uint32_t index) {
  const auto text = buffer.subspan(kRtcpClear, size - kRtcpClear);
  std::array<std::uint8_t, 4> word;
  write32(word, 0, kEncryptedBit | index);
  if (is_aead(suite_)) {  // the tag, then the word: RFC 7714 §9.2
    if (!gcm(true, gcm_nonce(ssrc, index), buffer.first(kRtcpClear), word, text,
             buffer.subspan(size, kGcmTag)))
      return false;
    std::memcpy(buffer.data() + size + kGcmTag, word.data(), word.size());
    return true;
  }
  if (!count_through(counter_nonce(ssrc, index), text)) return false;
  const auto tag = authenticate(buffer.first(size), word);
  std::memcpy(buffer.data() + size, word.data(), word.size());
  std::memcpy(buffer.data() + size + word.size(), tag.data(), srtcp_tag_size(suite_));
  return true;
}

bool SrtpCipher::open_rtcp(WritableBytes buffer, std::size_t size, std::uint32_t ssrc, std::uint32_t index,
                           bool encrypted) {
  const auto sealed = size - srtcp_tag_size(suite_) - 4;
  std::array<std::uint8_t, 4> word;
  write32(word, 0, (encrypted ? kEncryptedBit : 0) | index);
  if (is_aead(suite_)) {
    const auto clear = encrypted ? kRtcpClear : sealed;
    return gcm(false, gcm_nonce(ssrc, index), buffer.first(clear), word,
               buffer.subspan(clear, sealed - clear), buffer.subspan(sealed, kGcmTag));
  }
  const auto tag = authenticate(buffer.first(sealed), word);
  if (CRYPTO_memcmp(tag.data(), buffer.data() + sealed + 4, srtcp_tag_size(suite_)) != 0) return false;
  return !encrypted ||
         count_through(counter_nonce(ssrc, index), buffer.subspan(kRtcpClear, sealed - kRtcpClear));
}

}  // namespace xivo::rtp
