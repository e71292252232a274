#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.hpp"
#include "runtime/scheduler.hpp"
#include "sip/flow.hpp"

namespace xivo::flow {

/// A network of datagrams on simulated time: every packet takes a while, and may be lost, doubled or overtaken.
class SimNetwork {
 public:
  struct Weather {
    unsigned loss_percent = 0;
    unsigned duplicate_percent = 0;
    runtime::Duration delay = std::chrono::milliseconds(1);
    runtime::Duration jitter{};  // added at random: packets overtake each other
  };
  using Receiver = std::function<void(const SocketAddress& from, const SocketAddress& to, std::string bytes)>;

  SimNetwork(const runtime::Scheduler& scheduler, std::uint64_t seed) : scheduler_(scheduler), rng_(seed) {}

  void set_weather(const Weather& weather) { weather_ = weather; }
  /// All packets to that address, whatever the port.
  void attach(const IpAddress& host, Receiver receiver) { hosts_[host] = std::move(receiver); }
  /// Packets to a host that is unplugged vanish.
  void detach(const IpAddress& host) { hosts_.erase(host); }
  /// Sees every packet when it is sent, also those that get lost.
  void set_tap(
      std::function<void(const SocketAddress& from, const SocketAddress& to, std::string_view)> tap) {
    tap_ = std::move(tap);
  }
  /// Nothing comes from or gets to that host any more.
  void unplug(const IpAddress& ip) {
    detach(ip);
    unplugged_.insert(ip);
  }
  void send(const SocketAddress& from, const SocketAddress& to, std::string_view bytes);
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }

 private:
  void deliver_later(const SocketAddress& from, const SocketAddress& to, std::string bytes);

  const runtime::Scheduler scheduler_;
  runtime::SeededRng rng_;
  Weather weather_;
  std::set<IpAddress> unplugged_;
  std::unordered_map<IpAddress, Receiver> hosts_;
  std::function<void(const SocketAddress&, const SocketAddress&, std::string_view)> tap_;
  std::uint64_t delivered_ = 0;
};

/// One host's SIP port on the simulated network.
class SimWire final : public sip::Wire {
 public:
  SimWire(SimNetwork& network, const SocketAddress& local) : network_(network), local_(local) {}

  /// Datagrams only: nobody takes a connection here.
  bool send(const sip::Flow& flow, std::string_view bytes) override {
    if (sip::is_reliable(flow.transport)) return false;
    network_.send(local_, flow.remote, bytes);
    return true;
  }
  sip::Flow flow_to(sip::Transport transport, const SocketAddress& remote) override {
    sip::Flow flow;
    flow.transport = transport;
    flow.local = local_;
    flow.remote = remote;
    return flow;
  }
  [[nodiscard]] const SocketAddress& local() const { return local_; }

 private:
  SimNetwork& network_;
  SocketAddress local_;
};

}  // namespace xivo::flow
