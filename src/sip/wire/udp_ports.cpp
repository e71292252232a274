#include "sip/wire/udp_ports.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/metrics.hpp"

namespace xivo::sip {
namespace {

metrics::Counter received("sip_udp_received", "SIP datagrams received");
metrics::Counter sent("sip_udp_sent", "SIP datagrams sent");
metrics::Counter junk("sip_udp_junk", "datagrams ignored: keep-alives of NAT, and too long ones");
metrics::Counter lost("sip_udp_send_lost", "SIP datagrams the kernel did not take");

constexpr int kSendBuffer = 1024 * 1024;
constexpr std::size_t kKeptBytes = 256 * 1024;
constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(in6_pktinfo));
static_assert(kControlBytes >= CMSG_SPACE(sizeof(in_pktinfo)));

struct alignas(cmsghdr) Control {
  char bytes[kControlBytes];
};

/// What phones send only to keep their NAT open: a few bytes, or nothing but CR, LF and NUL.
bool is_keep_alive(const char* bytes, std::size_t size) {
  constexpr std::size_t kLeast = 5;
  if (size < kLeast) return true;
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != '\0') return false;
  }
  return true;
}

void ask_for_local_address(int fd, bool v4) {
  const int on = 1;
  if (v4) {
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  } else {
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  }
}

template <class Info>
void set_control(msghdr& header, Control& control, int level, int type, const Info& info) {
  header.msg_control = control.bytes;
  header.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* message = CMSG_FIRSTHDR(&header);
  message->cmsg_level = level;
  message->cmsg_type = type;
  message->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(message), &info, sizeof info);
}

