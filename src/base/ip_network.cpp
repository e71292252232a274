#include "base/ip_network.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace xivo {
namespace {

constexpr unsigned kMappedBits = 96;  // what stands before an IPv4 address in its 16-byte form
constexpr unsigned kAllBits = 128;

}  // namespace

IpNetwork IpNetwork::cut(const IpAddress& address, unsigned prefix) {
  auto bytes = address.bytes();
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = prefix <= i * 8 ? 0 : prefix - i * 8;
    if (kept < 8) bytes[i] &= static_cast<std::uint8_t>(0xff00u >> kept);
  }
  return {IpAddress::v6(bytes), static_cast<std::uint8_t>(prefix)};
}

IpNetwork IpNetwork::of(const IpAddress& address, unsigned bits) {
  return cut(address, std::min(bits + (address.is_v4() ? kMappedBits : 0), kAllBits));
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return host(*address);
  const auto bits = text::parse_decimal<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > (address->is_v4() ? 32U : kAllBits)) return std::nullopt;
  return of(*address, *bits);
}

bool IpNetwork::contains(const IpAddress& ip) const {
  return ip.is_v4() == address.is_v4() && cut(ip, prefix) == *this;
}

std::string IpNetwork::to_string() const {
  if (prefix == kAllBits) return address.to_string();
  const bool v4 = address.is_v4() && prefix >= kMappedBits;
  return address.to_string() + "/" + std::to_string(v4 ? prefix - kMappedBits : prefix);
}

}  // namespace xivo
