#include "base/ip_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace xivo {
namespace {
constexpr unsigned kMapped = 96;  // bits before the IPv4 address in its IPv6-mapped form
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = IpAddress::parse(text.substr(0, slash));
  if (!first) return std::nullopt;
  const unsigned widest = first->is_v4() ? 32 : 128;
  auto prefix = widest;
  if (slash != std::string_view::npos) {
    const auto said = text::parse_decimal<unsigned>(text.substr(slash + 1));
    if (!said || *said > widest) return std::nullopt;
    prefix = *said;
  }
  IpNetwork network;
  network.first_ = *first;
  network.prefix_ = prefix + (first->is_v4() ? kMapped : 0);
  for (unsigned bit = network.prefix_; bit < 128; ++bit) {
    if (((first->bytes()[bit / 8] >> (7 - bit % 8)) & 1) != 0) return std::nullopt;
  }
  return network;
}

bool IpNetwork::contains(const IpAddress& ip) const {
  if (ip.is_v4() != first_.is_v4()) return false;
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned bits = prefix_ <= i * 8 ? 0 : std::min(8u, prefix_ - i * 8);
    const auto mask = static_cast<std::uint8_t>(0xff00u >> bits);
    if (((ip.bytes()[i] ^ first_.bytes()[i]) & mask) != 0) return false;
  }
  return true;
}

std::string IpNetwork::to_string() const {
  return fmt::format("{}/{}", first_.to_string(), prefix_ - (first_.is_v4() ? kMapped : 0));
}

}  // namespace xivo