/// Makes the datagram leave with `from` as its source.
void set_source(msghdr& header, Control& control, const IpAddress& from) {
  if (from.is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(from.v4_host_order());
    set_control(header, control, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, from.bytes().data(), from.bytes().size());
    set_control(header, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

}  // namespace

struct UdpPorts::Incoming {
  Incoming() : bytes(std::make_unique_for_overwrite<char[]>(kBatch * kDatagramMax)) {
    for (unsigned i = 0; i < kBatch; ++i) {
      vectors[i] = {bytes.get() + i * kDatagramMax, kDatagramMax};
      auto& header = headers[i].msg_hdr;
      header.msg_iov = &vectors[i];
      header.msg_iovlen = 1;
      header.msg_name = &sources[i].storage;
      header.msg_control = controls[i].bytes;
    }
  }

  int receive(int fd) {
    for (unsigned i = 0; i < kBatch; ++i) {
      headers[i].msg_hdr.msg_namelen = sizeof sources[i].storage;
      headers[i].msg_hdr.msg_controllen = kControlBytes;
    }
    return recvmmsg(fd, headers, kBatch, MSG_DONTWAIT, nullptr);
  }

  std::unique_ptr<char[]> bytes;  // pages that no datagram reaches are never touched
  mmsghdr headers[kBatch]{};
  iovec vectors[kBatch]{};
  runtime::KernelAddress sources[kBatch];
  Control controls[kBatch];
};

struct UdpPorts::Outgoing {
  mmsghdr headers[kBatch]{};
  iovec vectors[kBatch]{};
  runtime::KernelAddress targets[kBatch];
  Control controls[kBatch];
};

UdpPorts::UdpPorts(runtime::Loop& loop, LocalAddresses& addresses, WireUser& user)
    : loop_(loop),
      addresses_(addresses),
      user_(user),
      incoming_(std::make_unique<Incoming>()),
      outgoing_(std::make_unique<Outgoing>()),
      self_(std::make_shared<UdpPorts*>(this)) {}

UdpPorts::~UdpPorts() {
  close();
  *self_ = nullptr;
}

Result<SocketAddress> UdpPorts::open(const SocketAddress& local, const runtime::UdpOptions& options) {
  auto fd = runtime::open_udp(local, options);
  if (!fd) return Unexpected{fd.error()};
  setsockopt(fd->get(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  const auto bound = runtime::local_address(fd->get());
  if (bound.ip.is_unspecified()) ask_for_local_address(fd->get(), local.ip.is_v4());
  const auto index = ports_.size();
  const auto watch = loop_.watch(fd->get(), [this, index](runtime::Loop::Events) { read(index); });
  ports_.push_back({std::move(*fd), watch, bound});
  bound_.push_back(bound);
  return bound;
}

void UdpPorts::close() {
  flush();
  for (const auto& port : ports_) loop_.unwatch(port.watch);
  ports_.clear();
  bound_.clear();
  queue_.clear();
  queued_bytes_.clear();
}

void UdpPorts::read(std::size_t port) {
  const int count = incoming_->receive(ports_[port].fd.get());
  if (count <= 0) return;  // nothing, or an ICMP error of something sent earlier
  received.add(count);
  reading_ = true;
  for (int slot = 0; slot < count && port < ports_.size(); ++slot) {
    receive(ports_[port], static_cast<unsigned>(slot));
  }
  reading_ = false;
  flush();
}

void UdpPorts::receive(const Port& port, unsigned slot) {
  const auto& message = incoming_->headers[slot];
  char* const bytes = incoming_->bytes.get() + slot * kDatagramMax;
  if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0 || is_keep_alive(bytes, message.msg_len))
    return junk.add();
  Flow flow;
  flow.remote = incoming_->sources[slot].to_socket_address();
  flow.local = addresses_.shown(local_of(port, slot), flow.remote.ip);
  user_.on_message(flow, bytes, message.msg_len);
}

SocketAddress UdpPorts::local_of(const Port& port, unsigned slot) const {
  if (!port.bound.ip.is_unspecified()) return port.bound;
  msghdr* header = &incoming_->headers[slot].msg_hdr;
  for (auto* message = CMSG_FIRSTHDR(header); message != nullptr; message = CMSG_NXTHDR(header, message)) {
    if (message->cmsg_level == IPPROTO_IP && message->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(message), sizeof info);
      return {IpAddress::v4(ntohl(info.ipi_spec_dst.s_addr)), port.bound.port};
    }
    if (message->cmsg_level == IPPROTO_IPV6 && message->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(message), sizeof info);
      std::array<std::uint8_t, 16> bytes;
      std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
      return {IpAddress::v6(bytes), port.bound.port};
    }
  }
  return port.bound;
}

// The socket that `flow.local` names; behind NAT it names none, and the port has to do.
int UdpPorts::port_for(const Flow& flow) const {
  int found = -1;
  int rank = 0;
  for (std::size_t i = 0; i < bound_.size(); ++i) {
    if (bound_[i].ip.is_v4() != flow.remote.ip.is_v4()) continue;
    const bool same_port = bound_[i].port == flow.local.port;
    const int fits = 1 + (same_port ? 2 : 0) + (same_port && bound_[i].ip == flow.local.ip ? 2 : 0) +
                     (same_port && bound_[i].ip.is_unspecified() ? 1 : 0);
    if (fits <= rank) continue;
    rank = fits;
    found = static_cast<int>(i);
  }
  return found;
}

bool UdpPorts::send(const Flow& flow, std::string_view bytes) {
  constexpr std::size_t kPayloadMax = 65'507;
  const int port = port_for(flow);
  if (port < 0 || bytes.size() > kPayloadMax || flow.remote.port == 0) return false;
  Queued queued{static_cast<std::uint32_t>(port), queued_bytes_.size(), bytes.size(), flow.remote, {}};
  const bool chooses_source =
      bound_[queued.port].ip.is_unspecified() && !addresses_.is_advertised(flow.local.ip);
  if (chooses_source && flow.local.ip.is_v4() == flow.remote.ip.is_v4()) queued.from = flow.local.ip;
  queue_.push_back(queued);
  queued_bytes_.append(bytes);
  if (queue_.size() >= kBatch) {
    flush();
  } else if (!reading_) {
    flush_later();
  }
  return true;
}

Flow UdpPorts::flow_to(const SocketAddress& remote) {
  Flow flow;
  flow.remote = remote;
  const auto local = addresses_.towards(remote.ip, bound_);
  if (local) flow.local = addresses_.shown(*local, remote.ip);
  return flow;
}

// A timer would wait for the next millisecond.
void UdpPorts::flush_later() {
  if (flush_posted_) return;
  flush_posted_ = loop_.post([self = self_] {
    if (*self == nullptr) return;
    (*self)->flush_posted_ = false;
    (*self)->flush();
  });
  if (!flush_posted_) flush();
}

void UdpPorts::flush() {
  for (std::size_t first = 0; first < queue_.size();) first += flush_some(first);
  queue_.clear();
  queued_bytes_.clear();
  if (queued_bytes_.capacity() > kKeptBytes) std::string().swap(queued_bytes_);
}

// Sends a run of datagrams of one socket; returns how many are done with.
std::size_t UdpPorts::flush_some(std::size_t first) {
  const auto port = queue_[first].port;
  unsigned count = 0;
  for (; count < kBatch && first + count < queue_.size(); ++count) {
    const auto& queued = queue_[first + count];
    if (queued.port != port) break;
    outgoing_->targets[count] = runtime::KernelAddress(queued.to);
    outgoing_->vectors[count] = {queued_bytes_.data() + queued.offset, queued.size};
    auto& header = outgoing_->headers[count].msg_hdr;
    header = {};
    header.msg_name = &outgoing_->targets[count].storage;
    header.msg_namelen = outgoing_->targets[count].size;
    header.msg_iov = &outgoing_->vectors[count];
    header.msg_iovlen = 1;
    if (!queued.from.is_unspecified()) set_source(header, outgoing_->controls[count], queued.from);
  }
  const int taken = sendmmsg(ports_[port].fd.get(), outgoing_->headers, count, 0);
  if (taken > 0) {
    sent.add(taken);
    return static_cast<std::size_t>(taken);
  }
  if (taken < 0 && errno == EINTR) return 0;
  lost.add();  // EAGAIN, or an ICMP error of an earlier one: retransmission repairs it
  return 1;
}

}  // namespace xivo::sip
