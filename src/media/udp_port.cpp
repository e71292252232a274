#include "media/udp_port.hpp"

#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>

namespace xivo::media {
namespace {
constexpr int kExpeditedForwarding = 46 << 2;
}

Result<runtime::Fd> open_udp_port(const SocketAddress& local) {
  auto fd = runtime::open_udp(local);
  if (!fd) return fd;
  // A kernel that refuses still carries the packets.
  if (local.ip.is_v4()) {
    setsockopt(fd->get(), IPPROTO_IP, IP_TOS, &kExpeditedForwarding, sizeof kExpeditedForwarding);
  } else {
    setsockopt(fd->get(), IPPROTO_IPV6, IPV6_TCLASS, &kExpeditedForwarding, sizeof kExpeditedForwarding);
  }
  return fd;
}

}  // namespace xivo::media
