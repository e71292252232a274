#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/loop.hpp"
#include "runtime/socket.hpp"
#include "sip/flow.hpp"
#include "sip/wire/local_addresses.hpp"

namespace xivo::sip {

/// The UDP sockets: up to kBatch datagrams by one system call, both ways.
///
/// What is sent while a batch is read goes out at its end; what is sent at another time, in the loop's next turn.
/// Thread  the loop's
class UdpPorts {
 public:
  static constexpr unsigned kBatch = 64;
  static constexpr std::size_t kDatagramMax = 65'536;

  UdpPorts(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user);
  ~UdpPorts();
  UdpPorts(const UdpPorts&) = delete;
  UdpPorts& operator=(const UdpPorts&) = delete;

  Result<SocketAddress> open(const SocketAddress& local, const runtime::UdpOptions& options);
  /// Errors  false = no socket of that family, or too large for a datagram
  bool send(const Flow& flow, std::string_view bytes);
  Flow flow_to(const SocketAddress& remote);
  void close();

 private:
  struct Port {
    runtime::Fd fd;
    runtime::WatchId watch;
    SocketAddress bound;
  };
  struct Queued {
    std::uint32_t port;
    std::size_t offset;
    std::size_t size;
    SocketAddress to;
    IpAddress from;  // unspecified: as the kernel chooses
  };
  struct Incoming;
  struct Outgoing;

  void read(std::size_t port);
  void receive(const Port& port, unsigned slot);
  [[nodiscard]] SocketAddress local_of(const Port& port, unsigned slot) const;
  [[nodiscard]] int port_for(const Flow& flow) const;
  void flush_later();
  void flush();
  std::size_t flush_some(std::size_t first);

  runtime::Loop& loop_;
  LocalAddresses& addresses_;
  WireUser& user_;
  std::vector<Port> ports_;
  std::vector<SocketAddress> bound_;  // of ports_, in that order
  std::unique_ptr<Incoming> incoming_;
  std::unique_ptr<Outgoing> outgoing_;
  std::vector<Queued> queue_;
  std::string queued_bytes_;
  bool reading_ = false;
  bool flush_posted_ = false;
  std::shared_ptr<UdpPorts*> self_;  // for a posted flush, which may outlive this; then it is null
};

}  // namespace xivo::sip
