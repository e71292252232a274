#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "sip/digest.hpp"

namespace xivo::sip::digest {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Fetched once: asking the provider for an algorithm costs more than hashing with it.
const EVP_MD* fetched(Algorithm algorithm) {
  static const std::unique_ptr<EVP_MD, FreeDigest> md5(EVP_MD_fetch(nullptr, "MD5", nullptr));
  static const std::unique_ptr<EVP_MD, FreeDigest> sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  const EVP_MD* const digest = algorithm == Algorithm::Md5 ? md5.get() : sha256.get();
  XIVO_ASSERT(digest != nullptr);
  return digest;
}

/// A hash over several pieces, as if they stood in one string with ':' between them.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm) : context_(context()) {
    XIVO_ASSERT(EVP_DigestInit_ex2(context_, fetched(algorithm), nullptr) == 1);
  }
  Hasher& add(std::string_view piece) {
    EVP_DigestUpdate(context_, piece.data(), piece.size());
    return *this;
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, bytes.data(), &size);
    return text::hex(bytes.data(), size);
  }

 private:
  static EVP_MD_CTX* context() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigest> reused(EVP_MD_CTX_new());
    XIVO_ASSERT(reused != nullptr);
    return reused.get();
  }
  EVP_MD_CTX* const context_;
};

}  // namespace

std::string_view name(Algorithm algorithm) { return algorithm == Algorithm::Md5 ? "MD5" : "SHA-256"; }

std::optional<Algorithm> algorithm_from(std::string_view text) {
  if (text.empty() || text::equal_ignoring_case(text, "MD5")) return Algorithm::Md5;
  if (text::equal_ignoring_case(text, "SHA-256")) return Algorithm::Sha256;
  return std::nullopt;
}

std::string hash(Algorithm algorithm, std::string_view text) { return Hasher(algorithm).add(text).hex(); }

std::string a1_hash(Algorithm algorithm, std::string_view username, std::string_view realm,
                    std::string_view password) {
  return Hasher(algorithm).add(username).add(":").add(realm).add(":").add(password).hex();
}

std::string response(Algorithm algorithm, std::string_view a1_hash, std::string_view method,
                     const Parameters& p) {
  const std::string a2 = Hasher(algorithm).add(method).add(":").add(p.uri).hex();
  Hasher hasher(algorithm);
  hasher.add(a1_hash).add(":").add(p.nonce).add(":");
  if (!p.qop.empty()) hasher.add(p.nc).add(":").add(p.cnonce).add(":").add(p.qop).add(":");
  return hasher.add(a2).hex();
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace xivo::sip::digest
