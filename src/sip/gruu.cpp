// RFC 5627 §3, §5.4: public and temporary GRUUs.
#include "sip/gruu.hpp"

#include <openssl/evp.h>

#include <cstring>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/message.hpp"

namespace xivo::sip {
namespace {

constexpr std::string_view kPrefix = "tgruu.";
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kNameBytes = 16;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSealedBytes = kNonceBytes + kNameBytes + kTagBytes;
using Sealed = std::array<unsigned char, kSealedBytes>;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

void put(unsigned char* at, std::uint64_t value) {
  for (int i = 7; i >= 0; --i, value >>= 8) at[i] = static_cast<unsigned char>(value);
}

std::uint64_t get(const unsigned char* at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | at[i];
  return value;
}

/// RFC 3986 characters that a parameter value of a SIP URI may hold as they are.
bool plain(char c) {
  return text::is_alnum(c) || std::string_view("-_.!~*'()[]/:&+$").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> gruu_instance(const Uri& uri) {
  const auto value = find_parameter(uri.parameters, "gr");
  if (!value) return std::nullopt;
  std::string instance;
  for (std::size_t i = 0; i < value->size(); ++i) {
    const int high = (*value)[i] == '%' && i + 2 < value->size() ? grammar::hex_digit((*value)[i + 1]) : -1;
    const int low = high >= 0 ? grammar::hex_digit((*value)[i + 2]) : -1;
    if (low < 0) {
      instance.push_back((*value)[i]);
    } else {
      instance.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return instance;
}

std::string public_gruu(std::string_view user, std::string_view host, std::string_view instance) {
  if (instance.size() >= 2 && instance.front() == '<' && instance.back() == '>')
    instance = instance.substr(1, instance.size() - 2);
  std::string out = "sip:" + escape_user(user) + "@" + std::string(host) + ";gr=";
  for (const char c : instance) {
    if (plain(c)) {
      out.push_back(c);
    } else {
      out += "%" + text::hex(&c, 1);
    }
  }
  return out;
}

TemporaryGruus::Key TemporaryGruus::new_key(runtime::Rng& rng) {
  Key key;
  put(key.data(), rng.next());
  put(key.data() + 8, rng.next());
  return key;
}

std::string TemporaryGruus::seal(const TemporaryName& name, runtime::Rng& rng) const {
  Sealed sealed{};
  unsigned char random[16];
  put(random, rng.next());
  put(random + 8, rng.next());
  std::memcpy(sealed.data(), random, kNonceBytes);
  unsigned char plain_name[kNameBytes];
  put(plain_name, static_cast<std::uint64_t>(name.line));
  put(plain_name + 8, name.registration);
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  int size = 0;
  XIVO_ASSERT(context != nullptr);
  XIVO_ASSERT(EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key_.data(), sealed.data()) == 1);
  XIVO_ASSERT(EVP_EncryptUpdate(context.get(), sealed.data() + kNonceBytes, &size, plain_name, kNameBytes) ==
              1);
  XIVO_ASSERT(EVP_EncryptFinal_ex(context.get(), sealed.data() + kNonceBytes + size, &size) == 1);
  XIVO_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                  sealed.data() + kNonceBytes + kNameBytes) == 1);
  return std::string(kPrefix) + text::hex(sealed.data(), sealed.size());
}

std::optional<TemporaryName> TemporaryGruus::open(std::string_view user) const {
  if (!user.starts_with(kPrefix)) return std::nullopt;
  user.remove_prefix(kPrefix.size());
  if (user.size() != 2 * kSealedBytes) return std::nullopt;
  Sealed sealed{};
  for (std::size_t i = 0; i < kSealedBytes; ++i) {
    const int high = grammar::hex_digit(user[2 * i]);
    const int low = grammar::hex_digit(user[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    sealed[i] = static_cast<unsigned char>(high * 16 + low);
  }
  unsigned char name[kNameBytes];
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  int size = 0;
  XIVO_ASSERT(context != nullptr);
  XIVO_ASSERT(EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key_.data(), sealed.data()) == 1);
  XIVO_ASSERT(EVP_DecryptUpdate(context.get(), name, &size, sealed.data() + kNonceBytes, kNameBytes) == 1);
  XIVO_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes,
                                  sealed.data() + kNonceBytes + kNameBytes) == 1);
  if (EVP_DecryptFinal_ex(context.get(), name + size, &size) != 1) return std::nullopt;
  return TemporaryName{static_cast<std::int64_t>(get(name)), get(name + 8)};
}

}  // namespace xivo::sip
