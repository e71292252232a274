// RFC 8489: STUN messages, as far as the connectivity checks of ICE (RFC 8445 §7) need them.
#include "rtp/stun.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace xivo::rtp {
namespace {

constexpr std::uint32_t kCookie = 0x2112a442;
constexpr std::size_t kTransactionSize = 12;
constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kIntegritySize = 20;
constexpr std::size_t kFingerprintSize = 4;
constexpr std::uint32_t kFingerprintMask = 0x5354554e;  // "STUN"
constexpr std::size_t kUsernameMax = 508;  // RFC 8489 §14.3
constexpr std::uint16_t kMustUnderstandBelow = 0x8000;
constexpr std::uint16_t kFamily4 = 1;
constexpr std::uint16_t kFamily6 = 2;

// Of RFC 8489 and without a meaning in a check of ICE: understood, and nothing follows from them. MAPPED-ADDRESS, REALM,
// NONCE, MESSAGE-INTEGRITY-SHA256, PASSWORD-ALGORITHM, USERHASH.
constexpr std::array<std::uint16_t, 6> kWithoutMeaning = {0x0001, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e};

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    table[i] = crc;
  }
  return table;
}
constexpr auto kCrcTable = crc_table();

/// ITU-T V.42
std::uint32_t crc32(Bytes bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const auto octet : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ octet) & 0xff];
  return ~crc;
}

using Digest = std::array<std::uint8_t, kIntegritySize>;

/// Over the message up to the attribute, with a length in its header that counts the attribute in.       RFC 8489 §14.5
bool integrity_of(Bytes message, std::size_t at, std::string_view password, Digest& digest) {
  if (password.empty() || password.size() > std::numeric_limits<std::uint16_t>::max()) return false;
  std::array<std::uint8_t, 2048> copy;
  if (at > copy.size()) return false;
  std::memcpy(copy.data(), message.data(), at);
  write16(copy, 2, static_cast<std::uint16_t>(at + kAttributeHeader + kIntegritySize - kStunHeaderSize));
  unsigned size = 0;
  return HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), copy.data(), at, digest.data(),
              &size) != nullptr &&
         size == digest.size();
}

/// The mask of XOR-MAPPED-ADDRESS is the message's octets 4 to 19: cookie and transaction.
std::optional<SocketAddress> read_mapped(Bytes value, Bytes message) {
  if (value.size() < 8) return std::nullopt;
  const auto family = value[1];
  const auto port = static_cast<std::uint16_t>(read16(value, 2) ^ (kCookie >> 16));
  if (family == kFamily4 && value.size() == 8)
    return SocketAddress{IpAddress::v4(read32(value, 4) ^ kCookie), port};
  if (family != kFamily6 || value.size() != 20) return std::nullopt;
  std::array<std::uint8_t, 16> ip;
  for (std::size_t i = 0; i < ip.size(); ++i)
    ip[i] = static_cast<std::uint8_t>(value[4 + i] ^ message[4 + i]);
  return SocketAddress{IpAddress::v6(ip), port};
}

void note_unknown(StunMessage& message, std::uint16_t type) {
  if (type >= kMustUnderstandBelow) return;
  if (std::find(kWithoutMeaning.begin(), kWithoutMeaning.end(), type) != kWithoutMeaning.end()) return;
  if (message.unknown_count < message.unknown.size()) message.unknown[message.unknown_count++] = type;
}

Result<void> read_number(Bytes value, std::optional<std::uint64_t>& into) {
  if (value.size() != 8) return fail("stun tie-breaker has a wrong size");
  if (!into) into = read64(value, 0);
  return {};
}

/// One attribute before MESSAGE-INTEGRITY.
Result<void> read_attribute(StunMessage& message, std::uint16_t type, Bytes value) {
  switch (static_cast<StunAttribute>(type)) {
    case StunAttribute::Username:
      if (value.empty() || value.size() > kUsernameMax) return fail("stun username has a wrong size");
      if (message.username.empty())
        message.username = {reinterpret_cast<const char*>(value.data()), value.size()};
      return {};
    case StunAttribute::Priority:
      if (value.size() != 4) return fail("stun priority has a wrong size");
      if (!message.priority) message.priority = read32(value, 0);
      return {};
    case StunAttribute::UseCandidate: message.use_candidate = true; return {};
    case StunAttribute::IceControlling: return read_number(value, message.controlling);
    case StunAttribute::IceControlled: return read_number(value, message.controlled);
    case StunAttribute::XorMappedAddress:
      if (!message.mapped) message.mapped = read_mapped(value, message.bytes);
      return {};
    case StunAttribute::ErrorCode:
      if (value.size() < 4) return fail("stun error is cut");
      if (message.error == 0)
        message.error = static_cast<std::uint16_t>((value[2] & 7) * 100 + value[3] % 100);
      return {};
    case StunAttribute::UnknownAttributes: return {};
    case StunAttribute::MessageIntegrity:
    case StunAttribute::Fingerprint: break;
  }
  note_unknown(message, type);
  return {};
}

