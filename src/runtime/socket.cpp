#include "runtime/socket.hpp"

#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace xivo::runtime {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

KernelAddress::KernelAddress(const SocketAddress& address) {
  if (address.ip.is_v4()) {
    auto* in = reinterpret_cast<sockaddr_in*>(&storage);
    in->sin_family = AF_INET;
    in->sin_port = htons(address.port);
    in->sin_addr.s_addr = htonl(address.ip.v4_host_order());
    size = sizeof *in;
  } else {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&storage);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address.port);
    std::memcpy(&in6->sin6_addr, address.ip.bytes().data(), 16);
    size = sizeof *in6;
  }
}

SocketAddress KernelAddress::to_socket_address() const {
  if (storage.ss_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(&storage);
    return {IpAddress::v4(ntohl(in->sin_addr.s_addr)), ntohs(in->sin_port)};
  }
  if (storage.ss_family == AF_INET6) {
    const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &in6->sin6_addr, 16);
    return {IpAddress::v6(bytes), ntohs(in6->sin6_port)};
  }
  return {};
}

namespace {

Result<Fd> open_socket(const SocketAddress& address, int type) {
  const int family = address.ip.is_v4() ? AF_INET : AF_INET6;
  Fd fd(socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail("cannot open a socket", errno);
  if (family == AF_INET6) {
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  return fd;
}

Result<void> bind_to(const Fd& fd, const SocketAddress& local) {
  const KernelAddress address(local);
  if (bind(fd.get(), address.get(), address.size) != 0) return fail("cannot bind", errno);
  return {};
}

}  // namespace

Result<Fd> open_udp(const SocketAddress& local, const UdpOptions& options) {
  auto fd = open_socket(local, SOCK_DGRAM);
  if (!fd) return fd;
  const int on = 1;
  if (options.reuse_port) setsockopt(fd->get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (options.receive_buffer > 0 && setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUFFORCE, &options.receive_buffer,
                                               sizeof options.receive_buffer) != 0) {
    setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof options.receive_buffer);
  }
  if (auto bound = bind_to(*fd, local); !bound) return Unexpected{bound.error()};
  return fd;
}

Result<Fd> open_tcp_listener(const SocketAddress& local, int backlog, bool reuse_port) {
  auto fd = open_socket(local, SOCK_STREAM);
  if (!fd) return fd;
  const int on = 1;
  setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (reuse_port) setsockopt(fd->get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (auto bound = bind_to(*fd, local); !bound) return Unexpected{bound.error()};
  if (listen(fd->get(), backlog) != 0) return fail("cannot listen", errno);
  return fd;
}

Result<Fd> start_tcp_connect(const SocketAddress& remote) {
  auto fd = open_socket(remote, SOCK_STREAM);
  if (!fd) return fd;
  const int on = 1;
  setsockopt(fd->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const KernelAddress address(remote);
  if (connect(fd->get(), address.get(), address.size) != 0 && errno != EINPROGRESS) {
    return fail("cannot connect", errno);
  }
  return fd;
}

int connect_error(const Fd& fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

SocketAddress local_address(int fd) {
  KernelAddress address;
  if (getsockname(fd, address.get(), &address.size) != 0) return {};
  return address.to_socket_address();
}

}  // namespace xivo::runtime
