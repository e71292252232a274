#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.hpp"

namespace xivo {

/// An address with the length of its network part. Addresses of one network differ only behind it; those bits are zero here.
struct IpNetwork {
  IpAddress address;
  std::uint8_t prefix = 128;  // bits of the 16-byte form: an IPv4 /24 is kept as 120

  /// Shape   bits: of the address's own family
  static IpNetwork of(const IpAddress& address, unsigned bits);
  /// Shape   prefix: of the 16-byte form
  static IpNetwork cut(const IpAddress& address, unsigned prefix);
  /// The one address alone.
  static IpNetwork host(const IpAddress& address) { return {address, 128}; }
  /// What one stranger holds: an IPv4 address, or the /64 around an IPv6 address.
  static IpNetwork holder(const IpAddress& address) { return of(address, address.is_v4() ? 32 : 64); }
  /// "203.0.113.9", "203.0.113.0/24", "2001:db8::/32"; bits behind the prefix are cleared.
  static std::optional<IpNetwork> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& ip) const;
  /// Without the prefix when it is one address.
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const IpNetwork&) const = default;
};

}  // namespace xivo

template <>
struct std::hash<xivo::IpNetwork> {
  std::size_t operator()(const xivo::IpNetwork& n) const noexcept {
    return std::hash<xivo::IpAddress>{}(n.address) * 131 + n.prefix;
  }
};