Result<void> check_fingerprint(Bytes datagram, std::size_t at, std::size_t size) {
  if (size != kFingerprintSize || at + kAttributeHeader + size != datagram.size())
    return fail("stun fingerprint is not last", static_cast<std::int64_t>(at));
  if (read32(datagram, at + kAttributeHeader) != (crc32(datagram.first(at)) ^ kFingerprintMask))
    return fail("stun fingerprint is wrong");
  return {};
}

Result<void> read_attributes(StunMessage& message) {
  const auto datagram = message.bytes;
  for (std::size_t at = kStunHeaderSize; at < datagram.size();) {
    if (datagram.size() - at < kAttributeHeader)
      return fail("stun attribute is cut", static_cast<std::int64_t>(at));
    const auto type = read16(datagram, at);
    const std::size_t size = read16(datagram, at + 2);
    if (padded(size) > datagram.size() - at - kAttributeHeader)
      return fail("stun attribute exceeds the message", static_cast<std::int64_t>(at));
    Result<void> read;
    if (type == static_cast<std::uint16_t>(StunAttribute::Fingerprint)) {
      read = check_fingerprint(datagram, at, size);
    } else if (message.integrity_at != 0) {
      // Nobody vouches for it.
    } else if (type == static_cast<std::uint16_t>(StunAttribute::MessageIntegrity)) {
      if (size != kIntegritySize) return fail("stun integrity has a wrong size");
      message.integrity_at = at;
    } else {
      read = read_attribute(message, type, datagram.subspan(at + kAttributeHeader, size));
    }
    if (!read) return read;
    at += kAttributeHeader + padded(size);
  }
  return {};
}

}  // namespace

Result<StunMessage> parse_stun(Bytes datagram) noexcept {
  if (datagram.size() < kStunHeaderSize) return fail("shorter than a stun header");
  const auto type = read16(datagram, 0);
  if (type >= 0x4000) return fail("not stun");
  if (read32(datagram, 4) != kCookie) return fail("no stun cookie");
  const std::size_t length = read16(datagram, 2);
  if (length % 4 != 0 || length != datagram.size() - kStunHeaderSize)
    return fail("stun length does not fit", static_cast<std::int64_t>(length));
  StunMessage message;
  message.kind = static_cast<StunClass>(((type >> 4) & 1) | ((type >> 7) & 2));
  message.method =
      static_cast<std::uint16_t>((type & 0x000f) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0f80));
  message.bytes = datagram;
  message.transaction = datagram.subspan(8, kTransactionSize);
  if (auto read = read_attributes(message); !read) return Unexpected{read.error()};
  return message;
}

bool StunMessage::authentic(std::string_view password) const noexcept {
  Digest digest;
  if (integrity_at == 0 || !integrity_of(bytes, integrity_at, password, digest)) return false;
  return CRYPTO_memcmp(digest.data(), bytes.data() + integrity_at + kAttributeHeader, digest.size()) == 0;
}

// ------------------------------------------------------------------------------------------------ writing

StunWriter::StunWriter(WritableBytes out, StunClass kind, Bytes transaction) noexcept
    : out_(out), ok_(out.size() >= kStunHeaderSize && transaction.size() == kTransactionSize) {
  if (!ok_) return;
  const auto bits = static_cast<unsigned>(kind);
  write16(out_, 0, static_cast<std::uint16_t>(kStunBinding | ((bits & 1) << 4) | ((bits & 2) << 7)));
  write32(out_, 4, kCookie);
  std::memcpy(out_.data() + 8, transaction.data(), kTransactionSize);
  size_ = kStunHeaderSize;
  set_length(size_);
}

void StunWriter::set_length(std::size_t size) noexcept {
  write16(out_, 2, static_cast<std::uint16_t>(size - kStunHeaderSize));
}

