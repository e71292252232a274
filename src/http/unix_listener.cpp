#include "http/unix_listener.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace xivo::http {
namespace {

constexpr int kBacklog = 128;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return fail("socket path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

}  // namespace

Result<runtime::Fd> connect_unix(const std::string& path) {
  auto address = address_of(path);
  if (!address) return Unexpected{address.error()};
  runtime::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail("cannot open a socket", errno);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return fail("cannot connect", errno);
  }
  return fd;
}

Result<runtime::Fd> open_unix_listener(const std::string& path, mode_t mode) {
  auto address = address_of(path);
  if (!address) return Unexpected{address.error()};
  struct stat status{};
  if (lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) return fail("path exists and is no socket");
    if (connect_unix(path)) return fail("socket is in use by a running program");
    if (unlink(path.c_str()) != 0) return fail("cannot remove the old socket", errno);
  }
  runtime::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail("cannot open a socket", errno);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return fail("cannot bind", errno);
  }
  // Connecting is refused until listen(), so the mode is in place before anybody can use the file.
  if (chmod(path.c_str(), mode) != 0) return fail("cannot set the socket's mode", errno);
  if (listen(fd.get(), kBacklog) != 0) return fail("cannot listen", errno);
  return fd;
}

}  // namespace xivo::http
