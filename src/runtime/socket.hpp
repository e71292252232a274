#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

#include "base/address.hpp"
#include "base/result.hpp"

namespace xivo::runtime {

/// Owns one descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { reset(); }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

/// The kernel's form of an address. An IPv4-mapped address becomes AF_INET.
struct KernelAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  KernelAddress() : size(sizeof storage) {}
  explicit KernelAddress(const SocketAddress& address);
  [[nodiscard]] SocketAddress to_socket_address() const;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

struct UdpOptions {
  int receive_buffer = 0;  // bytes; 0 = the kernel's default; forced past the limit where the process may
  bool reuse_port = false;  // share the port between shards
};

/// All sockets are non-blocking and close-on-exec. IPv6 sockets are IPv6 only.
/// Errors  the phrase names the failing step, `detail` is errno (EADDRINUSE when the port is taken).
Result<Fd> open_udp(const SocketAddress& local, const UdpOptions& options = {});
/// `reuse_port`: share the port between shards, as UdpOptions says.
Result<Fd> open_tcp_listener(const SocketAddress& local, int backlog = 512, bool reuse_port = false);
/// Starts connecting; writable when done, then ask connect_error().
Result<Fd> start_tcp_connect(const SocketAddress& remote);
int connect_error(const Fd& fd);  // errno of the attempt, 0 when connected
SocketAddress local_address(int fd);

}  // namespace xivo::runtime