WritableBytes StunWriter::room(std::uint16_t type, std::size_t size) noexcept {
  const auto whole = kAttributeHeader + padded(size);
  if (!ok_ || out_.size() - size_ < whole || size > std::numeric_limits<std::uint16_t>::max()) {
    ok_ = false;
    return {};
  }
  auto place = out_.subspan(size_, whole);
  std::fill(place.begin(), place.end(), std::uint8_t{0});
  write16(place, 0, type);
  write16(place, 2, static_cast<std::uint16_t>(size));
  size_ += whole;
  set_length(size_);
  return place.subspan(kAttributeHeader, size);
}

void StunWriter::attribute(std::uint16_t type, Bytes value) noexcept {
  const auto place = room(type, value.size());
  if (ok_) std::copy(value.begin(), value.end(), place.begin());
}

void StunWriter::username(std::string_view name) noexcept {
  attribute(static_cast<std::uint16_t>(StunAttribute::Username),
            {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
}

void StunWriter::priority(std::uint32_t value) noexcept {
  std::array<std::uint8_t, 4> octets;
  write32(octets, 0, value);
  attribute(static_cast<std::uint16_t>(StunAttribute::Priority), octets);
}

void StunWriter::use_candidate() noexcept {
  attribute(static_cast<std::uint16_t>(StunAttribute::UseCandidate), {});
}

void StunWriter::controlling(std::uint64_t tie_breaker) noexcept {
  std::array<std::uint8_t, 8> octets;
  write64(octets, 0, tie_breaker);
  attribute(static_cast<std::uint16_t>(StunAttribute::IceControlling), octets);
}

void StunWriter::mapped(const SocketAddress& address) noexcept {
  const bool v4 = address.ip.is_v4();
  const auto place = room(static_cast<std::uint16_t>(StunAttribute::XorMappedAddress), v4 ? 8 : 20);
  if (!ok_) return;
  place[1] = static_cast<std::uint8_t>(v4 ? kFamily4 : kFamily6);
  write16(place, 2, static_cast<std::uint16_t>(address.port ^ (kCookie >> 16)));
  const auto& ip = address.ip.bytes();
  const std::size_t skipped = v4 ? 12 : 0;
  for (std::size_t i = 0; i + skipped < ip.size(); ++i)
    place[4 + i] = static_cast<std::uint8_t>(ip[i + skipped] ^ out_[4 + i]);
}

void StunWriter::error(std::uint16_t code, std::string_view reason) noexcept {
  const auto place = room(static_cast<std::uint16_t>(StunAttribute::ErrorCode), 4 + reason.size());
  if (!ok_) return;
  place[2] = static_cast<std::uint8_t>(code / 100);
  place[3] = static_cast<std::uint8_t>(code % 100);
  std::memcpy(place.data() + 4, reason.data(), reason.size());
}

void StunWriter::unknown_attributes(std::span<const std::uint16_t> types) noexcept {
  const auto place = room(static_cast<std::uint16_t>(StunAttribute::UnknownAttributes), 2 * types.size());
  for (std::size_t i = 0; ok_ && i < types.size(); ++i) write16(place, 2 * i, types[i]);
}

void StunWriter::integrity(std::string_view password) noexcept {
  Digest digest;
  if (!ok_ || !integrity_of(out_.first(size_), size_, password, digest)) {
    ok_ = false;
    return;
  }
  attribute(static_cast<std::uint16_t>(StunAttribute::MessageIntegrity), digest);
}

void StunWriter::fingerprint() noexcept {
  const auto before = size_;
  const auto place = room(static_cast<std::uint16_t>(StunAttribute::Fingerprint), kFingerprintSize);
  if (ok_) write32(place, 0, crc32(out_.first(before)) ^ kFingerprintMask);
}

Bytes write_binding_success(WritableBytes out, const StunMessage& request, const SocketAddress& from,
                            std::string_view password) noexcept {
  StunWriter writer(out, StunClass::Success, request.transaction);
  writer.mapped(from);
  writer.integrity(password);
  writer.fingerprint();
  return writer.written();
}

Bytes write_binding_error(WritableBytes out, const StunMessage& request, std::uint16_t code,
                          std::string_view password) noexcept {
  StunWriter writer(out, StunClass::Error, request.transaction);
  writer.error(code, code == 400 ? "Bad Request" : code == 401 ? "Unauthenticated" : "Unknown Attribute");
  if (code == 420) writer.unknown_attributes(std::span(request.unknown).first(request.unknown_count));
  if (!password.empty()) writer.integrity(password);
  writer.fingerprint();
  return writer.written();
}

}  // namespace xivo::rtp
