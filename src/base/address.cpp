#include "base/address.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "base/text.hpp"

namespace xivo {
namespace {
constexpr std::uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress a;
  std::memcpy(a.bytes_.data(), kMappedPrefix, 12);
  for (int i = 0; i < 4; ++i) a.bytes_[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return a;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) {
  IpAddress a;
  a.bytes_ = bytes;
  return a;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const bool bracketed = text.size() >= 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  char copy[INET6_ADDRSTRLEN + 1];
  if (text.empty() || text.size() >= sizeof copy) return std::nullopt;
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = 0;
  if (std::strlen(copy) != text.size()) return std::nullopt;  // an embedded NUL
  if (in_addr four{}; !bracketed && inet_pton(AF_INET, copy, &four) == 1) return v4(ntohl(four.s_addr));
  std::array<std::uint8_t, 16> six{};
  if (inet_pton(AF_INET6, copy, six.data()) == 1) return v6(six);
  return std::nullopt;
}

bool IpAddress::is_v4() const { return std::memcmp(bytes_.data(), kMappedPrefix, 12) == 0; }

bool IpAddress::is_unspecified() const {
  static constexpr std::array<std::uint8_t, 16> kZero{};
  return bytes_ == kZero || *this == v4(0);
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  std::array<std::uint8_t, 16> one{};
  one[15] = 1;
  return bytes_ == one;
}

bool IpAddress::is_private() const {
  if (is_loopback()) return true;
  if (!is_v4()) return (bytes_[0] & 0xfe) == 0xfc || (bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80);
  const auto a = v4_host_order();
  return (a >> 24) == 10 || (a >> 20) == 0xac1 || (a >> 16) == 0xc0a8 || (a >> 16) == 0xa9fe ||
         (a >> 22) == (0x64400000u >> 22);
}

std::uint32_t IpAddress::v4_host_order() const {
  return (std::uint32_t{bytes_[12]} << 24) | (std::uint32_t{bytes_[13]} << 16) |
         (std::uint32_t{bytes_[14]} << 8) | bytes_[15];
}

// Each message names addresses; inet_ntop() would go through printf for each.
std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN];
  if (!is_v4()) return inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
  char* at = text;
  for (std::size_t i = 12; i < bytes_.size(); ++i) {
    if (i > 12) *at++ = '.';
    at = std::to_chars(at, text + sizeof text, bytes_[i]).ptr;
  }
  return {text, at};
}

std::string IpAddress::to_uri_host() const { return is_v4() ? to_string() : "[" + to_string() + "]"; }

std::optional<SocketAddress> SocketAddress::parse(std::string_view s) {
  const auto colon = s.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto host = s.substr(0, colon);
  if (host.find(':') != std::string_view::npos && host.front() != '[') return std::nullopt;
  const auto ip = IpAddress::parse(host);
  const auto port = text::parse_decimal<std::uint16_t>(s.substr(colon + 1));
  if (!ip || !port) return std::nullopt;
  return SocketAddress{*ip, *port};
}

std::string SocketAddress::to_string() const { return ip.to_uri_host() + ":" + std::to_string(port); }

}  // namespace xivo
