// A media thread's sockets: receiving, sending, locking to a far side.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "media/media_loop.hpp"
#include "media/udp_port.hpp"

namespace xivo::media {
namespace {

metrics::Counter sends_dropped("xivo_media_sends_dropped_total",
                               "Media packets that the kernel did not take");
metrics::Counter oversized("xivo_media_oversized_total", "Datagrams too long for a media packet");

constexpr int kDrainMax =
    64;  // packets that may have come before a socket was locked; others are left for the next turn

}  // namespace

void MediaLoop::on_ready(std::uint64_t what) {
  if (what == kWakeData) {
    std::uint64_t count;
    [[maybe_unused]] const auto got = read(wake_.get(), &count, sizeof count);
    // In this order, and here only: whoever finds `woken_` set does not write, so its command must be looked for after
    // `woken_` is cleared, and `woken_` must not stay set once the eventfd is empty, or the next wake is lost.
    woken_.exchange(false);
    return drain_commands();
  }
  const auto slot = static_cast<Slot>(what >> 1);
  Port* port = ports_.find(slot);
  if (port == nullptr) return;
  const auto kind = static_cast<PortKind>(what & 1);
  if (kind == PortKind::Rtp && port->lock == Port::Lock::Locked) {
    receive_locked(slot, *port);
  } else {
    receive_unlocked(slot, *port, kind);
  }
}

void MediaLoop::receive_locked(Slot slot, Port& port) {
  const auto size = recv(port.rtp.get(), buffer_.data(), buffer_.size(), MSG_TRUNC);
  // An ICMP message about an earlier packet of ours comes as ECONNREFUSED: noise, the far side may be about to start.
  if (size < 0) return;
  if (static_cast<std::size_t>(size) > buffer_.size()) return oversized.add();
  core_.on_packet(slot, PortKind::Rtp, nullptr,
                  rtp::WritableBytes(buffer_).first(static_cast<std::size_t>(size)), now_);
}

void MediaLoop::receive_unlocked(Slot slot, Port& port, PortKind kind) {
  const int fd = kind == PortKind::Rtp ? port.rtp.get() : port.rtcp.get();
  if (fd < 0) return;  // closed earlier in this turn
  if (!receive_from(slot, fd, kind)) return;
  // Just locked: what is still in the queue may be anybody's, so it is read with its source until the queue is empty.
  for (int i = 0; i < kDrainMax && kind == PortKind::Rtp && port.lock == Port::Lock::Draining; ++i) {
    if (!receive_from(slot, fd, kind)) {
      if (port.lock == Port::Lock::Draining) port.lock = Port::Lock::Locked;
      return;
    }
  }
}

// Returns false when there was nothing.
bool MediaLoop::receive_from(Slot slot, int fd, PortKind kind) {
  runtime::KernelAddress source;
  const auto size = recvfrom(fd, buffer_.data(), buffer_.size(), MSG_TRUNC, source.get(), &source.size);
  if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  if (static_cast<std::size_t>(size) > buffer_.size()) {
    oversized.add();
    return true;
  }
  const auto from = source.to_socket_address();
  core_.on_packet(slot, kind, &from, rtp::WritableBytes(buffer_).first(static_cast<std::size_t>(size)), now_);
  return true;
}

void MediaLoop::send(Slot slot, PortKind kind, const SocketAddress* to, rtp::Bytes bytes) {
  const Port& port = ports_[slot];
  const int fd = kind == PortKind::Rtp ? port.rtp.get() : port.rtcp.get();
  if (fd < 0) return;
  if (to != nullptr) {
    const runtime::KernelAddress address(*to);
    if (sendto(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, address.get(), address.size) < 0)
      sends_dropped.add();
    return;
  }
  if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0) return;
  // An ICMP message about an earlier packet took this one's place.
  if (errno != ECONNREFUSED || ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) sends_dropped.add();
}

bool MediaLoop::lock(Slot slot, const SocketAddress& remote) {
  Port& port = ports_[slot];
  const runtime::KernelAddress address(remote);
  if (connect(port.rtp.get(), address.get(), address.size) != 0) return false;
  port.lock = Port::Lock::Draining;
  return true;
}

void MediaLoop::unlock(Slot slot) {
  Port& port = ports_[slot];
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  // What could fail has been done before: the socket was connected.
  static_cast<void>(connect(port.rtp.get(), &none, sizeof none));
  port.lock = Port::Lock::None;
}

void MediaLoop::open_rtcp(Slot slot) {
  Port& port = ports_[slot];
  if (port.rtcp || port.rtcp_refused) return;
  port.rtcp_refused = true;  // unless all goes well
  if (!descriptors_.take()) return;
  auto opened = open_udp_port(port.rtcp_local);
  if (!opened || !watch_port(slot, PortKind::Rtcp, opened->get())) {
    descriptors_.give_back();
    log::notice("media", "no RTCP on {}: another program may have the port", port.rtcp_local.to_string());
    return;
  }
  port.rtcp = std::move(*opened);
  port.rtcp_refused = false;
}

void MediaLoop::add_port(Slot slot, AddPort& order) {
  Port& port = ports_.make_room(slot);
  port = {};
  port.rtp = std::move(order.rtp);
  port.rtcp_local = order.rtcp_local;
  if (order.watch && !watch_port(slot, PortKind::Rtp, port.rtp.get()))
    log::error("media", "a media port is deaf");
}

void MediaLoop::close_port(Slot slot) {
  Port& port = ports_[slot];
  if (port.rtp) descriptors_.give_back();
  if (port.rtcp) descriptors_.give_back();
  port = {};
}

void MediaLoop::take_out(std::uint16_t face, Slot slot) {
  LoopEvent event;
  event.session.slot = slot;
  event.moved = std::make_unique<MovingPort>();
  event.moved->session = core_.take_out(slot);
  if (!event.moved->session) return XIVO_BUG("a session is moved that is not there");
  event.session.id = event.moved->session->margin.id;
  Port& port = ports_[slot];
  for (const auto* fd : {&port.rtp, &port.rtcp}) {
    if (*fd) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd->get(), nullptr);
  }
  event.moved->port = std::move(port);
  port = {};
  tell_loop_event(face, std::move(event));
}

void MediaLoop::put_in(Slot slot, std::unique_ptr<MovingPort> moving) {
  Port& port = ports_.make_room(slot) = std::move(moving->port);
  if (!watch_port(slot, PortKind::Rtp, port.rtp.get())) log::error("media", "a moved session is deaf");
  if (port.rtcp) static_cast<void>(watch_port(slot, PortKind::Rtcp, port.rtcp.get()));
  core_.put_in(slot, std::move(*moving->session), now_);
}

}  // namespace xivo::media
