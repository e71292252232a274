#include "runtime/socket.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace xivo::runtime {
namespace {

const SocketAddress kAnyLoopback = *SocketAddress::parse("127.0.0.1:0");

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

// Waits for the kernel to finish a connection attempt on loopback.
void wait_until_writable(const Fd& fd) {
  pollfd entry{fd.get(), POLLOUT, 0};
  ASSERT_EQ(poll(&entry, 1, 5'000), 1);
}

TEST(Socket, SaysThatThePortIsTaken) {
  const auto first = open_udp(kAnyLoopback);
  ASSERT_TRUE(first);
  const auto second = open_udp(local_address(first->get()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, "cannot bind");
  EXPECT_EQ(second.error().detail, EADDRINUSE);

  const auto listener = open_tcp_listener(kAnyLoopback);
  ASSERT_TRUE(listener);
  const auto same = open_tcp_listener(local_address(listener->get()));
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().detail, EADDRINUSE);
}

TEST(Socket, SaysThatTheAddressIsNotOurs) {
  const auto fd = open_udp(*SocketAddress::parse("192.0.2.1:0"));
  ASSERT_FALSE(fd);
  EXPECT_EQ(fd.error().what, "cannot bind");
  EXPECT_EQ(fd.error().detail, EADDRNOTAVAIL);
}

TEST(Socket, ReportsARefusedConnection) {
  SocketAddress closed;
  {
    const auto listener = open_tcp_listener(kAnyLoopback);
    ASSERT_TRUE(listener);
    closed = local_address(listener->get());
  }
  const auto fd = start_tcp_connect(closed);
  if (!fd) {  // some kernels answer at once on loopback
    EXPECT_EQ(fd.error().detail, ECONNREFUSED);
    return;
  }
  wait_until_writable(*fd);
  EXPECT_EQ(connect_error(*fd), ECONNREFUSED);
}

TEST(Socket, ConnectErrorOfAClosedDescriptorIsAnError) { EXPECT_EQ(connect_error(Fd()), EBADF); }

TEST(Socket, ConnectsToAListener) {
  const auto listener = open_tcp_listener(kAnyLoopback);
  ASSERT_TRUE(listener);
  const auto fd = start_tcp_connect(local_address(listener->get()));
  ASSERT_TRUE(fd);
  wait_until_writable(*fd);
  EXPECT_EQ(connect_error(*fd), 0);
}

TEST(Socket, LocalAddressOfNoSocketIsUnspecified) {
  EXPECT_EQ(local_address(-1), SocketAddress{});
  const auto fd = open_udp(kAnyLoopback);
  ASSERT_TRUE(fd);
  EXPECT_EQ(local_address(fd->get()).ip, kAnyLoopback.ip);
  EXPECT_NE(local_address(fd->get()).port, 0);
}

TEST(Socket, IsNonBlockingAndNotInheritedByPrograms) {
  const auto udp = open_udp(kAnyLoopback);
  const auto tcp = open_tcp_listener(kAnyLoopback);
  ASSERT_TRUE(udp && tcp);
  for (const int fd : {udp->get(), tcp->get()}) {
    EXPECT_TRUE((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    EXPECT_TRUE((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST(Socket, SharesAPortBetweenShardsOnlyWhenAsked) {
  const UdpOptions shared{.reuse_port = true};
  const auto first = open_udp(kAnyLoopback, shared);
  ASSERT_TRUE(first);
  EXPECT_TRUE(open_udp(local_address(first->get()), shared));
  EXPECT_FALSE(open_udp(local_address(first->get())));
}

TEST(Socket, CarriesADatagramAndItsSender) {
  const auto a = open_udp(kAnyLoopback);
  const auto b = open_udp(kAnyLoopback, {.receive_buffer = 1 << 20});
  ASSERT_TRUE(a && b);
  const KernelAddress to(local_address(b->get()));
  ASSERT_EQ(sendto(a->get(), "hi", 2, 0, to.get(), to.size), 2);
  pollfd entry{b->get(), POLLIN, 0};
  ASSERT_EQ(poll(&entry, 1, 5'000), 1);
  char buffer[16];
  KernelAddress from;
  ASSERT_EQ(recvfrom(b->get(), buffer, sizeof buffer, 0, from.get(), &from.size), 2);
  EXPECT_EQ(from.to_socket_address(), local_address(a->get()));
}

TEST(KernelAddress, SurvivesTheTripThroughTheKernelsForm) {
  for (const char* text : {"192.0.2.1:5060", "[2001:db8::1]:5061", "0.0.0.0:0"}) {
    const auto address = *SocketAddress::parse(text);
    const KernelAddress kernel(address);
    EXPECT_EQ(kernel.to_socket_address(), address);
  }
  EXPECT_EQ(KernelAddress().to_socket_address(), SocketAddress{});
}

TEST(KernelAddress, AMappedAddressBecomesIpv4) {
  const KernelAddress kernel(*SocketAddress::parse("[::ffff:192.0.2.1]:5060"));
  EXPECT_EQ(kernel.get()->sa_family, AF_INET);
}

TEST(Fd, ClosesOnceAndMovesItsDescriptor) {
  const int raw = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(raw, 0);
  {
    Fd first(raw);
    Fd second(std::move(first));
    EXPECT_EQ(second.get(), raw);
    Fd third;
    third = std::move(second);
    EXPECT_TRUE(is_open(raw));
  }
  EXPECT_FALSE(is_open(raw));
}

TEST(Fd, ReleaseGivesTheDescriptorUpWithoutClosingIt) {
  Fd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int raw = fd.release();
  EXPECT_FALSE(fd);
  fd.reset();
  EXPECT_TRUE(is_open(raw));
  close(raw);
}

}  // namespace
}  // namespace xivo::runtime
