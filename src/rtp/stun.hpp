#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/address.hpp"
#include "base/result.hpp"
#include "rtp/bytes.hpp"

namespace xivo::rtp {

inline constexpr std::size_t kStunHeaderSize = 20;
inline constexpr std::uint16_t kStunBinding = 1;

/// Source  RFC 8489 §5
enum class StunClass : std::uint8_t { Request, Indication, Success, Error };

/// Attributes that we read or write; those below 0x8000 must be understood.             RFC 8489 §14, §18.3, RFC 8445 §16.1
enum class StunAttribute : std::uint16_t {
  Username = 0x0006,
  MessageIntegrity = 0x0008,
  ErrorCode = 0x0009,
  UnknownAttributes = 0x000a,
  XorMappedAddress = 0x0020,
  Priority = 0x0024,
  UseCandidate = 0x0025,
  Fingerprint = 0x8028,
  IceControlled = 0x8029,
  IceControlling = 0x802a,
};

/// A STUN message as it came: views into its bytes. What follows MESSAGE-INTEGRITY is not believed, FINGERPRINT excepted.
/// Of an attribute that comes twice the first counts.
struct StunMessage {
  static constexpr std::size_t kUnknownMax = 8;

  StunClass kind = StunClass::Request;
  std::uint16_t method = 0;
  Bytes transaction;  // 12 octets
  std::string_view username;  // empty: none came
  std::optional<std::uint32_t> priority;
  bool use_candidate = false;
  std::optional<std::uint64_t> controlling;  // the tie-breaker of a far side that controls
  std::optional<std::uint64_t> controlled;
  std::optional<SocketAddress> mapped;  // XOR-MAPPED-ADDRESS of an answer
  std::uint16_t error = 0;  // of an error: 401 and the like
  /// Attributes that must be understood and are not; more than kUnknownMax are not told apart.
  std::array<std::uint16_t, kUnknownMax> unknown{};
  std::size_t unknown_count = 0;
  Bytes bytes;
  std::size_t integrity_at = 0;  // where MESSAGE-INTEGRITY begins; 0: it has none

  [[nodiscard]] bool is_binding(StunClass wanted) const { return method == kStunBinding && kind == wanted; }
  /// Whether MESSAGE-INTEGRITY was made with this password (short-term credentials). Constant time in what it compares.
  /// Source  RFC 8489 §9.1.3, §14.5
  [[nodiscard]] bool authentic(std::string_view password) const noexcept;
};

/// Reads a whole datagram. Strict: the length must fit, attributes must fill it, a FINGERPRINT must be right and last.
/// Source  RFC 8489 §5, §6.3, §14
Result<StunMessage> parse_stun(Bytes datagram) noexcept;

/// Writes one message into a buffer of the caller's; what does not fit makes ok() false.
class StunWriter {
 public:
  /// Begins the message. `transaction`: 12 octets.
  StunWriter(WritableBytes out, StunClass kind, Bytes transaction) noexcept;

  void username(std::string_view name) noexcept;
  void priority(std::uint32_t value) noexcept;
  void use_candidate() noexcept;
  void controlling(std::uint64_t tie_breaker) noexcept;
  void mapped(const SocketAddress& address) noexcept;
  void error(std::uint16_t code, std::string_view reason) noexcept;
  void unknown_attributes(std::span<const std::uint16_t> types) noexcept;
  void attribute(std::uint16_t type, Bytes value) noexcept;
  /// In this order, and last.                                                              RFC 8489 §14.5, §14.7
  void integrity(std::string_view password) noexcept;
  void fingerprint() noexcept;

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] Bytes written() const { return ok_ ? Bytes(out_.first(size_)) : Bytes(); }

 private:
  WritableBytes room(std::uint16_t type, std::size_t size) noexcept;
  void set_length(std::size_t size) noexcept;

  WritableBytes out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

/// Large enough for every answer below.
inline constexpr std::size_t kStunAnswerMax = 128;

/// The answer to a binding request from `from`, protected by our password; empty when `out` is too small.
/// Source  RFC 8489 §6.3.1.1, RFC 8445 §7.3
Bytes write_binding_success(WritableBytes out, const StunMessage& request, const SocketAddress& from,
                            std::string_view password) noexcept;
/// A refusal: 400, 401 or 420 (with what was not understood). 400 and 401 cannot be protected: `password` is empty.
/// Source  RFC 8489 §6.3.1, §9.1.3
Bytes write_binding_error(WritableBytes out, const StunMessage& request, std::uint16_t code,
                          std::string_view password) noexcept;

}  // namespace xivo::rtp
