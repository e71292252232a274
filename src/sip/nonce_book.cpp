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
  explicit Signer(const std::array<std::uint64_t, 4>& key) {
    static const std::unique_ptr<EVP_MAC, FreeMac> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    XIVO_ASSERT(hmac != nullptr);
    context_.reset(EVP_MAC_CTX_new(hmac.get()));
    XIVO_ASSERT(context_ != nullptr);
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

// ---------------------------------------------------------------------------------------------------- what was used

NonceLedger::NonceLedger(const runtime::Scheduler& scheduler)
    : key_{scheduler.rng.next(), scheduler.rng.next(), scheduler.rng.next(), scheduler.rng.next()},
      start_(scheduler.clock.now()),
      book_(static_cast<std::uint32_t>(scheduler.rng.next())) {}

std::size_t NonceLedger::tracked() {
  return uses_.with([](const Uses& uses) { return uses.last_nc.size(); });
}

NonceState NonceLedger::count(std::uint64_t number, runtime::Instant expires, const Count& count,
                              runtime::Instant now) {
  const auto& nc = count.value;
  return uses_.with([&](Uses& uses) {
    // Entries stand in the order of their first use, not of their end: one may stay up to a lifetime longer than needed.
    while (!uses.order.empty() && now >= uses.order.front().expires) {
      uses.last_nc.erase(uses.order.front().number);
      uses.order.pop_front();
    }
    const auto known = uses.last_nc.find(number);
    if (known == uses.last_nc.end() && number <= uses.pushed_out) return NonceState::Stale;
    if (!nc || *nc == 0) return NonceState::Replayed;
    if (known != uses.last_nc.end()) {
      if (count.once || *nc <= known->second) return NonceState::Replayed;
      known->second = *nc;
      return NonceState::Fresh;
    }
    if (uses.last_nc.size() == kTrackedMax) {
      uses.pushed_out = std::max(uses.pushed_out, uses.order.front().number);
      uses.last_nc.erase(uses.order.front().number);
      uses.order.pop_front();
    }
    uses.last_nc.emplace(number, *nc);
    uses.order.push_back({number, expires});
    return NonceState::Fresh;
  });
}

// ---------------------------------------------------------------------------------------------------- a shard's book

NonceBook::NonceBook(const runtime::Scheduler& scheduler, std::shared_ptr<NonceLedger> ledger)
    : scheduler_(scheduler), ledger_(std::move(ledger)), signer_(std::make_unique<Signer>(ledger_->key_)) {}

NonceBook::~NonceBook() = default;
NonceBook::NonceBook(NonceBook&&) noexcept = default;

std::string NonceBook::issue(const IpAddress& to) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(scheduler_.clock.now() - ledger_->start_);
  NonceBytes bytes{};
  put(bytes, kBookAt, ledger_->book_);
  put(bytes, kTimeAt, static_cast<std::uint32_t>(age.count()));
  put(bytes, kNumberAt, ledger_->next_number_.fetch_add(1, std::memory_order_relaxed));
  const auto signature = signer_->sign(bytes, to);
  std::memcpy(bytes.data() + kSignedBytes, signature.data(), kSignatureBytes);
  return text::hex(bytes.data(), bytes.size());
}

NonceBook::Probe NonceBook::probe(std::string_view nonce, const IpAddress& from) const {
  NonceBytes bytes{};
  if (!from_hex(nonce, bytes)) return {NonceState::Forged};
  if (get<std::uint32_t>(bytes, kBookAt) != ledger_->book_) return {NonceState::Stale};
  const auto signature = signer_->sign(bytes, from);
  const std::string_view claimed(reinterpret_cast<const char*>(bytes.data()) + kSignedBytes, kSignatureBytes);
  if (!equal_constant_time(claimed, {reinterpret_cast<const char*>(signature.data()), kSignatureBytes})) {
    return {NonceState::Forged};
  }
  const auto expires = ledger_->start_ + std::chrono::seconds(get<std::uint32_t>(bytes, kTimeAt)) + kLifetime;
  if (scheduler_.clock.now() >= expires) return {NonceState::Stale};
  return {NonceState::Fresh, get<std::uint64_t>(bytes, kNumberAt), expires};
}

NonceState NonceBook::check(const Probe& probed, std::string_view nc) {
  if (probed.state != NonceState::Fresh) return probed.state;
  const auto count = nc.empty() ? NonceLedger::Count{std::numeric_limits<std::uint32_t>::max(), true}
                                : NonceLedger::Count{parse_nc(nc)};
  return ledger_->count(probed.number, probed.expires, count, scheduler_.clock.now());
}

}  // namespace xivo::sip::digest
