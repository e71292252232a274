#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace xivo {

/// An IPv4 or IPv6 address without a port. IPv4 is kept as its IPv6-mapped form, so comparing is one memcmp.
class IpAddress {
 public:
  IpAddress() = default;  // "::", unspecified
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v6(const std::array<std::uint8_t, 16>& bytes);
  /// "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; no names, no scope ids.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_unspecified() const;  // 0.0.0.0 or ::
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_private() const;  // RFC 1918, 6598, 3927, 4193, loopback
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t v4_host_order() const;
  [[nodiscard]] std::string to_string() const;      // "192.0.2.1" or "2001:db8::1"
  [[nodiscard]] std::string to_uri_host() const;    // the same, IPv6 in brackets

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// An address and a port.
struct SocketAddress {
  IpAddress ip;
  std::uint16_t port = 0;

  /// "192.0.2.1:5060" or "[2001:db8::1]:5060"; the port is required.
  static std::optional<SocketAddress> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const SocketAddress&) const = default;
};

}  // namespace xivo

template <>
struct std::hash<xivo::IpAddress> {
  std::size_t operator()(const xivo::IpAddress& a) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(a.bytes().data()), 16});
  }
};
template <>
struct std::hash<xivo::SocketAddress> {
  std::size_t operator()(const xivo::SocketAddress& a) const noexcept {
    return std::hash<xivo::IpAddress>{}(a.ip) * 31 + a.port;
  }
};
