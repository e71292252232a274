#pragma once

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/address.hpp"
#include "base/ip_network.hpp"
#include "runtime/clock.hpp"

namespace xivo::sip {

/// Which of our addresses a peer sees. The kernel is asked once a minute per peer, never per message.
/// Thread  the loop's
class LocalAddresses {
 public:
  static constexpr std::size_t kCachedMax = 4'096;
  static constexpr auto kCachedFor = std::chrono::seconds(60);  // routes change

  explicit LocalAddresses(const runtime::Clock& clock) : clock_(clock) {}

  static constexpr std::size_t kNetworksMax = 64;

  /// The address that peers outside see, one of each family.
  void set_advertised(const IpAddress& external) { advertised_[external.is_v4() ? 0 : 1] = external; }
  /// Peers in there see us without a NAT between, beside those with private addresses. Beyond kNetworksMax nothing is added.
  void add_local(const IpNetwork& network) {
    if (networks_.size() < kNetworksMax) networks_.push_back(network);
  }

  [[nodiscard]] bool is_advertised(const IpAddress& ip) const {
    return advertised_[0] == ip || advertised_[1] == ip;
  }

  /// The one of the sockets bound to `bound` that can reach `remote`, as an address that is never a wildcard. Nothing when
  /// none is of its family.
  std::optional<SocketAddress> towards(const IpAddress& remote, const std::vector<SocketAddress>& bound);
  /// What Via and Contact say to `remote`: `local`, or the address before our NAT.
  [[nodiscard]] SocketAddress shown(const SocketAddress& local, const IpAddress& remote) const;

 private:
  struct Cached {
    IpAddress local;
    runtime::Instant until;
  };
  IpAddress routed(const IpAddress& remote);

  const runtime::Clock& clock_;
  std::array<std::optional<IpAddress>, 2> advertised_;  // IPv4, IPv6
  std::vector<IpNetwork> networks_;
  std::unordered_map<IpAddress, Cached> cached_;
};

}  // namespace xivo::sip
