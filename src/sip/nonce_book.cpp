#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "sip/digest.hpp"
#include "sip/grammar.hpp"

namespace xivo::sip::digest {
namespace {

constexpr std::size_t kBookAt = 0;
constexpr std::size_t kTimeAt = 4;
constexpr std::size_t kNumberAt = 8;
constexpr std::size_t kSignedBytes = 16;
constexpr std::size_t kSignatureBytes = 12;
constexpr std::size_t kNonceBytes = kSignedBytes + kSignatureBytes;
constexpr std::size_t kKeyWords = 4;
constexpr std::size_t kNcDigits = 8;

using NonceBytes = std::array<unsigned char, kNonceBytes>;

template <class Integer>
void put(NonceBytes& bytes, std::size_t at, Integer value) {
  for (std::size_t i = sizeof value; i-- > 0; value >>= 8) bytes[at + i] = static_cast<unsigned char>(value);
}

template <class Integer>
Integer get(const NonceBytes& bytes, std::size_t at) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = static_cast<Integer>(value << 8) | bytes[at + i];
  return value;
}

bool from_hex(std::string_view text, NonceBytes& bytes) {
  if (text.size() != 2 * kNonceBytes) return false;
  for (std::size_t i = 0; i < kNonceBytes; ++i) {
    const int high = grammar::hex_digit(text[2 * i]);
    const int low = grammar::hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return true;
}

std::optional<std::uint32_t> parse_nc(std::string_view nc) {
  if (nc.size() != kNcDigits) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : nc) {
    const int digit = grammar::hex_digit(c);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

}  // namespace

/// HMAC-SHA256 under one key, cut to kSignatureBytes.
class NonceBook::Signer {
 public:
  explicit Signer(runtime::Rng& rng) {
    static const std::unique_ptr<EVP_MAC, FreeMac> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    XIVO_ASSERT(hmac != nullptr);
    context_.reset(EVP_MAC_CTX_new(hmac.get()));
    XIVO_ASSERT(context_ != nullptr);
    std::array<std::uint64_t, kKeyWords> key{};
    for (std::uint64_t& word : key) word = rng.next();
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                     OSSL_PARAM_construct_end()};
    XIVO_ASSERT(EVP_MAC_init(context_.get(), reinterpret_cast<const unsigned char*>(key.data()), sizeof key,
                             parameters) == 1);
  }

  std::array<unsigned char, kSignatureBytes> sign(const NonceBytes& bytes, const IpAddress& holder) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> whole;
    std::size_t size = 0;
    XIVO_ASSERT(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);  // the key stays
    XIVO_ASSERT(EVP_MAC_update(context_.get(), bytes.data(), kSignedBytes) == 1);
    XIVO_ASSERT(EVP_MAC_update(context_.get(), holder.bytes().data(), holder.bytes().size()) == 1);
    XIVO_ASSERT(EVP_MAC_final(context_.get(), whole.data(), &size, whole.size()) == 1 &&
                size >= kSignatureBytes);
    std::array<unsigned char, kSignatureBytes> cut;
    std::memcpy(cut.data(), whole.data(), kSignatureBytes);
    return cut;
  }

 private:
  std::unique_ptr<EVP_MAC_CTX, FreeMac> context_;
};

NonceBook::NonceBook(const runtime::Scheduler& scheduler)
    : scheduler_(scheduler),
      start_(scheduler.clock.now()),
      signer_(std::make_unique<Signer>(scheduler.rng)),
      book_(static_cast<std::uint32_t>(scheduler.rng.next())) {}

NonceBook::~NonceBook() = default;
NonceBook::NonceBook(NonceBook&&) noexcept = default;

std::string NonceBook::issue(const IpAddress& to) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(scheduler_.clock.now() - start_);
  NonceBytes bytes{};
  put(bytes, kBookAt, book_);
  put(bytes, kTimeAt, static_cast<std::uint32_t>(age.count()));
  put(bytes, kNumberAt, next_number_++);
  const auto signature = signer_->sign(bytes, to);
  std::memcpy(bytes.data() + kSignedBytes, signature.data(), kSignatureBytes);
  return text::hex(bytes.data(), bytes.size());
}

NonceBook::Read NonceBook::read(std::string_view nonce, const IpAddress& from) const {
  NonceBytes bytes{};
  if (!from_hex(nonce, bytes)) return {NonceState::Forged};
  if (get<std::uint32_t>(bytes, kBookAt) != book_) return {NonceState::Stale};
  const auto signature = signer_->sign(bytes, from);
  const std::string_view claimed(reinterpret_cast<const char*>(bytes.data()) + kSignedBytes, kSignatureBytes);
  if (!equal_constant_time(claimed, {reinterpret_cast<const char*>(signature.data()), kSignatureBytes})) {
    return {NonceState::Forged};
  }
  const auto expires = start_ + std::chrono::seconds(get<std::uint32_t>(bytes, kTimeAt)) + kLifetime;
  if (scheduler_.clock.now() >= expires) return {NonceState::Stale};
  return {NonceState::Fresh, get<std::uint64_t>(bytes, kNumberAt), expires};
}

NonceState NonceBook::probe(std::string_view nonce, const IpAddress& from) const {
  return read(nonce, from).state;
}

NonceState NonceBook::check(std::string_view nonce, std::string_view nc, const IpAddress& from) {
  forget_old();
  const auto [state, number, expires] = read(nonce, from);
  if (state != NonceState::Fresh) return state;

  // Without qop there is no count: the nonce is used up by its first request.
  const auto count = nc.empty() ? std::optional(std::numeric_limits<std::uint32_t>::max()) : parse_nc(nc);
  const auto known = last_nc_.find(number);
  if (known == last_nc_.end() && number <= pushed_out_) return NonceState::Stale;
  if (!count || *count == 0) return NonceState::Replayed;
  if (known != last_nc_.end()) {
    if (nc.empty() || *count <= known->second) return NonceState::Replayed;
    known->second = *count;
    return NonceState::Fresh;
  }
  if (last_nc_.size() == kTrackedMax) {
    pushed_out_ = std::max(pushed_out_, order_.front().number);
    last_nc_.erase(order_.front().number);
    order_.pop_front();
  }
  last_nc_.emplace(number, *count);
  order_.push_back({number, expires});
  return NonceState::Fresh;
}

/// Entries stand in the order of their first use, not of their end: one may stay up to a lifetime longer than needed.
void NonceBook::forget_old() {
  const runtime::Instant now = scheduler_.clock.now();
  while (!order_.empty() && now >= order_.front().expires) {
    last_nc_.erase(order_.front().number);
    order_.pop_front();
  }
}

}  // namespace xivo::sip::digest
