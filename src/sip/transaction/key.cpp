#include "sip/transaction/key.hpp"

#include <bit>
#include <cstring>

#include "base/text.hpp"

namespace xivo::sip {
namespace {

constexpr std::string_view kCookie = "z9hG4bK";  // RFC 3261 §8.1.1.7

/// What a key is about, so that keys of different sorts never meet in one table.
enum class Sort : std::uint64_t { Server = 1, ServerBeforeRfc3261, Merged, Client, Tag };

/// SipHash-2-4 with 128 bits of output over a sequence of words; a text is its size and then its bytes, padded with zeros.
/// Source  Aumasson and Bernstein, "SipHash: a fast short-input PRF"
class SipHash {
 public:
  SipHash(std::uint64_t k0, std::uint64_t k1)
      : v0_(k0 ^ 0x736f6d6570736575u),
        v1_(k1 ^ 0x646f72616e646f6du ^ 0xee),
        v2_(k0 ^ 0x6c7967656e657261u),
        v3_(k1 ^ 0x7465646279746573u) {}

  SipHash& add(std::uint64_t word) {
    v3_ ^= word;
    rounds(2);
    v0_ ^= word;
    ++words_;
    return *this;
  }

  SipHash& add(std::string_view text) {
    add(text.size());
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t word = 0;
    for (; left >= 8; at += 8, left -= 8) {
      std::memcpy(&word, at, 8);
      add(word);
    }
    if (left == 0) return *this;
    word = 0;
    std::memcpy(&word, at, left);
    return add(word);
  }

  TransactionKey finish() {
    add(words_ << 59);  // the length modulo 256 bytes in the highest byte
    TransactionKey key;
    v2_ ^= 0xee;
    rounds(4);
    key.low = v0_ ^ v1_ ^ v2_ ^ v3_;
    v1_ ^= 0xdd;
    rounds(4);
    key.high = v0_ ^ v1_ ^ v2_ ^ v3_;
    return key;
  }

 private:
  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0_ += v1_;
      v1_ = std::rotl(v1_, 13) ^ v0_;
      v0_ = std::rotl(v0_, 32);
      v2_ += v3_;
      v3_ = std::rotl(v3_, 16) ^ v2_;
      v0_ += v3_;
      v3_ = std::rotl(v3_, 21) ^ v0_;
      v2_ += v1_;
      v1_ = std::rotl(v1_, 17) ^ v2_;
      v2_ = std::rotl(v2_, 32);
    }
  }

  std::uint64_t v0_, v1_, v2_, v3_;
  std::uint64_t words_ = 0;
};

std::string_view transaction_method(const Message& request) {
  const bool about_invite = request.method() == Method::Ack || request.method() == Method::Cancel;
  return about_invite ? name(Method::Invite) : request.method_text();
}

/// The cookie alone identifies nothing (RFC 4475 §3.2.1).
bool identifies(std::string_view branch) {
  return branch.size() > kCookie.size() && branch.substr(0, kCookie.size()) == kCookie;
}

}  // namespace

TransactionKey KeyMaker::server(const Message& request) const {
  const Via& via = request.top_via();
  SipHash hash(k0_, k1_);
  if (identifies(via.branch)) {
    hash.add(static_cast<std::uint64_t>(Sort::Server)).add(via.branch).add(via.host).add(via.port);
    return hash.add(transaction_method(request)).finish();
  }
  // The To tag is left out: an ACK has the one of our answer, which the INVITE could not have.
  hash.add(static_cast<std::uint64_t>(Sort::ServerBeforeRfc3261)).add(request.request_uri_text());
  hash.add(request.from().tag()).add(request.call_id()).add(request.cseq().number).add(via.text);
  return hash.add(transaction_method(request)).finish();
}

TransactionKey KeyMaker::merged(const Message& request) const {
  SipHash hash(k0_, k1_);
  hash.add(static_cast<std::uint64_t>(Sort::Merged)).add(request.from().tag()).add(request.call_id());
  return hash.add(request.cseq().number).add(request.method_text()).finish();
}

TransactionKey KeyMaker::client(std::string_view branch, std::string_view method) const {
  SipHash hash(k0_, k1_);
  return hash.add(static_cast<std::uint64_t>(Sort::Client)).add(branch).add(method).finish();
}

std::string KeyMaker::stateless_tag(const Message& request) const {
  SipHash hash(k0_, k1_);
  hash.add(static_cast<std::uint64_t>(Sort::Tag)).add(request.from().tag()).add(request.call_id());
  const auto key = hash.add(request.cseq().number).finish();
  return text::hex(&key.low, sizeof key.low);
}

}  // namespace xivo::sip
