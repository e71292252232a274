#include "sip/wire/local_addresses.hpp"

#include "runtime/socket.hpp"

namespace xivo::sip {
namespace {

IpAddress loopback(bool v4) {
  if (v4) return IpAddress::v4(0x7f000001);
  std::array<std::uint8_t, 16> one{};
  one[15] = 1;
  return IpAddress::v6(one);
}

/// The source address that the kernel's routing gives; connecting a datagram socket sends nothing.
IpAddress ask_kernel(const IpAddress& remote) {
  constexpr std::uint16_t kAnyPort = 5060;
  const runtime::KernelAddress address({remote, kAnyPort});
  const runtime::Fd fd(socket(address.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || connect(fd.get(), address.get(), address.size) != 0) return loopback(remote.is_v4());
  return runtime::local_address(fd.get()).ip;
}

}  // namespace

IpAddress LocalAddresses::routed(const IpAddress& remote) {
  const auto now = clock_.now();
  if (const auto known = cached_.find(remote); known != cached_.end() && now < known->second.until) {
    return known->second.local;
  }
  if (cached_.size() >= kCachedMax) cached_.clear();
  const auto local = ask_kernel(remote);
  cached_.insert_or_assign(remote, Cached{local, now + kCachedFor});
  return local;
}

std::optional<SocketAddress> LocalAddresses::towards(const IpAddress& remote,
                                                     const std::vector<SocketAddress>& bound) {
  const SocketAddress* only = nullptr;
  std::size_t candidates = 0;
  for (const auto& address : bound) {
    // A wildcard of IPv4 is an IPv4-mapped address, too.
    if (address.ip.is_v4() != remote.is_v4()) continue;
    if (only == nullptr) only = &address;
    ++candidates;
  }
  if (only == nullptr) return std::nullopt;
  if (candidates == 1 && !only->ip.is_unspecified()) return *only;
  const auto local = routed(remote);
  const SocketAddress* wildcard = nullptr;
  for (const auto& address : bound) {
    if (address.ip == local) return address;
    if (address.ip.is_v4() == remote.is_v4() && address.ip.is_unspecified()) wildcard = &address;
  }
  return wildcard != nullptr ? SocketAddress{local, wildcard->port} : *only;
}

SocketAddress LocalAddresses::shown(const SocketAddress& local, const IpAddress& remote) const {
  const auto& external = advertised_[remote.is_v4() ? 0 : 1];
  if (!external || remote.is_private()) return local;
  for (const auto& network : networks_) {
    if (network.contains(remote)) return local;
  }
  return {*external, local.port};
}

}  // namespace xivo::sip
