#include "store/password.hpp"

#include <sodium.h>

#include <array>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace xivo::store {

namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = std::size_t{19} << 20;  // bytes

void need_sodium() {
  static const int ready = sodium_init();
  XIVO_ASSERT(ready >= 0);
}

}  // namespace

std::optional<std::string> hash_password(std::string_view password) {
  need_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const int code =
      crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), kPasses, kMemory);
  return code == 0 ? std::optional<std::string>(hash.data()) : std::nullopt;
}

bool password_matches(const std::string& hash, std::string_view password) {
  need_sodium();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string random_bytes(std::size_t size) {
  need_sodium();
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string make_token() {
  const std::string bytes = random_bytes(32);
  return text::hex(bytes.data(), bytes.size());
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string token_digest(std::string_view token) {
  need_sodium();
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return text::hex(digest.data(), digest.size());
}

}  // namespace xivo::store
